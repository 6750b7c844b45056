"""Scripts written for the archive's own retriever, run with ``nbia-data-retriever`` of ours in its place."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from datetime import date, datetime
from itertools import repeat
from typing import TYPE_CHECKING

import pytest
from attrs import evolve, frozen

from archive_carts import fetches, files_below, images_below
from cartload.model import SeriesRecord, SeriesUID, StudyUID
from cartload.testing.archive import Access, Annotation, Catalogue, User, manifest_text
from cartload.testing.catalogue import CC_BY, synthetic_series
from cartload.testing.images import Slice, Volume
from cartload_archive import ArchiveOptions, ArchiveServer, Fault
from command_line import RETRIEVER, CommandLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import IO

    from cartload.testing.archive import ArchiveSeries
    from command_line import Result

ROOT = "1.3.6.1.4.1.14519.5.2.1.9203.8273"
USER = User("jane", "correct horse", frozenset({"FACES"}))
POLICY = "Name the collection.\nMake no attempt to identify anybody.\n"
TINY = Volume(rows=8, columns=8, slices=2)

AGREE = "Do you agree with the Data Usage Agreement? (Y/N)"
EXISTING = "Enter A for downloading all, M for downloading missing series. E for exiting the program:"
HEADING = (
    "Series UID,Collection,3rd Party Analysis,Data Description URI,Subject ID,Study UID,Study Description,"
    "Study Date,Series Description,Manufacturer,Modality,SOP Class Name,SOP Class UID,Number of Images,"
    "File Size,File Location,Download Timestamp\r\n"
)


def a_series(  # noqa: PLR0917 - the columns of the table
    collection: str,
    patient: str,
    study: str,
    end: str,
    slices: list[Slice],
    day: date | None = date(2000, 1, 1),
    **fields: str,
) -> ArchiveSeries:
    record = SeriesRecord(
        series_uid=SeriesUID(f"{ROOT}.2.1{end}"),
        study_uid=StudyUID(f"{ROOT}.1.1{study}"),
        patient_id=patient,
        collection=collection,
        image_count=0,
        image_bytes=0,
        study_date=day,
        study_id=fields.get("study_id"),
        study_description=fields.get("study_description"),
        series_number=fields.get("number"),
        series_description=fields.get("description"),
        manufacturer="PHANTOM",
        modality="CT",
        sop_class_uid="1.2.840.10008.5.1.4.1.1.2",
        sop_class_name="CT Image Storage",
        third_party_analysis="NO",
        data_description_uri="https://doi.org/10.7937/made.up",
        license=CC_BY,
    )
    made = synthetic_series(record, slices, TINY)
    return evolve(made, images=tuple(evolve(image, content=image.read()) for image in made.images))


def stack(count: int, acquisition: int = 1) -> list[Slice]:
    return [
        Slice(acquisition=acquisition, instance=place + 1, name=f"{acquisition}.{place}")
        for place in range(count)
    ]


PLAIN = a_series("LUNGS", "L-1", "30178", "03192", stack(11), number="3000566")
MARKED = a_series(
    "LUNGS",
    "L-1",
    "30178",
    "04444",
    stack(2),
    number="2",
    description="AXIAL_T2/FLAIR",
)
MARKED = evolve(MARKED, annotations=(Annotation("069.xml", b"<Marks/>\n"),))
MARKED = evolve(MARKED, record=evolve(MARKED.record, has_annotations=True, annotation_bytes=9))
PHASES = a_series(
    "BRAINS", "B 2", "59359", "52932", stack(2) + stack(2, 2), date(1998, 12, 1),
    number="5", description="x" * 60, study_id="A17", study_description="MRI: PRE & POST",
)  # fmt: skip
BARE = a_series("BRAINS", "B 2", "43582", "28768", stack(1), None)
FACE = evolve(a_series("FACES", "F-1", "11111", "22222", stack(2), number="1"), access=Access.LIMITED)

CATALOGUE = Catalogue((PLAIN, MARKED, PHASES, BARE, FACE), POLICY, (USER,))
OPEN = (PLAIN, MARKED, PHASES, BARE)

DESCRIPTIVE: Mapping[str, str] = {
    PLAIN.uid: "LUNGS/L-1/01-01-2000-30178/3000566.000000-03192",
    MARKED.uid: "LUNGS/L-1/01-01-2000-30178/2.000000-AXIALT2FLAIR-04444",
    PHASES.uid: f"BRAINS/B 2/12-01-1998-A17-MRI PRE  POST-59359/5.000000-{'x' * 53}-52932",
    BARE.uid: "BRAINS/B 2/43582/28768",
    FACE.uid: "FACES/F-1/01-01-2000-11111/1.000000-22222",
}
CLASSIC: Mapping[str, str] = {
    one.uid: f"{one.record.collection}/{one.record.patient_id}/{one.record.study_uid}/{one.uid}"
    for one in CATALOGUE.series.values()
}
FILES: Mapping[str, tuple[str, ...]] = {
    PLAIN.uid: tuple(f"1-{number:02}.dcm" for number in range(1, 12)),
    MARKED.uid: ("069.xml", "1-1.dcm", "1-2.dcm"),
    # The archive's names, which part acquisitions only where the instances do not interleave.
    PHASES.uid: ("1-1.dcm", "2-1.dcm", "3-1.dcm", "4-1.dcm"),
    BARE.uid: ("1-1.dcm",),
    FACE.uid: ("1-1.dcm", "1-2.dcm"),
}
"""The folders and files that the original makes of these series."""


def tree(folders: Mapping[str, str], series: tuple[ArchiveSeries, ...]) -> set[str]:
    """Name every file that the original leaves below its top folder, and each collection's citation."""
    images = {f"{folders[one.uid]}/{name}" for one in series for name in FILES[one.uid]}
    texts = {f"{one.record.collection}/{name}" for one in series for name in ("LICENSE", "CITATION")}
    return images | texts | {"metadata.csv"}


