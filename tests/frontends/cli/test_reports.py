from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, field, frozen

from cartload import registry as registries
from cartload.errors import DestinationError, UnreachableError
from cartload.manifest import ManifestSource
from cartload.ports import Factory
from cartload.registry import Kind, PluginFailure, Registered, Registry
from cartload.settings import Settings
from cartload.state import SessionState, TaskState
from cartload_common import reports
from cartload_common.environment import software, this_platform
from cartload_common.redaction import Redaction
from cartload_common.report_case import Case
from cartload_common.report_json import document
from docs.pages import rows, text_of
from frontends.cli.values import report, shortfall

SUFFIXES = ("txt", "json", "html")
CANARY = "canary-4711"


@frozen
class SftpOptions:
    """Options of a plugin that somebody installed."""

    host: str = ""
    phrase: str = field(default="", repr=False)


FACTORY: Factory[object, object] = Factory(lambda *_: None, SftpOptions, "Keeps it far away.")
SFTP = Registered("sftp", Kind.STORAGE, FACTORY, "cartload-sftp", "1.5")
REGISTRY = Registry(
    {**{kind: {} for kind in Kind}, Kind.STORAGE: {"sftp": SFTP}},
    (PluginFailure("broken", "cartload-broken", "failed to load: ValueError: oops"),),
    ("unwanted",),
)


def case(**changes: Any) -> Case:  # noqa: ANN401 - the fields of a Case
    return evolve(
        Case(
            report=report(shortfall("1.2.3"), shortfall("1.2.4", TaskState.DENIED, "Ask the owners.")),
            source=ManifestSource("lung.tcia", b"a cart"),
            root=Path("lung"),
            settings=Settings(jobs=7, plugins={"sftp": {"host": "far.example", "phrase": CANARY}}),
            registry=REGISTRY,
            choices={"allowed_only": True},
            began=1_699_999_990.0,
            log=Path("logs") / "cartload-1.log",
        ),
        **changes,
    )


