"""Results of a check, summed up: a series counts once, however often it is checked."""

from __future__ import annotations

from cartload.findings import DamagedFile, Findings, Harm, SeriesChecked
from cartload.model import SeriesUID

ALTERED = DamagedFile("2.dcm", Harm.CONTENT, "its content is not what was stored.")


def checked(
    uid: str = "1.2.3",
    *,
    missing: tuple[str, ...] = (),
    damaged: tuple[DamagedFile, ...] = (),
    foreign: tuple[str, ...] = (),
    error: str = "",
) -> SeriesChecked:
    return SeriesChecked(
        series_uid=SeriesUID(uid),
        directory=f"Kidney/{uid}",
        files=3,
        size=300,
        missing=missing,
        damaged=damaged,
        foreign=foreign,
        error=error,
    )


def summed(*results: SeriesChecked) -> Findings:
    findings = Findings()
    for result in results:
        findings.add(result)
    return findings


def test_foreign_files_do_no_harm() -> None:
    assert checked(foreign=("notes.txt",)).is_whole


def test_what_could_not_be_read_is_not_whole() -> None:
    assert not checked(error="access is denied.").is_whole


def test_results_are_summed_up() -> None:
    findings = summed(
        checked("1.1"),
        checked("1.2", missing=("1.dcm",), damaged=(ALTERED,), foreign=("a", "b")),
        checked("1.3", missing=("1.dcm", "3.dcm")),
    )
    assert (findings.series, findings.files, findings.size) == (3, 9, 900)
    assert (findings.missing, findings.damaged, findings.foreign) == (3, 1, 2)
    assert list(findings.harmed) == ["1.2", "1.3"]
    assert findings.repaired == 0


def test_a_series_that_is_whole_after_a_repair_counts_once_and_as_repaired() -> None:
    findings = summed(checked(damaged=(ALTERED,), foreign=("a",)), checked(foreign=("a",)))
    assert (findings.series, findings.files, findings.foreign, findings.repaired) == (1, 3, 1, 1)
    assert not findings.harmed


def test_a_series_that_is_not_whole_after_a_repair_is_as_it_was_found_last() -> None:
    findings = summed(checked(missing=("1.dcm", "2.dcm")), checked(missing=("1.dcm",)))
    assert (findings.series, findings.repaired, findings.missing) == (1, 0, 1)
