"""What every manifest reader promises: it knows its own files, and says of each fault where it is."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.errors import ManifestError
from cartload.manifest import Manifest, ManifestSource
from cartload.model import Origin
from cartload.ports import ManifestReader

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

FOREIGN = (
    ManifestSource("empty", b""),
    ManifestSource("zeros.bin", bytes(1000)),
    ManifestSource("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    ManifestSource("archive.zip", b"PK\x03\x04" + bytes(range(256))),
    ManifestSource("image.dcm", bytes(128) + b"DICM\x02\x00\x00\x00UL\x04\x00"),
    ManifestSource("page.html", b"<!DOCTYPE html>\n<title>Sign in</title>\n<p>Session expired.</p>\n"),
    ManifestSource("notes.txt", b"Dear all,\nplease find the cart attached.\n"),
    ManifestSource("shell.sh", b"#!/bin/sh\nexit 0\n"),
)
"""Files that no reader may take for its own; what a portal sends instead of a cart is among them."""

_CUTS = 100
_NOISES = 100


class ManifestReaderContract:
    """The tests of a manifest reader. Give the fixtures ``reader`` and ``examples``: files that it reads.

    ``faulty`` are files that it recognises and must refuse; ``explains`` names those of ``FOREIGN`` that it
    recognises only to say in words of its own what they are, such as the page of a portal's login.
    """

    explains: Collection[str] = ()

    @pytest.fixture
    def reader(self) -> ManifestReader:
        """Give the reader."""
        raise NotImplementedError

    @pytest.fixture
    def examples(self) -> Sequence[ManifestSource]:
        """Give manifests that can be read."""
        raise NotImplementedError

    @pytest.fixture
    def faulty(self) -> Sequence[ManifestSource]:
        """Give manifests of this format that cannot be used."""
        return ()

    def test_it_has_what_the_port_asks_for(self, reader: ManifestReader) -> None:
        """``recognises`` and ``read`` are there."""
        assert isinstance(reader, ManifestReader)

    def test_it_recognises_its_own(self, reader: ManifestReader, examples: Sequence[ManifestSource]) -> None:
        """Readers are asked one after the other, and the first that says yes reads."""
        assert [source.name for source in examples if not reader.recognises(source)] == []

    @pytest.mark.parametrize("source", FOREIGN, ids=lambda source: source.name)
    def test_it_does_not_recognise_others(self, reader: ManifestReader, source: ManifestSource) -> None:
        """A reader that takes everything takes the other readers' files, too."""
        assert reader.recognises(source) is (source.name in self.explains)
        with pytest.raises(ManifestError):
            reader.read(source)

    def test_a_manifest_says_all_that_a_session_needs(
        self, reader: ManifestReader, examples: Sequence[ManifestSource]
    ) -> None:
        """The source untouched, an archive's address, transports, and each series once."""
        for source in examples:
            manifest = reader.read(source)
            assert manifest.source == source
            assert Origin.of(manifest.server_url).host
            assert manifest.transports
            assert manifest.series
            assert len(set(manifest.series)) == len(manifest.series)

    def test_line_ends_are_of_no_account(
        self, reader: ManifestReader, examples: Sequence[ManifestSource]
    ) -> None:
        """Manifests travel through mails and editors."""
        for source in examples:
            windows = evolve(source, content=source.content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
            assert reader.recognises(windows)
            assert reader.read(windows).series == reader.read(source).series

    def test_every_fault_is_named(self, reader: ManifestReader, faulty: Sequence[ManifestSource]) -> None:
        """ManifestError, which says of the file what is wrong with it."""
        for source in faulty:
            assert reader.recognises(source), source.name
            with pytest.raises(ManifestError) as caught:
                reader.read(source)
            assert source.name in str(caught.value)
            assert [fault for fault in caught.value.faults if not fault.text.strip()] == []
            assert caught.value.faults

    def test_a_cut_file_is_read_or_refused(
        self, reader: ManifestReader, examples: Sequence[ManifestSource]
    ) -> None:
        """Nothing but ManifestError comes of a download that broke off."""
        for source in examples:
            for length in range(0, len(source.content), len(source.content) // _CUTS + 1):
                _try(reader, evolve(source, content=source.content[:length]))

    def test_noise_is_read_or_refused(
        self, reader: ManifestReader, examples: Sequence[ManifestSource]
    ) -> None:
        """Nothing but ManifestError comes of a file that somebody altered."""
        random = Random(0)  # noqa: S311 - no secret
        for source in examples:
            for _ in range(_NOISES):
                content = bytearray(source.content)
                for _ in range(random.randrange(1, 10)):
                    content[random.randrange(len(content))] = random.randrange(256)
                _try(reader, evolve(source, content=bytes(content)))


def _try(reader: ManifestReader, source: ManifestSource) -> None:
    assert reader.recognises(source) in {True, False}
    try:
        assert isinstance(reader.read(source), Manifest)
    except ManifestError as error:
        assert error.faults  # noqa: PT017 - it may be read as well
