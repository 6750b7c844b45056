"""A message bus of the test's own."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtDBus import QDBusConnection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PyQt6.QtCore import QCoreApplication

    Connect = Callable[[], QDBusConnection]

_CONFIGURATION = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@pytest.fixture
def connect(qapp: QCoreApplication, tmp_path: Path) -> Iterator[Connect]:
    """Start a bus; each call gives another connection to it."""
    del qapp
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("there is no dbus-daemon here")
    configuration = tmp_path / "bus.conf"
    configuration.write_text(_CONFIGURATION, encoding="utf-8")
    daemon = subprocess.Popen(  # noqa: S603 - the system's own
        [program, f"--config-file={configuration}", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    names = [f"{tmp_path.name}-{number}" for number in range(8)]
    unused = itertools.chain(names)

    def connected() -> QDBusConnection:
        made = QDBusConnection.connectToBus(address, next(unused))
        assert made.isConnected()
        return made

    yield connected
    for name in names:
        QDBusConnection.disconnectFromBus(name)
    daemon.terminate()
    daemon.stdout.close()
    daemon.wait()
