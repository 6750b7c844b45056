"""What a download needs in memory does not grow with its series."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest

from archive_carts import write_cart
from cartload.model import SOPInstanceUID
from cartload.testing.archive import ArchiveImage, ArchiveSeries
from cartload.testing.images import uid
from cartload_archive import ArchiveOptions, ArchiveServer
from fake_archive import dicom
from small_carts import a_catalogue, a_record

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import CommandLine

MEGA = 1_000_000
IMAGES = 8
SMALL, LARGE = 10_000, 12 * MEGA
"""Sizes of an image."""
ALLOWED = 12 * MEGA
"""What the large series may need more than the small one: the same as one of its eight images."""

MEASURED = """
import sys
from cartload_cli.main import main
code = main()
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(int(peak.split()[1]) * 1024)
sys.exit(code)
"""


def _series(image_bytes: int) -> ArchiveSeries:
    """Make a series whose images are made when they are read, so that this process does not hold them."""
    empty = ArchiveSeries(a_record(), ())
    images = []
    for number in range(1, IMAGES + 1):
        sop_uid = SOPInstanceUID(uid("large", str(number)))
        made = partial(_content, empty.uid, sop_uid, number, image_bytes)
        images.append(ArchiveImage(sop_uid, 1, number, made, size=len(made())))
    return ArchiveSeries.of(empty.record, images)


def _content(series_uid: str, sop_uid: str, number: int, size: int) -> bytes:
    return dicom(series_uid, sop_uid, number, bytes(size))


def _peak(cartload: CommandLine, folder: Path, image_bytes: int, options: ArchiveOptions) -> int:
    """Download a series in a process of its own; gives the most memory that it had, in bytes."""
    folder.mkdir()
    catalogue = a_catalogue([_series(image_bytes)])
    with ArchiveServer(catalogue, options) as server:
        cart = write_cart(folder, server, catalogue)
        done = subprocess.run(  # noqa: S603 - our own program
            [
                sys.executable,
                "-c",
                MEASURED,
                "download",
                cart,
                "--accept-policy",
                "-d",
                folder,
                "--jobs",
                "16",
            ],
            env=cartload.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=100,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="where others tell a process's peak differs")
@pytest.mark.parametrize("servlets", ["V4", None], ids=["TAR", "ZIP"])
def test_a_series_of_96_megabytes_needs_no_more_memory_than_a_tiny_one(
    cartload: CommandLine, tmp_path: Path, servlets: str | None
) -> None:
    options = ArchiveOptions(servlets="V4" if servlets else None)
    small = _peak(cartload, tmp_path / "small", SMALL, options)
    large = _peak(cartload, tmp_path / "large", LARGE, options)
    assert large - small < ALLOWED
