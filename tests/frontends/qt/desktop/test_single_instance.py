from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtNetwork import QLocalSocket

from cartload_qt.desktop import handing_over
from cartload_qt.desktop.meeting_place import MeetingPlace
from cartload_qt.desktop.single_instance import SingleInstance
from frontends.cli.commandline import start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from subprocess import Popen

    from pytestqt.qtbot import QtBot

_PROGRAM = """\
import sys
from pathlib import Path
from PyQt6.QtCore import QCoreApplication
from cartload_qt.desktop.meeting_place import MeetingPlace
from cartload_qt.desktop.single_instance import SingleInstance
application = QCoreApplication([])
instance = SingleInstance(MeetingPlace(Path(sys.argv[1])))
if instance.hand_over(Path(sys.argv[2]), 20_000):
    print("handed over", flush=True)
    sys.exit(0)
print("listening" if instance.is_listening else "alone", flush=True)
instance.handed.connect(lambda manifest: print(manifest, flush=True))
sys.exit(application.exec())
"""


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> MeetingPlace:
    folder = tmp_path_factory.mktemp("m")
    folder.chmod(0o700)
    return MeetingPlace(folder)


@pytest.fixture
def window(place: MeetingPlace, qtbot: QtBot) -> Iterator[SingleInstance]:
    del qtbot
    instance = SingleInstance(place)
    assert not instance.hand_over(None)
    assert instance.is_listening
    yield instance
    instance.close()


def another(place: MeetingPlace, manifest: str) -> Popen[str]:
    return start(_PROGRAM, place.folder, manifest)


def first_line(process: Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def visitor(place: MeetingPlace) -> QLocalSocket:
    socket = QLocalSocket()
    socket.connectToServer(place.address())
    assert socket.waitForConnected(5000)
    return socket


def test_a_second_process_hands_its_manifest_to_the_first(
    window: SingleInstance, place: MeetingPlace, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(window.handed, timeout=30_000) as heard:
        second = another(place, str(tmp_path / "cart & <b>.tcia"))
    out, _ = second.communicate()
    assert heard.args == [tmp_path / "cart & <b>.tcia"]
    assert (out.strip(), second.returncode) == ("handed over", 0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such end")
def test_after_the_first_was_killed_the_next_is_the_first(place: MeetingPlace, tmp_path: Path) -> None:
    first = another(place, "a.tcia")
    assert first_line(first) == "listening"
    first.send_signal(signal.SIGKILL)
    first.communicate()
    second = another(place, "b.tcia")
    assert first_line(second) == "listening"
    third = another(place, str(tmp_path / "c.tcia"))
    assert third.communicate()[0].strip() == "handed over"
    assert first_line(second) == str(tmp_path / "c.tcia")
    second.kill()
    second.communicate()


def test_of_several_that_start_at_once_one_is_the_window(place: MeetingPlace) -> None:
    starts = [another(place, f"{number}.tcia") for number in range(4)]
    said = [first_line(process) for process in starts]
    for process in starts:
        process.kill()
        process.communicate()
    assert sorted(said) == ["handed over"] * 3 + ["listening"]


def test_who_only_wants_the_window_says_so(window: SingleInstance, place: MeetingPlace, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.handed) as heard:
        socket = visitor(place)
        socket.write(handing_over.message(None))
        assert socket.flush()
    assert heard.args == [None]
    qtbot.waitUntil(socket.canReadLine)
    assert bytes(socket.readLine().data()) == handing_over.TAKEN


def test_a_message_may_come_in_pieces(
    window: SingleInstance, place: MeetingPlace, qtbot: QtBot, tmp_path: Path
) -> None:
    message = handing_over.message(tmp_path / "cart.tcia")
    socket = visitor(place)
    with qtbot.waitSignal(window.handed) as heard:
        for byte in message:
            socket.write(bytes([byte]))
            socket.flush()
    assert heard.args == [tmp_path / "cart.tcia"]


@pytest.mark.parametrize(
    "sent", [b"open /etc/passwd\n", b'{"manifest": "relative"}\n', b"x" * (handing_over.MOST_BYTES + 1)]
)
def test_whoever_says_something_else_is_shown_out(
    window: SingleInstance, place: MeetingPlace, qtbot: QtBot, sent: bytes
) -> None:
    heard: list[object] = []
    window.handed.connect(heard.append)
    socket = visitor(place)
    socket.write(sent)
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert heard == []
    assert not socket.canReadLine()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")
def test_nobody_else_can_reach_the_socket(window: SingleInstance, place: MeetingPlace) -> None:
    assert window.is_listening
    assert Path(place.address()).stat().st_mode & 0o077 == 0
    assert place.lock.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("window")
def test_a_window_that_does_not_answer_is_not_waited_for(place: MeetingPlace) -> None:
    second = SingleInstance(place)
    # The first has no event loop now: it accepts, and says nothing.
    assert not second.hand_over(Path("cart.tcia"), patience=200)
    assert not second.is_listening


@pytest.mark.usefixtures("qapp")
def test_where_nothing_can_be_locked_each_start_is_alone(tmp_path: Path) -> None:
    (tmp_path / "window.lock").mkdir()
    instance = SingleInstance(MeetingPlace(tmp_path))
    assert not instance.hand_over(None)
    assert not instance.is_listening
    instance.close()


@pytest.mark.usefixtures("qapp")
def test_without_a_meeting_place_each_start_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cartload_qt.desktop.single_instance.meeting_place", lambda: None)
    instance = SingleInstance()
    assert not instance.hand_over(None)
    assert not instance.is_listening
    instance.close()


def test_once_it_is_closed_the_next_is_the_first(window: SingleInstance, place: MeetingPlace) -> None:
    window.close()
    following = SingleInstance(place)
    assert not following.hand_over(None)
    assert following.is_listening
    following.close()
