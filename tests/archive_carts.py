"""Carts of a synthetic archive, and what they must look like on disk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cartload.testing.archive import manifest_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cartload.model import SeriesUID
    from cartload.testing.archive import ArchiveSeries, Catalogue
    from cartload_archive import ArchiveServer

OUR_OWN = {"metadata.csv", "LICENSE", "CITATION"}


def write_cart(
    folder: Path, server: ArchiveServer, catalogue: Catalogue, uids: Iterable[str] | None = None
) -> Path:
    """Write the manifest of a cart as the portal would; gives its place."""
    path = folder / "cart.tcia"
    path.write_text(manifest_text(catalogue, server.servlet_url, uids))
    return path


def files_below(root: Path) -> dict[str, bytes]:
    """Read every file of a finished tree by its path, but for what is cartload's own."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".cartload" not in path.parts and path.suffix != ".tcia"
    }


def images_below(root: Path) -> dict[str, bytes]:
    """Read the images and annotations only."""
    return {
        name: content for name, content in files_below(root).items() if name.rpartition("/")[2] not in OUR_OWN
    }


def stored_bytes(series: Iterable[ArchiveSeries]) -> list[bytes]:
    """Give the content of every image and annotation that the archive holds, sorted."""
    return sorted(
        content
        for one in series
        for content in (
            *(image.read() for image in one.images),
            *(annotation.content for annotation in one.annotations),
        )
    )


def fetches(server: ArchiveServer) -> list[str]:
    """Name the series whose images were asked for, in order, by whatever protocol."""
    found = []
    for request in server.requests:
        form, query = dict(request.form), dict(request.query)
        if "seriesUid" in form:
            found.append(form["seriesUid"])
        elif "Image" in request.path and "SeriesInstanceUID" in query:
            found.append(query["SeriesInstanceUID"])
    return found


def public_series(catalogue: Catalogue) -> list[ArchiveSeries]:
    """Give the series that a guest may have."""
    return [catalogue.series[uid] for uid in catalogue.public]


def report_of(output: str) -> dict[str, object]:
    """Read the last line of ``--json``."""
    line: dict[str, object] = json.loads(output.splitlines()[-1])
    return line


def limited_series(catalogue: Catalogue) -> list[SeriesUID]:
    """Name the series that a guest may not have."""
    return [uid for uid in catalogue.series if uid not in catalogue.public]
