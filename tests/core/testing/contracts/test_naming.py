from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from cartload import paths
from cartload.errors import NamingError
from cartload.testing.contracts import NamingContract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cartload.model import ImageHeader, SeriesRecord
    from cartload.ports import Naming


class ByUid:
    """A naming that keeps every promise."""

    @property
    def attributes(self) -> frozenset[str]:
        return frozenset({"InstanceNumber"})

    def directory(self, series: SeriesRecord) -> PurePosixPath:
        return paths.relative(series.collection, series.patient_id, series.series_uid)

    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        del series
        return [f"{image.sop_uid}.dcm" for image in images]


class TestByUid(NamingContract):
    @pytest.fixture
    def naming(self) -> Naming:
        return ByUid()


class Misspelt(ByUid):
    @property
    def attributes(self) -> frozenset[str]:
        return frozenset({"InstanceNummer"})


class TrustsTheArchive(ByUid):
    def directory(self, series: SeriesRecord) -> PurePosixPath:
        return PurePosixPath(series.collection, series.series_uid)


class CountsCalls(ByUid):
    def __init__(self) -> None:
        self._calls = 0

    def directory(self, series: SeriesRecord) -> PurePosixPath:
        self._calls += 1
        return paths.relative(series.collection, str(self._calls))


class InOrderOfArrival(ByUid):
    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        del series
        return [f"{number:03}.dcm" for number, _ in enumerate(images)]


class ByServerName(ByUid):
    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        del series
        return [paths.component(f"{image.server_name}.dcm") for image in images]


class BySingleNumber(ByUid):
    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        del series
        return [f"{image.attributes.get('InstanceNumber', '0')}.dcm" for image in images]


class LeavesOneOut(ByUid):
    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        return super().file_names(series, images[1:])


class WithoutSuffix(ByUid):
    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        del series
        return [image.sop_uid for image in images]


@pytest.mark.parametrize(
    ("broken", "test"),
    [
        (Misspelt(), "test_the_attributes_are_dicom_keywords"),
        (CountsCalls(), "test_equal_series_have_equal_directories"),
        (LeavesOneOut(), "test_there_is_one_name_for_each_image"),
        (WithoutSuffix(), "test_every_name_ends_as_it_should"),
        (BySingleNumber(), "test_every_name_is_a_safe_file_name"),
        (ByServerName(), "test_names_are_distinct_even_without_case"),
        (ByServerName(), "test_one_image_more_makes_no_two_equal"),
        (InOrderOfArrival(), "test_names_do_not_depend_on_the_order_of_arrival"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_the_contract_finds_what_is_wrong(broken: Naming, test: str) -> None:
    with pytest.raises(AssertionError):
        getattr(NamingContract(), test)(broken)


def test_the_contract_finds_unsafe_directories() -> None:
    with pytest.raises(NamingError):
        NamingContract().test_every_directory_is_safe(TrustsTheArchive())