@frozen
class Script:
    """A script's computer, and an archive; ``run`` is one call of the retriever."""

    retriever: CommandLine
    folder: Path
    server: ArchiveServer

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def root(self) -> Path:
        return self.out / "manifest-17"

    def cart(self, *series: ArchiveSeries) -> Path:
        path = self.folder / "manifest-17.tcia"
        path.write_text(manifest_text(CATALOGUE, self.server.servlet_url, [one.uid for one in series]))
        return path

    def run(self, *words: str | Path, text: str = "") -> Result:
        return self.retriever("--cli", self.folder / "manifest-17.tcia", "-d", self.out, *words, text=text)

    def logs(self) -> list[Path]:
        return sorted(self.out.glob("NBIADataRetrieverCLI-*.log"))


@pytest.fixture(params=["V4", None], ids=["servlet", "REST"])
def script(request: pytest.FixtureRequest, cartload: CommandLine, tmp_path: Path) -> Iterator[Script]:
    with ArchiveServer(CATALOGUE, ArchiveOptions(servlets=request.param)) as server:
        made = Script(evolve(cartload, program=RETRIEVER), tmp_path, server)
        made.cart(*OPEN)
        yield made


@pytest.fixture
def plain(cartload: CommandLine, tmp_path: Path) -> Iterator[Script]:
    """Give a script whose archive speaks as most do."""
    with ArchiveServer(CATALOGUE) as server:
        made = Script(evolve(cartload, program=RETRIEVER), tmp_path, server)
        made.cart(*OPEN)
        yield made


# --- what lands on the disk


def test_a_piped_yes_brings_the_tree_that_the_original_makes(script: Script) -> None:
    result = script.run(text="Y\n")
    assert result.exit_code == 0, result.err
    assert set(files_below(script.root)) == tree(DESCRIPTIVE, OPEN)
    contents = {image.read() for one in OPEN for image in one.images} | {b"<Marks/>\n"}
    assert set(images_below(script.root).values()) == contents
    beside = {path.name for path in script.root.iterdir()} - {"LUNGS", "BRAINS", "metadata.csv"}
    assert beside == {".cartload", "manifest-17.tcia"}


@pytest.mark.parametrize("flag", ["--cd", "--CD", "-cd", "-CD", "-Cd"])
def test_classic_names_are_identifiers_alone(plain: Script, flag: str) -> None:
    result = plain.run(flag, "--agree-to-license")
    assert result.exit_code == 0, result.err
    assert set(files_below(plain.root)) == tree(CLASSIC, OPEN)


