"""Serves one shape of archive in a process of its own, so that its memory and start-up are not counted."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from benchmarks.shapes import SHAPES
from cartload.testing.archive import manifest_text
from cartload_archive import ArchiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@frozen
class Served:
    """A running archive: its servlet, the series it has, and a manifest of them all."""

    servlet: str
    uids: tuple[str, ...]
    manifest: Path


@contextmanager
def served(shape: str, folder: Path) -> Iterator[Served]:
    """Serve a shape while the block runs; its manifest is written to *folder*."""
    manifest = folder / f"{shape}.tcia"
    command = [sys.executable, "-m", "benchmarks.archive_process", shape, str(manifest)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the archive has no pipes")
        servlet = process.stdout.readline().strip()
        uids = manifest.read_text().partition("ListOfSeriesToDownload=\n")[2].split()
        try:
            yield Served(servlet, tuple(uids), manifest)
        finally:
            process.stdin.close()


def main(shape: str, manifest: str) -> None:
    """Serve until standard input ends."""
    catalogue = SHAPES[shape]()
    for series in catalogue.series.values():
        for image in series.images:
            _ = image.md5  # an archive has them in its database
    with ArchiveServer(catalogue) as server:
        Path(manifest).write_text(
            manifest_text(catalogue, server.servlet_url, include_annotation=False), encoding="ascii"
        )
        print(server.servlet_url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