class Page(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's signature
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def page(content: str) -> Page:
    made = Page()
    made.feed(content)
    return made


def written(tmp_path: Path, suffix: str, **changes: Any) -> str:  # noqa: ANN401 - likewise
    path = tmp_path / f"report.{suffix}"
    reports.write(path, case(**changes))
    return path.read_text(encoding="utf-8")


FACTS: tuple[tuple[str, str, object], ...] = (
    ("cartload's version", software().cartload, ("software", "cartload")),
    ("Python", software().python, ("software", "python")),
    ("the TLS library", software().tls, ("software", "tls")),
    ("urllib3", software().packages["urllib3"], ("software", "packages", "urllib3")),
    ("pydicom", software().packages["pydicom"], ("software", "packages", "pydicom")),
    ("the system", this_platform().system, ("platform", "system")),
    ("its release", this_platform().release, ("platform", "release")),
    ("its version", this_platform().version, ("platform", "version")),
    ("the machine", this_platform().machine, ("platform", "machine")),
    ("an added plugin", "sftp", ("plugins", 0, "name")),
    ("its distribution", "cartload-sftp", ("plugins", 0, "distribution")),
    ("its release number", "1.5", ("plugins", 0, "version")),
    ("a plugin that did not load", "oops", ("plugins_not_loaded", 0, "reason")),
    ("a plugin that is blocked", "unwanted", ("plugins_blocked", 0)),
    ("a plugin that failed", "nbia: ValueError: oops", ("plugin_failures", 0)),
    ("the manifest", "lung.tcia", ("manifest",)),
    (
        "its digest",
        "69d710fc51609ed4ed75573770015db48db5e053608efa6f859219a2a9367ea3",
        ("manifest_sha256",),
    ),
    ("its length", "6", ("manifest_bytes",)),
    ("its series", "5", ("series",)),
    ("the archive", "https://archive.example", ("server",)),
    ("what served", "nbia", ("sources",)),
    ("the destination", str(Path("lung").absolute()), ("root",)),
    ("the free space", "1,234,567", ("free_bytes",)),
    ("the whole space", "9,876,543", ("file_system_bytes",)),
    ("a setting", "7", ("options", "jobs")),
    ("a choice", "true", ("options", "allowed_only")),
    ("a plugin's option", "far.example", ("options", "plugins", "sftp", "host")),
    ("the state", "finished", ("state",)),
    ("the verdict", "failed", ("verdict",)),
    ("the exit code", "7 (The archive cannot be reached", ("exit_code",)),
    ("when the command began", "2023-11-14 22:13:10 UTC", ("began",)),
    ("when the download began", "2023-11-14 22:13:20 UTC", ("started",)),
    ("the end", "2023-11-14 22:13:24 UTC", ("ended",)),
    ("the bytes", "8,000,000", ("fetched_bytes",)),
    ("the throughput", "2000000.0", ("bytes_per_second",)),
    ("how many came", "2", ("complete",)),
    ("how many were there", "1", ("already_held",)),
    ("how many were removed", "0", ("removed",)),
    ("the licence", "CC BY 4.0", ("licenses", 0, "license", "name")),
    ("a warning", "lung.tcia: a UID is there twice.", ("warnings", 0)),
    ("the error that ended it", "no answer.", ("error", "what")),
    ("its kind", "UnreachableError", ("error", "kind")),
    ("the log", "cartload-1.log", ("log",)),
    ("a series' state", "denied", ("shortfalls", 1, "state")),
    ("its collection", "LUNG", ("shortfalls", 0, "collection")),
    ("its patient", "LUNG-1", ("shortfalls", 0, "patient_id")),
    ("its study", "1.9", ("shortfalls", 0, "study_uid")),
    ("its description", "AXIAL", ("shortfalls", 0, "description")),
    ("its UID", "1.2.3", ("shortfalls", 0, "series_uid")),
    ("the reason", "Ask the owners.", ("shortfalls", 1, "reason")),
    ("an attempt's number", "attempt 1", ("shortfalls", 0, "attempts", 0, "number")),
    ("its time", "2023-11-14 22:14:20 UTC", ("shortfalls", 0, "attempts", 1, "at")),
    ("its source", "by nbia", ("shortfalls", 0, "attempts", 0, "source")),
    ("its cause", "timed out", ("shortfalls", 0, "attempts", 0, "error")),
    ("the delay to the next one", "12.5 s", ("shortfalls", 0, "attempts", 0, "delay")),
)
"""What a help desk asks: what it is, how people read it, and its place in the JSON document."""


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(9_876_543, 0, 1_234_567))
    error = UnreachableError("no answer.", subject="https://archive.example")
    return {suffix: written(tmp_path, suffix, error=error) for suffix in SUFFIXES}


@frozen
class Usage:
    """A file system's, as shutil tells it."""

    total: int
    used: int
    free: int


@pytest.mark.parametrize(("what", "shown", "place"), FACTS, ids=[what for what, _, _ in FACTS])
def test_every_fact_is_in_all_three_forms(
    told: dict[str, str], what: str, shown: str, place: tuple[str | int, ...]
) -> None:
    found: Any = json.loads(told["json"])
    for step in place:
        found = found[step]
    assert found not in (None, "", [], {}), what
    assert shown in told["txt"], what
    assert shown in page(told["html"]).text, what


def test_every_key_of_the_json_form_is_documented() -> None:
    described = {row[0].strip("`") for row in rows(text_of("docs/reference/report.md"), "key")}
    assert described == set(document(case()))


def test_every_key_of_a_missing_series_is_documented() -> None:
    described = rows(text_of("docs/reference/report.md"), "key of a series")
    missing = document(case())["shortfalls"][0]
    assert {row[0].strip("`") for row in described} == set(missing)


