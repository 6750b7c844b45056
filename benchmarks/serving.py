"""A running archive of one shape: by nginx from files where it is installed, as real archives have one."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from benchmarks.certificates import authority
from benchmarks.nginx import nginx
from benchmarks.tools import has
from cartload_archive.archive import SERVLETS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MARKER = "ListOfSeriesToDownload=\n"


@frozen
class Served:
    """An archive at one address; ``ca_file`` holds the authority that vouches for it, if it is encrypted.

    ``images`` are the bytes of all images. ``by`` names the server's program.
    """

    url: str
    uids: tuple[str, ...]
    images: int
    manifest: Path
    by: str
    ca_file: Path | None = None

    @property
    def servlet(self) -> str:
        """Give the address that series are asked for at."""
        return f"{self.url}{SERVLETS}DownloadServletV4"

    def first(self, series: int) -> Served:
        """Give the same archive with a cart of so many series of the same size."""
        uids = self.uids[:series]
        manifest = self.manifest.with_name(f"first-{series}-{self.manifest.name}")
        return evolve(_at(self, self.url, uids, manifest), by=self.by)


@frozen
class Addresses:
    """One archive served in several ways: as it comes, encrypted, and encrypted at a limited rate."""

    plain: Served
    secure: Served
    capped: Served


@contextmanager
def served(shape: str, folder: Path) -> Iterator[Served]:
    """Serve a shape over plain http, as fast as can be; its files are written to *folder*."""
    if has("nginx") and has("openssl"):
        with served_by_nginx(shape, folder) as addresses:
            yield addresses.plain
    else:
        with served_by_python(shape, folder) as archive:
            yield archive


@contextmanager
def served_by_python(shape: str, folder: Path, archives: Path | None = None) -> Iterator[Served]:
    """Serve a shape by the synthetic archive itself, which makes what it sends as it goes."""
    manifest = folder / f"{shape}.tcia"
    command = [sys.executable, "-m", "benchmarks.archive_process", shape, str(manifest)]
    command += [] if archives is None else [str(archives)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the archive has no pipes")
        url, size = process.stdout.readline().split()
        uids = manifest.read_text().partition(_MARKER)[2].split()
        try:
            yield Served(url, tuple(uids), int(size), manifest, "Python")
        finally:
            process.stdin.close()


@contextmanager
def served_by_nginx(shape: str, folder: Path) -> Iterator[Addresses]:
    """Serve a shape by nginx at three addresses."""
    archives = folder / "archives"
    archives.mkdir()
    ca_file, pair = authority(folder)
    with (
        served_by_python(shape, folder, archives) as behind,
        nginx(folder, behind.url, archives, pair) as (plain, secure, capped),
    ):
        yield Addresses(
            _at(behind, plain, behind.uids, folder / f"plain-{shape}.tcia"),
            _at(behind, secure, behind.uids, folder / f"secure-{shape}.tcia", ca_file),
            _at(behind, capped, behind.uids, folder / f"capped-{shape}.tcia", ca_file),
        )


def _at(
    archive: Served, url: str, uids: tuple[str, ...], manifest: Path, ca_file: Path | None = None
) -> Served:
    """Give *archive* at another address, or with fewer series, with a manifest that says so."""
    head = archive.manifest.read_text().partition(_MARKER)[0].replace(archive.url, url)
    manifest.write_text("\n".join((f"{head}{_MARKER.rstrip()}", *uids, "")), encoding="ascii")
    images = archive.images * len(uids) // len(archive.uids)
    return Served(url, uids, images, manifest, "nginx", ca_file or archive.ca_file)
