"""Serves one shape of archive in a process of its own, so that its memory and start-up are not counted.

It is told where to write the manifest, and perhaps a folder of series archives made beforehand. With
the folder it stands behind nginx, which sends those: it then answers all other questions. Without, it
makes each stream as it goes: slower, and of any size.
"""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from benchmarks.redirecting import Redirecting
from benchmarks.shapes import SHAPES
from cartload.testing.archive import manifest_text
from cartload_archive import ArchiveOptions, ArchiveServer, Request
from cartload_archive.archive import SERVLETS, Archive

if TYPE_CHECKING:
    from cartload.testing.archive import Catalogue


def main(shape: str, manifest: str, archives: str | None = None) -> None:
    """Serve until standard input ends; the address and then the size of all images are printed."""
    catalogue = SHAPES[shape]()
    for series in catalogue.series.values():
        for image in series.images:
            _ = image.md5  # an archive has them in its database
    if archives is None:
        with ArchiveServer(catalogue) as server:
            _announce(catalogue, server.url, Path(manifest))
    else:
        archive = Archive(catalogue, ArchiveOptions(), None, Event())
        _write_archives(archive, Path(archives))
        with Redirecting(archive) as front:
            _announce(catalogue, front.url, Path(manifest))


def _announce(catalogue: Catalogue, url: str, manifest: Path) -> None:
    text = manifest_text(catalogue, f"{url}{SERVLETS}DownloadServlet", include_annotation=False)
    manifest.write_text(text, encoding="ascii")
    print(url, sum(series.record.image_bytes for series in catalogue.series.values()), flush=True)
    sys.stdin.read()


def _write_archives(archive: Archive, folder: Path) -> None:
    """Ask for every series as a retriever does, and keep the answer."""
    for uid in archive.catalogue.series:
        form = (("seriesUid", uid), ("newFileNames", "Yes"), ("getMD5Hash", "Yes"), ("userId", ""))
        asked = Request(
            method="POST", path=f"{SERVLETS}DownloadServletV4", headers={"password": ""}, form=form
        )
        body = archive.answer(asked).body
        with (folder / f"{uid}.tar").open("wb") as file:
            file.writelines((body,) if isinstance(body, bytes) else body)


if __name__ == "__main__":
    main(*sys.argv[1:])
