"""What every naming promises: safe, distinct names that depend on nothing but the series and its images."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload import paths
from cartload.headers import tag_of
from cartload.ports import Naming
from cartload.testing.contracts.examples import records, series_of_images
from cartload.testing.staged import series_record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cartload.model import ImageHeader


class NamingContract:
    """The tests of a naming. Give the fixture ``naming``; ``suffix`` is what every file name ends in."""

    suffix = ".dcm"

    @pytest.fixture
    def naming(self) -> Naming:
        """Give the naming."""
        raise NotImplementedError

    def test_it_has_what_the_port_asks_for(self, naming: Naming) -> None:
        """``attributes``, ``directory`` and ``file_names`` are there."""
        assert isinstance(naming, Naming)

    def test_the_attributes_are_dicom_keywords(self, naming: Naming) -> None:
        """A misspelt keyword would be absent from every image."""
        assert [keyword for keyword in naming.attributes if tag_of(keyword) is None] == []

    def test_every_directory_is_safe(self, naming: Naming) -> None:
        """Whatever an archive says, the directory is relative, and each part of it a safe name."""
        for series in records():
            paths.checked(naming.directory(series))

    def test_equal_series_have_equal_directories(self, naming: Naming) -> None:
        """The directory depends on the record alone."""
        for series in records():
            assert naming.directory(evolve(series)) == naming.directory(series)

    def test_there_is_one_name_for_each_image(self, naming: Naming) -> None:
        """As many names as images, in the order of the images."""
        for title, images in series_of_images(naming.attributes).items():
            assert len(_names(naming, images)) == len(images), title

    def test_every_name_is_a_safe_file_name(self, naming: Naming) -> None:
        """Whatever an image says, its name is one component of a path."""
        for title, images in series_of_images(naming.attributes).items():
            for name in _names(naming, images):
                assert paths.component(name) == name, title

    def test_every_name_ends_as_it_should(self, naming: Naming) -> None:
        """Viewers and file managers go by the suffix, in upper or lower case."""
        for title, images in series_of_images(naming.attributes).items():
            names = [name.lower() for name in _names(naming, images)]
            assert [name for name in names if not name.endswith(self.suffix)] == [], title

    def test_names_are_distinct_even_without_case(self, naming: Naming) -> None:
        """Some file systems take ``a.dcm`` and ``A.DCM`` for one file."""
        for title, images in series_of_images(naming.attributes).items():
            keys = {paths.collision_key(name) for name in _names(naming, images)}
            assert len(keys) == len(images), title

    def test_names_do_not_depend_on_the_order_of_arrival(self, naming: Naming) -> None:
        """An interrupted series arrives in another order, and must be called the same."""
        for title, images in series_of_images(naming.attributes).items():
            expected = _by_uid(naming, images)
            for seed in range(5):
                shuffled = list(images)
                Random(seed).shuffle(shuffled)  # noqa: S311 - no secret
                assert _by_uid(naming, shuffled) == expected, title

    def test_one_image_more_makes_no_two_equal(self, naming: Naming) -> None:
        """Names are distinct for any part of a series."""
        for title, images in series_of_images(naming.attributes).items():
            for count in range(min(len(images), 20)):
                names = _names(naming, images[: count + 1])
                assert len(set(map(paths.collision_key, names))) == count + 1, title


def _names(naming: Naming, images: Sequence[ImageHeader]) -> Sequence[str]:
    return naming.file_names(series_record(), images)


def _by_uid(naming: Naming, images: Sequence[ImageHeader]) -> dict[str, str]:
    return {image.sop_uid: name for image, name in zip(images, _names(naming, images), strict=True)}
