from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.errors import ManifestError, ManifestFault
from cartload.manifest import Manifest, ManifestSource
from cartload.model import SeriesUID, is_uid
from cartload.testing.contracts import ManifestReaderContract
from cartload.testing.contracts.manifest_reader import FOREIGN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cartload.ports import ManifestReader

HEAD = "# a cart"
GOOD = ManifestSource("good.cart", b"# a cart\n1.2.3\n1.2.4\n1.2.3\n")
FAULTY = ManifestSource("faulty.cart", b"# a cart\n1.2.3\nnot a UID\n")
EMPTY = ManifestSource("empty.cart", b"# a cart\n")


class CartReader:
    """A reader that keeps every promise."""

    def recognises(self, source: ManifestSource) -> bool:
        return source.text().startswith(HEAD)

    def read(self, source: ManifestSource) -> Manifest:
        lines = source.text().splitlines()[1:]
        faults = [
            ManifestFault(f"{line!r} is no UID", number)
            for number, line in enumerate(lines, 2)
            if not is_uid(line)
        ]
        if faults or not lines:
            raise ManifestError(source.name, faults or [ManifestFault("it is empty")])
        series = tuple(SeriesUID(line) for line in dict.fromkeys(lines))
        return Manifest(
            source=source, server_url="https://archive.invalid", series=series, transports=("nbia",)
        )


class TestCartReader(ManifestReaderContract):
    @pytest.fixture
    def reader(self) -> ManifestReader:
        return CartReader()

    @pytest.fixture
    def examples(self) -> Sequence[ManifestSource]:
        return [GOOD]

    @pytest.fixture
    def faulty(self) -> Sequence[ManifestSource]:
        return [FAULTY, EMPTY]


class TestWithoutFaultyExamples(ManifestReaderContract):
    @pytest.fixture
    def reader(self) -> ManifestReader:
        return CartReader()

    @pytest.fixture
    def examples(self) -> Sequence[ManifestSource]:
        return [GOOD]


class TakesNothing(CartReader):
    def recognises(self, source: ManifestSource) -> bool:
        del source
        return False


class TakesAll(CartReader):
    def recognises(self, source: ManifestSource) -> bool:
        del source
        return True


class RepeatsSeries(CartReader):
    def read(self, source: ManifestSource) -> Manifest:
        manifest = super().read(source)
        return evolve(manifest, series=manifest.series * 2)


class KeepsLineEnds(CartReader):
    def read(self, source: ManifestSource) -> Manifest:
        lines = source.content.decode().split("\n")[1:-1]
        return evolve(super().read(source), series=tuple(map(SeriesUID, dict.fromkeys(lines))))


class PassesOverFaults(CartReader):
    def read(self, source: ManifestSource) -> Manifest:
        lines = [line for line in source.text().splitlines() if is_uid(line)]
        return super().read(evolve(source, content="\n".join([HEAD, *lines, "1.2"]).encode()))


class FallsOver(CartReader):
    def read(self, source: ManifestSource) -> Manifest:
        return super().read(evolve(source, content=source.content.decode("ascii").encode()))


class CannotBeCut(CartReader):
    def read(self, source: ManifestSource) -> Manifest:
        assert source.content.endswith(b"\n")
        return super().read(source)


def _run(reader: ManifestReader, test: str) -> None:
    method = getattr(ManifestReaderContract(), test)
    wanted = method.__code__.co_varnames[1 : method.__code__.co_argcount]
    fixtures = {"reader": reader, "examples": [GOOD], "faulty": [FAULTY], "source": FOREIGN[0]}
    method(**{name: fixtures[name] for name in wanted})


@pytest.mark.parametrize(
    ("broken", "test"),
    [
        (TakesNothing, "test_it_recognises_its_own"),
        (TakesAll, "test_it_does_not_recognise_others"),
        (RepeatsSeries, "test_a_manifest_says_all_that_a_session_needs"),
        (KeepsLineEnds, "test_line_ends_are_of_no_account"),
        (PassesOverFaults, "test_every_fault_is_named"),
        (CannotBeCut, "test_a_cut_file_is_read_or_refused"),
        (FallsOver, "test_noise_is_read_or_refused"),
    ],
)
def test_the_contract_finds_what_is_wrong(broken: type[CartReader], test: str) -> None:
    with pytest.raises((AssertionError, UnicodeDecodeError, pytest.fail.Exception)):
        _run(broken(), test)