@pytest.mark.parametrize("flags", [("--dd",), ("-DD",), ("--cd", "--dd")])
def test_descriptive_names_may_be_asked_for(plain: Script, flags: tuple[str, ...]) -> None:
    assert plain.run(*flags, "--agree-to-license").exit_code == 0
    assert set(files_below(plain.root)) == tree(DESCRIPTIVE, OPEN)


def test_the_table_is_the_original_s_line_for_line(plain: Script) -> None:
    assert plain.run(text="Y\n").exit_code == 0
    content = (plain.root / "metadata.csv").read_bytes().decode()
    assert content.startswith(HEADING)
    assert content.count("\r\n") == content.count("\n") == 5
    rows = {row[0]: row for row in csv.reader(content.splitlines()[1:])}
    stored = sum(len(image.read()) for image in PHASES.images)
    *values, moment = rows[PHASES.uid]
    assert values == [
        PHASES.uid, "BRAINS", "NO", "https://doi.org/10.7937/made.up", "B 2", f"{ROOT}.1.159359",
        "MRI PRE  POST", "12-01-1998", "x" * 60, "PHANTOM", "CT", "CT Image Storage",
        "1.2.840.10008.5.1.4.1.1.2", "4",
        f"{stored / 1000:.2f} KB", f"./{DESCRIPTIVE[PHASES.uid]}",
    ]  # fmt: skip
    assert datetime.fromisoformat(moment).tzinfo is None
    assert {row[15] for row in rows.values()} == {f"./{DESCRIPTIVE[one.uid]}" for one in OPEN}


@pytest.mark.parametrize(
    ("name", "folder"), [("my.v2.tcia", "my"), ("TCIA_LIDC-IDRI_20200921.tcia", "TCIA_LIDC-IDRI_20200921")]
)
def test_the_top_folder_is_the_manifest_s_name_up_to_its_first_dot(
    plain: Script, name: str, folder: str
) -> None:
    plain.cart(BARE).rename(plain.folder / name)
    for argument in (name, f"./{name}"):
        assert plain.retriever("-c", argument, "--agree-to-license", text="M\n").exit_code == 0
    assert set(files_below(plain.folder / folder)) == tree(DESCRIPTIVE, (BARE,))


def test_settings_of_the_user_change_nothing_that_lands_on_the_disk(plain: Script) -> None:
    config = plain.folder / "config.toml"
    config.write_text(
        'naming = "classic"\nfile_names = "uid"\nstorage = "memory"\nannotations = false\nexisting = "all"\n'
        '[plugins.descriptive]\nmissing = "NA"\n'
    )
    places = (
        plain.folder / "home" / ".config" / "cartload",
        plain.folder / "home" / "Library" / "Application Support",
    )
    for place in places:
        place.mkdir(parents=True)
        shutil.copy(config, place / "config.toml")
    assert plain.run(text="Y\n").exit_code == 0
    assert set(files_below(plain.root)) == tree(DESCRIPTIVE, OPEN)


# --- what is asked, and how it is answered


def test_the_questions_come_in_the_original_s_words_and_order(script: Script) -> None:
    first = script.run(text="Y\n")
    lines = first.out.splitlines()
    assert lines[1:] == [*POLICY.splitlines(), AGREE]
    assert lines[0] == f"The download log can be found at {script.logs()[0]}"
    again = script.run(text="y\nm\n")
    assert (first.exit_code, again.exit_code) == (0, 0), again.err
    lines = again.out.splitlines()
    assert lines.index(AGREE) < lines.index(EXISTING)
    assert lines[-1] == EXISTING


def test_a_yes_is_written_down_once(plain: Script) -> None:
    plain.run(text="Y\n")
    license_text = (plain.root / "LUNGS" / "LICENSE").read_text()
    assert plain.run(text="Y\nA\n").exit_code == 0
    assert (plain.root / "LUNGS" / "LICENSE").read_text() == license_text
    assert license_text.count(POLICY.splitlines()[0]) == 1


@pytest.mark.parametrize("answer", ["M", "m"])
def test_missing_brings_what_is_not_there_and_nothing_else(script: Script, answer: str) -> None:
    script.cart(PLAIN, BARE)
    assert script.run(text="Y\n").exit_code == 0
    script.cart(*OPEN)
    before = len(fetches(script.server))
    result = script.run(text=f"Y\n{answer}\n")
    assert result.exit_code == 0, result.err
    assert sorted(fetches(script.server)[before:]) == sorted([MARKED.uid, PHASES.uid])
    assert set(files_below(script.root)) == tree(DESCRIPTIVE, OPEN)


