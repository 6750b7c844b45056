from __future__ import annotations

import json
from typing import Any

import click
from attrs import evolve
from rich.cells import cell_len

from cartload.plan import Need, Plan, Task
from cartload_cli import listing
from frontends.cli.values import FORBIDS, RESTRICTED, ROOT, plan, record, task

PLAN = plan(Need.FETCH, Need.HELD, Need.DENIED, Need.UNKNOWN)


def pages(made: Plan, width: int = 80) -> list[str]:
    return [click.unstyle(line) for line in listing.pages(made, width)]


def described(**changes: Any) -> Task:  # noqa: ANN401 - fields of any type
    return evolve(task("1.1"), record=evolve(record("1.1"), **changes))


def test_a_study_is_a_heading_with_collection_patient_date_and_licence() -> None:
    assert pages(PLAN)[:2] == ["LUNG, patient LUNG-1, 2000-01-02 CHEST", "  CC BY 4.0"]


def test_a_series_has_its_number_modality_description_counts_state_and_place() -> None:
    first = pages(PLAN)[2:4]
    assert first[0].split() == ["3", "CT", "AXIAL", "40", "images", "4.0", "MB", "to", "fetch"]
    assert first[1] == "    -> LUNG/LUNG-1/1.1"
    assert pages(PLAN)[4].endswith("held")


def test_a_series_without_a_record_has_its_uid_and_the_reason() -> None:
    assert "  1.3  denied: it says no." in pages(PLAN)
    assert "  1.4  unknown: it says no." in pages(PLAN)


def test_a_licence_that_forbids_commercial_use_stands_out() -> None:
    made = Plan((evolve(described(license=RESTRICTED), terms=FORBIDS),))
    assert pages(made)[1] == "  NOT FOR COMMERCIAL USE: CC BY-NC 4.0"


def test_annotations_are_marked() -> None:
    assert pages(Plan((described(has_annotations=True),)))[3].startswith("    with annotations, -> ")


def test_a_row_fits_the_terminal_whatever_the_letters() -> None:
    made = Plan((described(series_description="肺野条件" * 30, modality="CT", has_annotations=True),))
    assert all(cell_len(line) <= 80 for line in pages(made))
    assert "~" in pages(made)[2]


def test_a_series_that_is_left_out_has_its_reason_in_the_place_of_a_folder() -> None:
    lines = pages(plan(Need.LEFT_OUT))
    assert lines[2].endswith("left out")
    assert lines[3] == "    It is not allowed."
    row = listing.row(task("1.1", Need.LEFT_OUT))
    assert (row["state"], row["held"], row["reason"]) == ("left out", False, "It is not allowed.")


def test_the_document_groups_series_by_licence_restrictions_first_what_is_left_out_apart() -> None:
    restricted = evolve(described(license=RESTRICTED), terms=FORBIDS)
    made = Plan((described(), restricted, task("1.3", Need.LEFT_OUT)))
    groups = documented(made)["licenses"]
    assert [(each["license"], each["series"], each["left_out"]) for each in groups] == [
        ("CC BY-NC 4.0", 1, False), ("CC BY 4.0", 1, False), ("CC BY 4.0", 1, True),
    ]  # fmt: skip
    assert (groups[0]["commercial_use"], groups[0]["notice"]) == (False, "Ask the owners.")


def test_what_a_server_says_is_escaped() -> None:
    made = Plan((described(series_description="\x1b[2J", collection="\x1b]0;x"),))
    assert not any("\x1b" in line for line in pages(made))
    assert not any("\x1b" in line for line in listing.columns(made))


def test_columns_have_a_heading_and_a_line_for_each_series() -> None:
    heading, *rows = [line.split("\t") for line in listing.columns(PLAN)]
    assert {len(row) for row in rows} == {len(heading)}
    first, second, third, _ = [dict(zip(heading, row, strict=True)) for row in rows]
    assert first["patient_id"] == "LUNG-1"
    assert first["size"] == "4000000"
    assert first["directory"] == "LUNG/LUNG-1/1.1"
    assert second["state"] == "held"
    assert (third["series_uid"], third["reason"]) == ("1.3", "it says no.")


def test_a_tab_in_a_value_does_not_shift_the_columns() -> None:
    made = Plan((described(series_description="a\tb"),))
    assert {line.count("\t") for line in listing.columns(made)} == {17}


def documented(made: Plan) -> Any:  # noqa: ANN401 - plain data
    return json.loads("".join(listing.document(made, "lung.tcia", "https://archive.example", ROOT)))


def test_the_document_says_the_same() -> None:
    document = documented(PLAN)
    assert document["manifest"] == "lung.tcia"
    assert document["server"] == "https://archive.example"
    assert document["root"] == str(ROOT)
    assert [row["held"] for row in document["series"]] == [False, True, False, False]
    assert document["series"][0]["annotations"] is False
    assert document["series"][3]["patient_id"] is None


def test_the_document_has_a_line_for_each_series() -> None:
    _, *rows, _ = listing.document(PLAN, "lung.tcia", "https://archive.example", ROOT)
    assert [json.loads(row.rstrip(","))["series_uid"] for row in rows] == ["1.1", "1.2", "1.3", "1.4"]


def test_the_document_of_an_empty_plan_is_whole() -> None:
    assert documented(Plan(()))["series"] == []
