"""The multi-instance series that ship inside pydicom come home byte for byte, named by their own headers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pydicom
import pytest
from pydicom.data import get_testdata_file

from archive_carts import images_below, stored_bytes, write_cart
from cartload.testing.catalogue_files import catalogue_of
from cartload_archive import ArchiveOptions, ArchiveServer

if TYPE_CHECKING:
    from cartload.testing.archive import Catalogue
    from command_line import CommandLine


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    dicomdir = get_testdata_file("DICOMDIR", download=False)
    assert isinstance(dicomdir, str)
    folder = Path(dicomdir).parent
    return catalogue_of(*(folder / name for name in ("77654033", "98892001", "98892003")))


@pytest.mark.parametrize("servlets", ["V4", None])
def test_real_series_come_home_byte_for_byte(
    cartload: CommandLine, tmp_path: Path, catalogue: Catalogue, servlets: str | None
) -> None:
    options = ArchiveOptions(servlets="V4" if servlets else None)
    with ArchiveServer(catalogue, options) as server:
        cart = write_cart(tmp_path, server, catalogue)
        result = cartload("download", cart, "-d", tmp_path)
    assert result.exit_code == 0, result.err
    images = images_below(tmp_path / "cart")
    assert sorted(images.values()) == stored_bytes(catalogue.series.values())
    assert max(len(series.images) for series in catalogue.series.values()) > 1


def test_the_order_of_names_is_the_order_of_the_images(
    cartload: CommandLine, tmp_path: Path, catalogue: Catalogue
) -> None:
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue)
        cartload("download", cart, "-d", tmp_path)
    folders = {path.parent for path in (tmp_path / "cart").rglob("*.dcm")}
    assert len(folders) == len(catalogue.series)
    for folder in folders:
        read = [pydicom.dcmread(path, stop_before_pixels=True) for path in sorted(folder.iterdir())]
        order = [(image.get("AcquisitionNumber") or 0, image.get("InstanceNumber") or 0) for image in read]
        assert order == sorted(order)