@pytest.mark.parametrize("answer", ["A", "a"])
def test_all_brings_everything_anew_even_if_nothing_is_missing(plain: Script, answer: str) -> None:
    assert plain.run(text="Y\n").exit_code == 0
    (plain.root / "notes.txt").write_text("mine")
    result = plain.run(text=f"Y\n{answer}\n")
    assert result.exit_code == 0, result.err
    assert sorted(fetches(plain.server)) == sorted(one.uid for one in OPEN for _ in range(2))
    assert set(files_below(plain.root)) == tree(DESCRIPTIVE, OPEN) | {"notes.txt"}


@pytest.mark.parametrize(("answer", "fetched"), [("M", 1), ("A", 4)])
def test_a_tree_of_the_original_is_asked_about_too(plain: Script, answer: str, fetched: int) -> None:
    assert plain.run("--agree-to-license").exit_code == 0
    shutil.rmtree(plain.root / ".cartload")
    (plain.root / "manifest-17.tcia").unlink()
    before = len(fetches(plain.server))
    result = plain.run(text=f"Y\n{answer}\n")
    assert result.exit_code == 0, result.err
    assert EXISTING in result.out
    # A series with annotations is asked for, because nothing says what was in them.
    assert len(fetches(plain.server)) - before == fetched
    assert set(files_below(plain.root)) == tree(DESCRIPTIVE, OPEN)


def test_a_wrong_answer_is_asked_again(plain: Script) -> None:
    first = plain.run(text="\nyes\n Y \n")
    assert first.exit_code == 0, first.err
    assert first.out.count("Invalid answer.") == 2
    second = plain.run(text="Y\nx\nM\n")
    assert (second.exit_code, second.out.count("Invalid answer.")) == (0, 1)


@pytest.mark.parametrize(("text", "code"), [("N\n", 5), ("n\n", 5), ("", 5), ("x\n", 5)])
def test_without_a_yes_nothing_is_downloaded_and_the_exit_code_says_so(
    plain: Script, text: str, code: int
) -> None:
    result = plain.run(text=text)
    assert result.exit_code == code
    assert "Nothing was downloaded." in result.err
    assert not plain.root.exists()
    assert not fetches(plain.server)


@pytest.mark.parametrize("text", ["Y\nE\n", "Y\ne\n", "Y\n", "".join(repeat("y\n", 300))])
def test_without_a_choice_what_is_there_stays_as_it_is(plain: Script, text: str) -> None:
    plain.cart(PLAIN)
    assert plain.run(text="Y\n").exit_code == 0
    plain.cart(*OPEN)
    before = files_below(plain.root)
    result = plain.run(text=text)
    assert result.exit_code == 130
    assert "Nothing was downloaded." in result.err
    assert files_below(plain.root) == before
    assert len(fetches(plain.server)) == 1


@pytest.mark.parametrize("flag", ["--agree-to-license", "--AGREE-TO-LICENSE", "--Agree-To-License"])
def test_the_flag_agrees_and_only_the_other_question_is_left(plain: Script, flag: str) -> None:
    first = plain.run(flag)
    second = plain.run(flag, text="M\n")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert AGREE not in first.out + second.out
    assert EXISTING in second.out


AT_TERMINAL = """
import os, pty, sys
program = [sys.executable, "-m", "cartload_retriever.main", *sys.argv[1:]]
sys.exit(os.waitstatus_to_exitcode(pty.spawn(program)))
"""


def until(stream: IO[str], words: str) -> None:
    """Read what is shown until *words* are."""
    shown = ""
    while words not in shown:
        character = stream.read(1)
        assert character, shown
        shown += character