def test_every_key_of_an_attempt_is_documented() -> None:
    described = rows(text_of("docs/reference/report.md"), "key of an attempt")
    attempt = document(case())["shortfalls"][0]["attempts"][0]
    assert {row[0].strip("`") for row in described} == set(attempt)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_option_that_its_plugin_hides_is_in_none(tmp_path: Path, suffix: str) -> None:
    content = written(tmp_path, suffix)
    assert CANARY not in content
    assert "sftp" in content


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_secret_that_an_error_repeats_is_struck_out(tmp_path: Path, suffix: str) -> None:
    redact = Redaction()
    redact.learn([CANARY])
    hostile = shortfall("1.1", reason=f"refused: {CANARY}")
    content = written(tmp_path, suffix, redact=redact, report=report(hostile), error=ValueError(CANARY))
    assert CANARY not in content
    assert "refused: ***" in content


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_of_the_archives_address_only_the_origin_is_told(tmp_path: Path, suffix: str) -> None:
    server = f"https://user:{CANARY}@archive.example:8443/path?key={CANARY}"
    content = written(tmp_path, suffix, report=evolve(report(), server=server))
    assert CANARY not in content
    assert "https://archive.example:8443" in content
    assert "/path" not in content


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_steers_a_terminal_or_deceives_a_reader_is_escaped(tmp_path: Path, suffix: str) -> None:
    hostile = shortfall("1.1", reason="a\x1b[2J\u202eb\nverdict: complete")
    content = written(tmp_path, suffix, report=report(hostile))
    assert "\x1b" not in content
    assert "\u202e" not in content
    assert "\nverdict: complete" not in content


def test_an_html_report_runs_and_fetches_nothing(tmp_path: Path) -> None:
    hostile = shortfall("1.1", reason="<script>alert(1)</script>")
    content = written(tmp_path, "html", report=report(hostile))
    assert "script" not in page(content).tags
    assert "<script>alert(1)</script>" in page(content).text
    assert not {"img", "link", "iframe"} & set(page(content).tags)
    assert "default-src 'none'" in content


def test_an_html_report_follows_the_colours_of_its_reader(tmp_path: Path) -> None:
    assert "color-scheme: light dark" in written(tmp_path, "html")


def test_an_html_report_of_a_complete_cart_names_no_series(tmp_path: Path) -> None:
    made = page(written(tmp_path, "html", report=report()))
    assert "article" not in made.tags
    assert "COMPLETE: all 3 series" in made.text


def test_every_series_is_named_however_many_there_are(tmp_path: Path) -> None:
    many = report(*[shortfall(f"1.{number}") for number in range(300)])
    text = written(tmp_path, "txt", report=many)
    assert text.count("Series:      1.") == 300
    assert page(written(tmp_path, "html", report=many)).tags.count("article") == 300
    assert len(json.loads(written(tmp_path, "json", report=many))["shortfalls"]) == 300


def test_the_failed_ones_come_first(tmp_path: Path) -> None:
    states = (TaskState.QUEUED, TaskState.DENIED, TaskState.FAILED)
    mixed = report(*[shortfall(f"1.{number}", state) for number, state in enumerate(states)])
    text = written(tmp_path, "txt", report=mixed)
    assert text.index("1.2\n") < text.index("1.1\n") < text.index("1.0\n")


def test_a_download_that_never_began_is_reported_as_that(tmp_path: Path) -> None:
    never = evolve(report(), started=0.0, state=SessionState.FAILED, server="", fetched_bytes=0, complete=0)
    text = written(tmp_path, "txt", report=never, error=UnreachableError("no answer."))
    assert "NOT BEGUN: no series of lung.tcia was fetched." in text
    assert "Ended by UnreachableError: no answer." in text
    assert "COMPLETE" not in text


def test_a_suffix_in_capitals_is_one_too(tmp_path: Path) -> None:
    assert json.loads(written(tmp_path, "JSON"))["format"] == 1


def test_a_destination_that_tells_no_space_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("shutil.disk_usage", refuse)
    assert "Free:   not told" in written(tmp_path, "txt")


def test_a_report_that_cannot_be_written_says_which_and_why(tmp_path: Path) -> None:
    with pytest.raises(DestinationError, match=r"nowhere.report\.txt: the report cannot be written"):
        reports.write(tmp_path / "nowhere" / "report.txt", case())


def test_without_added_plugins_none_are_told(tmp_path: Path) -> None:
    bundled = registries.load(registries.installed())
    own = evolve(bundled, failures=(), blocked=())
    added = [found for found in own.all() if found.distribution != "cartload"]
    assert ("Plugins besides" in written(tmp_path, "txt", registry=own)) == bool(added)
