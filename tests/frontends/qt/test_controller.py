"""One cart from its file to the end of its download, without a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.credentials import Credentials, Secret
from cartload.errors import ManifestError, UnreachableError
from cartload.events import DeniedQuestion, ExistingQuestion, LoginQuestion, PolicyQuestion, TaskChanged
from cartload.plan import Need
from cartload.progress import Verdict
from cartload.settings import Existing
from cartload.state import TaskState
from cartload.testing.catalogue import DEMO_USER, demo_catalogue
from cartload_archive import ArchiveServer, Fault, Stall
from cartload_qt.errand import Errand
from cartload_qt.stage import Action, Stage
from frontends.qt.carts import PATIENCE, Driven, cart_of, images_below
from small_carts import a_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from keyrings import MemoryKeyring

CATALOGUE = a_catalogue()
UIDS = list(CATALOGUE.series)


@pytest.fixture
def driven(qtbot: QtBot, tmp_path: Path) -> Iterator[Driven]:
    made = Driven(qtbot, tmp_path / "data")
    yield made
    made.leave()


@pytest.fixture
def cart(tmp_path: Path) -> Iterator[Path]:
    with ArchiveServer(CATALOGUE) as server:
        yield cart_of(server, CATALOGUE, tmp_path)


def test_an_opened_cart_is_shown_and_nobody_is_asked(driven: Driven, cart: Path, tmp_path: Path) -> None:
    driven.open(cart)
    assert driven.stages == [Stage.READING, Stage.SHOWN]
    assert [task.series_uid for task in driven.controller.plan.tasks] == UIDS
    assert driven.questions == []
    assert not (tmp_path / "data").exists()


def test_a_cart_comes_home(driven: Driven, cart: Path, tmp_path: Path) -> None:
    driven.open(cart)
    driven.start()
    assert driven.stages == [Stage.READING, Stage.SHOWN, Stage.PREPARING, Stage.RUNNING, Stage.ENDED]
    assert [type(question) for question in driven.questions] == [PolicyQuestion]
    report = driven.controller.report
    assert report is not None
    assert report.verdict is Verdict.COMPLETE
    assert len(images_below(tmp_path / "data" / "cart")) == 20
    assert driven.errors == []


def test_what_is_there_already_is_asked_for_on_start(driven: Driven, cart: Path) -> None:
    driven.open(cart)
    driven.controller.remove(UIDS[:1])
    driven.start()
    driven.leave()
    driven.open(cart)
    assert len(driven.controller.plan.having(Need.HELD)) == 3
    driven.start()
    asked = [question for question in driven.questions if isinstance(question, ExistingQuestion)]
    assert [(question.held, question.missing) for question in asked] == [(3, 1)]
    report = driven.controller.report
    assert report is not None
    assert (report.complete, report.already_held) == (1, 3)


def test_all_of_it_can_be_fetched_again(driven: Driven, cart: Path) -> None:
    driven.answers[ExistingQuestion] = Existing.ALL
    driven.open(cart)
    driven.controller.remove(UIDS[:1])
    driven.start()
    driven.open(cart)
    driven.start()
    report = driven.controller.report
    assert report is not None
    assert report.complete == 4


def test_series_that_were_taken_out_before_the_start_are_not_fetched(
    driven: Driven, cart: Path, tmp_path: Path
) -> None:
    driven.open(cart)
    driven.controller.remove(UIDS[1:])
    removed = [event.series_uid for event in driven.events if isinstance(event, TaskChanged)]
    assert removed == UIDS[1:]
    driven.start()
    report = driven.controller.report
    assert report is not None
    assert (report.complete, report.removed) == (1, 3)
    assert len(images_below(tmp_path / "data" / "cart")) == 5


def test_who_does_not_agree_gets_nothing_and_may_think_again(
    driven: Driven, cart: Path, tmp_path: Path
) -> None:
    driven.answers[PolicyQuestion] = False
    driven.open(cart)
    driven.start()
    assert driven.stage() is Stage.SHOWN
    assert driven.errors == []
    assert not (tmp_path / "data").exists()
    driven.answers[PolicyQuestion] = True
    driven.start()
    assert driven.stage() is Stage.ENDED


def test_to_leave_a_question_ends_the_start_silently(driven: Driven, cart: Path) -> None:
    driven.answers[PolicyQuestion] = None
    driven.open(cart)
    driven.start()
    assert driven.stage() is Stage.SHOWN
    assert driven.errors == []


def test_a_manifest_with_faults_is_refused_with_their_lines(driven: Driven, tmp_path: Path) -> None:
    path = tmp_path / "bad.tcia"
    path.write_text("downloadServerUrl=https://archive.example/x\nListOfSeriesToDownload=\n1.2.3\n1.2.x\n")
    driven.open(path)
    assert driven.stage() is Stage.EMPTY
    (error,) = driven.errors
    assert isinstance(error, ManifestError)
    assert [fault.line for fault in error.faults] == [4]


def test_an_archive_that_is_not_there_is_told(driven: Driven, tmp_path: Path) -> None:
    with ArchiveServer(CATALOGUE) as server:
        path = cart_of(server, CATALOGUE, tmp_path)
    driven.open(path)
    assert [type(error) for error in driven.errors] == [UnreachableError]


def test_reading_can_be_cancelled(driven: Driven, tmp_path: Path) -> None:
    stall = Stall()
    faults = {path: Fault(stall=stall) for path in ("DownloadServlet", "DownloadServletV4")}
    with ArchiveServer(CATALOGUE, faults=lambda _: next(iter(faults.values()))) as server:
        driven.controller.open(cart_of(server, CATALOGUE, tmp_path), driven.choices)
        driven.qtbot.waitUntil(stall.reached.is_set, timeout=PATIENCE)
        assert Action.STOP in driven.controller.possible()
        driven.controller.stop()
        driven.until(Stage.EMPTY)
    assert driven.errors == []


def test_a_pause_lets_go_and_a_resume_goes_on(driven: Driven, tmp_path: Path) -> None:
    stall = Stall(after=2000)
    with ArchiveServer(CATALOGUE, faults={UIDS[0]: Fault(stall=stall, times=1)}) as server:
        driven.open(cart_of(server, CATALOGUE, tmp_path))
        driven.controller.start(driven.choices)
        driven.qtbot.waitUntil(stall.reached.is_set, timeout=PATIENCE)
        driven.until(Stage.RUNNING)
        driven.controller.pause()
        driven.until(Stage.PAUSED)
        assert Action.RESUME in driven.controller.possible()
        driven.controller.resume()
        driven.until(Stage.ENDED)
    assert driven.verdict() is Verdict.COMPLETE


def test_a_download_that_is_stopped_is_taken_up_again(driven: Driven, tmp_path: Path) -> None:
    stall = Stall(after=2000)
    with ArchiveServer(CATALOGUE, faults={UIDS[3]: Fault(stall=stall, times=1)}) as server:
        driven.open(cart_of(server, CATALOGUE, tmp_path))
        driven.controller.start(driven.choices)
        driven.qtbot.waitUntil(stall.reached.is_set, timeout=PATIENCE)
        driven.until(Stage.RUNNING)
        driven.controller.stop()
        assert driven.stage() is Stage.STOPPING
        driven.until(Stage.ENDED)
        assert driven.verdict() is Verdict.UNFINISHED
        driven.start()
    assert driven.verdict() is Verdict.COMPLETE


def test_what_failed_is_tried_again_one_or_all(driven: Driven, tmp_path: Path) -> None:
    faults = {uid: Fault(status=404, times=8) for uid in UIDS[:2]}
    with ArchiveServer(CATALOGUE, faults=faults) as server:
        driven.open(cart_of(server, CATALOGUE, tmp_path))
        driven.start()
        assert driven.controller.report is not None
        short = [shortfall.series_uid for shortfall in driven.controller.report.shortfalls]
        assert short == UIDS[:2]
        assert Action.RETRY in driven.controller.possible()
        while driven.controller.report.shortfalls:
            driven.controller.retry(UIDS[:1])
            driven.until(Stage.ENDED)
            driven.controller.retry()
            driven.until(Stage.ENDED)
    assert driven.verdict() is Verdict.COMPLETE
    assert Action.RETRY not in driven.controller.possible()


def test_a_cart_that_is_closed_with_failures_lets_another_into_its_folder(
    driven: Driven, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[Errand] = []
    close = Errand.close

    def note(errand: Errand) -> None:
        closed.append(errand)
        close(errand)

    monkeypatch.setattr(Errand, "close", note)
    with ArchiveServer(CATALOGUE, faults={UIDS[0]: Fault(status=404, times=8)}) as server:
        path = cart_of(server, CATALOGUE, tmp_path)
        driven.open(path)
        driven.start()
        assert Action.RETRY in driven.controller.possible()
        driven.open(path)
        assert len(closed) == 1
        driven.start()
        assert driven.stage() is Stage.ENDED
    assert driven.errors == []


def test_another_cart_may_be_opened_while_one_runs_which_ends_first(driven: Driven, tmp_path: Path) -> None:
    stall = Stall(after=2000)
    (tmp_path / "other").mkdir()
    with ArchiveServer(CATALOGUE, faults={UIDS[0]: Fault(stall=stall)}) as server:
        driven.open(cart_of(server, CATALOGUE, tmp_path))
        driven.controller.start(driven.choices)
        driven.qtbot.waitUntil(stall.reached.is_set, timeout=PATIENCE)
        other = cart_of(server, CATALOGUE, tmp_path / "other")
        driven.controller.open(other, driven.choices)
        driven.qtbot.waitUntil(lambda: driven.controller.path == other, timeout=PATIENCE)
        driven.until(Stage.SHOWN)
        assert driven.controller.report is None


def test_a_login_is_asked_for_only_what_is_limited_and_kept_if_wished(
    driven: Driven, tmp_path: Path, keyring: MemoryKeyring
) -> None:
    catalogue = demo_catalogue()
    login = Credentials(DEMO_USER.name, Secret(DEMO_USER.password))
    with ArchiveServer(catalogue) as server:
        driven.open(cart_of(server, catalogue, tmp_path))
        denied = len(driven.controller.plan.having(Need.DENIED))
        assert denied > 0
        driven.answers[LoginQuestion] = login
        driven.controller.asked.disconnect()

        def answer(question: object) -> None:
            driven.questions.append(question)  # type: ignore[arg-type]  # a question is what is asked
            assert isinstance(question, PolicyQuestion | LoginQuestion)
            driven.controller.answer(question, driven.answers[type(question)], keep=True)

        driven.controller.asked.connect(answer)
        driven.start()
        (asked,) = [question for question in driven.questions if isinstance(question, LoginQuestion)]
        assert (str(asked.origin), len(asked.series)) == (server.url, denied)
    assert driven.verdict() is Verdict.COMPLETE
    assert DEMO_USER.password in str(keyring.__dict__)


def test_series_that_stay_denied_are_listed_and_the_others_come(driven: Driven, tmp_path: Path) -> None:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        driven.open(cart_of(server, catalogue, tmp_path))
        driven.start()
    (asked,) = [question for question in driven.questions if isinstance(question, DeniedQuestion)]
    assert driven.verdict() is Verdict.DENIED
    assert driven.controller.report is not None
    short = driven.controller.report.shortfalls
    assert {each.series_uid for each in short} == {series.series_uid for series in asked.denied}
    assert {each.state for each in short} == {TaskState.DENIED}


def test_a_cart_with_failures_is_let_go_of_once(driven: Driven, tmp_path: Path) -> None:
    with ArchiveServer(CATALOGUE, faults={UIDS[0]: Fault(status=404)}) as server:
        driven.open(cart_of(server, CATALOGUE, tmp_path))
        driven.start()
    assert Action.RETRY in driven.controller.possible()
    driven.leave()
    assert driven.stage() is Stage.EMPTY