@pytest.mark.skipif(sys.platform == "win32", reason="the terminal is one of POSIX")
def test_a_program_that_waits_for_the_questions_at_a_terminal_gets_them(plain: Script) -> None:
    """Do as scripts for expect do."""
    words = ("--cli", plain.folder / "manifest-17.tcia", "-d", plain.out, "-v", "-F")
    for conversation in ({AGREE: "Y"}, {AGREE: "Y", EXISTING: "M"}):
        with subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-c", AT_TERMINAL, *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=plain.retriever.environment,
        ) as child:
            assert child.stdin is not None
            assert child.stdout is not None
            for question, answer in conversation.items():
                until(child.stdout, question)
                child.stdin.write(f"{answer}\n")
                child.stdin.flush()
            until(child.stdout, "COMPLETE: all 4 series")
            child.communicate(timeout=60)
        assert child.returncode == 0
    assert set(files_below(plain.root)) == tree(DESCRIPTIVE, OPEN)
    assert len(fetches(plain.server)) == len(OPEN)


# --- who logs in


def login_file(script: Script, mode: int = 0o600) -> Path:
    path = script.folder / "login.properties"
    path.write_text(f"userName={USER.name}\npassWord={USER.password}\n")
    path.chmod(mode)
    return path


@pytest.mark.parametrize(("user", "password"), [("-u", "-p"), ("-U", "-P")])
def test_a_name_and_a_password_open_what_is_limited(script: Script, user: str, password: str) -> None:
    script.cart(*CATALOGUE.series.values())
    result = script.run(user, USER.name, password, USER.password, text="Y\n")
    assert result.exit_code == 0, result.err
    assert set(files_below(script.root)) == tree(DESCRIPTIVE, tuple(CATALOGUE.series.values()))
    assert "-p shows the password to everybody" in result.err
    told = result.out + result.err + "".join(path.read_text() for path in script.logs())
    assert USER.password not in told


@pytest.mark.parametrize("flag", ["-l", "-L"])
@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_the_original_s_file_of_a_login_does_too(plain: Script, flag: str, mode: int) -> None:
    plain.cart(FACE)
    result = plain.run(flag, login_file(plain, mode), text="Y\n")
    assert result.exit_code == 0, result.err
    assert set(files_below(plain.root)) == tree(DESCRIPTIVE, (FACE,))
    assert ("others than you can read" in result.err) == (mode == 0o644)


def test_of_two_logins_the_one_typed_last_holds(plain: Script) -> None:
    plain.cart(FACE)
    wrong = ("-u", "somebody", "-p", "else entirely")
    right = ("-l", login_file(plain))
    assert plain.run("--agree-to-license", *right, *wrong).exit_code == 4
    assert plain.run("--agree-to-license", *wrong, *right).exit_code == 0


@pytest.mark.parametrize("text", ["Y\n", "Y\nM\nY\n"])
def test_a_wrong_password_ends_it_and_nothing_is_asked(script: Script, text: str) -> None:
    script.cart(*CATALOGUE.series.values())
    result = script.run("-u", USER.name, "-p", "wrong-canary", "-v", "-f", text=text)
    assert result.exit_code == 4
    assert not script.root.exists()
    assert result.out.splitlines()[-1] == AGREE
    told = result.out + result.err + "".join(path.read_text() for path in script.logs())
    assert "wrong-canary" not in told


def test_a_login_file_that_is_not_there_is_told(plain: Script) -> None:
    result = plain.run("-l", plain.folder / "nowhere", text="Y\n")
    assert result.exit_code == 4
    assert "cannot be read" in result.err


@pytest.mark.parametrize("flag", ["-f", "-F", "--force", "--FORCE"])
def test_a_guest_may_go_on_with_what_is_public(plain: Script, flag: str) -> None:
    plain.cart(*CATALOGUE.series.values())
    refused = plain.run(text="Y\n")
    assert refused.exit_code == 4
    assert "-f goes on with the other 4" in refused.err
    assert not plain.root.exists()
    result = plain.run(flag, text="Y\n")
    assert result.exit_code == 4  # not all of it is there, and the code says so
    assert set(files_below(plain.root)) == tree(DESCRIPTIVE, OPEN)


def test_where_all_is_denied_no_flag_helps(plain: Script) -> None:
    plain.cart(FACE)
    assert plain.run("-f", text="Y\n").exit_code == 4
    assert not plain.root.exists()


# --- what is told


@pytest.mark.parametrize("flag", ["-q", "-Q", "--quiet", "--QUIET"])
def test_quiet_leaves_the_questions(plain: Script, flag: str) -> None:
    result = plain.run(flag, text="Y\n")
    assert (result.exit_code, result.err) == (0, "")
    assert result.out.splitlines() == [*POLICY.splitlines(), AGREE]


