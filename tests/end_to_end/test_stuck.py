"""Somebody can leave at any moment, even when a plugin never comes back."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from archive_carts import images_below, stored_bytes, write_cart
from cartload_archive import ArchiveServer
from small_carts import a_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import CommandLine

STUCK = """
import os, signal, sys, threading
signal.signal(signal.SIGINT, signal.default_int_handler)
from cartload_plugins.naming.descriptive import DescriptiveNaming
def stuck(*_):
    os.write(1, b"stuck\\n")
    threading.Event().wait()
DescriptiveNaming.file_names = stuck
from cartload_cli.main import main
sys.exit(main())
"""
PATIENCE = 60


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signal to another process alone")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_second_signal_leaves_a_plugin_that_never_comes_back(
    cartload: CommandLine, tmp_path: Path, number: signal.Signals
) -> None:
    catalogue = a_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue)
        words = ("download", str(cart), "--accept-policy", "-d", str(tmp_path))
        with subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", STUCK, *words],
            env=cartload.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as child:
            assert child.stdout is not None
            assert child.stderr is not None
            assert child.stdout.readline() == b"stuck\n"
            child.send_signal(number)
            assert any(b"Once more leaves at once" in line for line in child.stderr)
            child.send_signal(number)
            try:
                assert child.wait(PATIENCE) == 130
            finally:
                child.kill()
        again = cartload(*words)
    assert again.exit_code == 0, again.err
    assert sorted(images_below(tmp_path / "cart").values()) == stored_bytes(catalogue.series.values())
