"""What every manifest reader promises, of the bundled ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.testing.contracts import ManifestReaderContract
from cartload_plugins.manifests.collection import CollectionReader
from cartload_plugins.manifests.tcia import TciaReader
from cartload_plugins.manifests.uids import UidsReader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cartload.manifest import ManifestSource
    from cartload.ports import ManifestReader

    Example = Callable[[str], ManifestSource]

SERVLET = "https://archive.example.org/nbia-download/servlet/DownloadServlet"


class TestTciaReader(ManifestReaderContract):
    @pytest.fixture
    def reader(self) -> ManifestReader:
        return TciaReader()

    @pytest.fixture
    def examples(self, example: Example) -> Sequence[ManifestSource]:
        names = ("plain", "by-hand", "byte-order-mark", "heading-no-final-newline", "repeated", "version-4")
        return [example(f"{name}.tcia") for name in names]

    @pytest.fixture
    def faulty(self, example: Example) -> Sequence[ManifestSource]:
        names = ("many-faults", "version-2", "not-dicom")
        return [example(f"{name}.tcia") for name in names]


class TestUidsReader(ManifestReaderContract):
    @pytest.fixture
    def reader(self) -> ManifestReader:
        return UidsReader("https://archive.example.org")

    @pytest.fixture
    def examples(self, example: Example) -> Sequence[ManifestSource]:
        return [example("uids.txt")]


class TestCollectionReader(ManifestReaderContract):
    explains = ("page.html",)

    @pytest.fixture
    def reader(self) -> ManifestReader:
        cart = f"downloadServerUrl={SERVLET}\nListOfSeriesToDownload=\n1.2.3\n1.2.4\n"
        return CollectionReader(lambda _: cart.encode(), TciaReader())

    @pytest.fixture
    def examples(self, example: Example) -> Sequence[ManifestSource]:
        return [example("collection.xml")]

    @pytest.fixture
    def faulty(self, example: Example) -> Sequence[ManifestSource]:
        return [example("entities.xml")]