@pytest.mark.parametrize("flag", ["-v", "-V", "--verbose", "--VERBOSE"])
def test_verbose_tells_more_even_beside_quiet(plain: Script, flag: str) -> None:
    assert "fetching: " not in plain.run(text="Y\n").err
    assert "fetching: " in plain.run(flag, "-q", text="Y\nA\n").err


def test_the_log_is_where_the_original_s_is(plain: Script) -> None:
    assert plain.retriever("-c", plain.cart(BARE), "-q", text="Y\n").exit_code == 0
    assert plain.run("-q", text="Y\n").exit_code == 0
    downloads = list((plain.folder / "home" / "Downloads").iterdir())
    for log in (*downloads, *plain.logs()):
        assert log.name.startswith("NBIADataRetrieverCLI-20")
        assert "exit code 0" in log.read_text()
    assert (len(downloads), len(plain.logs())) == (1, 1)
    assert not list((plain.folder / "home" / ".local").rglob("*log*"))


@pytest.mark.parametrize("flag", ["", "-m", "-M", "--md5", "--MD5"])
def test_digests_are_asked_for_with_the_flag_and_without(plain: Script, flag: str) -> None:
    assert plain.run(*filter(None, [flag]), text="Y\n").exit_code == 0
    asked = {dict(request.form).get("getMD5Hash") for request in plain.server.requests} - {None}
    assert asked == {"Yes"}


# --- how it ends


def test_an_altered_image_is_noticed_and_comes_home_right(cartload: CommandLine, tmp_path: Path) -> None:
    with ArchiveServer(CATALOGUE, faults={PLAIN.uid: Fault(corrupt=3, times=1)}) as server:
        script = Script(evolve(cartload, program=RETRIEVER), tmp_path, server)
        script.cart(PLAIN)
        assert script.run(text="Y\n").exit_code == 0
    assert sorted(images_below(script.root).values()) == sorted(image.read() for image in PLAIN.images)


def test_a_series_that_fails_is_named_and_recorded_nowhere(cartload: CommandLine, tmp_path: Path) -> None:
    with ArchiveServer(CATALOGUE, faults={PHASES.uid: Fault(status=404)}) as server:
        script = Script(evolve(cartload, program=RETRIEVER), tmp_path, server)
        script.cart(*OPEN)
        result = script.run("-q", text="Y\n")
    assert result.exit_code == 1
    assert PHASES.uid in result.err
    assert PHASES.uid not in (script.root / "metadata.csv").read_text()
    others = tuple(one for one in OPEN if one is not PHASES)
    assert set(files_below(script.root)) == tree(DESCRIPTIVE, others) | {"BRAINS/LICENSE", "BRAINS/CITATION"}


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ((), 2, "--cli"),
        (("-d", "out"), 2, "--cli"),
        (("--cli",), 2, "requires an argument"),
        (("--cli", "cart.csv"), 2, "does not end in .tcia"),
        (("--cli", "cart.TCIA"), 2, "does not end in .tcia"),
        (("--cli", "manifest-17.tcia", "\u2013f"), 2, "plain hyphen"),
        (("--cli", "manifest-17.tcia", "hunter2"), 2, "belongs to no flag"),
        (("--cli", "manifest-17.tcia", "--nothing"), 2, "No such option"),
        (("--cli", "nowhere.tcia"), 3, "nowhere.tcia"),
        (("--help",), 0, ""),
        (("--version",), 0, ""),
    ],
)
def test_wrong_use_is_told_and_nothing_is_asked(
    plain: Script, words: tuple[str, ...], code: int, told: str
) -> None:
    result = plain.retriever(*words, text="Y\n")
    assert result.exit_code == code
    assert told in (result.err or result.out)
    assert "hunter2" not in result.err
    assert not plain.server.requests


def test_an_archive_that_cannot_be_reached_has_its_code(plain: Script) -> None:
    cart = plain.folder / "manifest-17.tcia"
    cart.write_text(cart.read_text().replace(plain.server.url, "http://127.0.0.1:1"))
    assert plain.run(text="Y\n").exit_code == 7
    assert not plain.root.exists()
