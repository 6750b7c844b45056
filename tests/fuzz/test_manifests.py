"""Whatever a manifest holds: it is read or refused, and what was read says the same when written again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from cartload.errors import ManifestError, TransportError
from cartload.manifest import MOST_SERIES, Manifest, ManifestSource
from cartload.model import is_uid
from cartload_plugins.manifests.collection import CollectionReader
from cartload_plugins.manifests.tcia import TciaReader
from cartload_plugins.manifests.uids import UidsReader
from fuzz.damage import Damage

if TYPE_CHECKING:
    from random import Random

    from cartload.ports import ManifestReader
    from fuzz.feeding import Feeder

_EXAMPLES = Path(__file__).parents[1] / "plugins" / "manifests" / "examples"
_HOST = "https://archive.example.org"
_NAMES = ("cart.tcia", "cart.manifest", "cart.xml", "list.txt", "", "\u202e.tcia", "a/b.TCIA")
_LONGEST_FAULT = 500
_PORTALS_WORDS = (
    *(b"ListOfSeriesToDownload=", b"listofseriestodownload", b"downloadServerUrl=", b"manifestVersion="),
    *(b"noOfrRetry=", b"noOfRetry:", b"databasketId ", b"includeAnnotation=", b"tempLoc=", b"dataType=Other"),
    *(b"series", b"instance", b"uid", b"Series Instance UID", b"1.2.840.10008", b"0", b".", b"1000", b"3.0"),
    *(b"https://", b"http://", b"127.0.0.1", b"[::1", b"]", b":65536/", b"@", b"/nbia-api/services/v1"),
)
_MARKS = (
    *(b"\n", b"\r", b"\r\n", b"\\", b"\\u0041", b"\\ud83d\\ude00", b"\\udc00", b"#", b"!", b",", b"'", b" "),
    *(
        b"\t",
        b"\f",
        b"\0",
        b"\x0b",
        b"\x85",
        b"\xa0",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xe2\x80\xa8",
        b"\xed\xa0\x80",
    ),
)
_MARKUP = (
    *(
        b"<",
        b"<!",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"<?xml version='1.0' encoding='utf-16'?>",
        b"<![CDATA[",
    ),
    *(b"<URL>", b"</URL>", b"<TCIACollection>", b"</TCIACollection>", b"&lt;", b"&a;", b"&#0;", b"xmlns='u'"),
)
_DAMAGE = Damage(
    [path.read_bytes() for path in sorted(_EXAMPLES.iterdir())], _PORTALS_WORDS + _MARKS + _MARKUP
)
_CARTS = Damage([path.read_bytes() for path in sorted(_EXAMPLES.glob("*.tcia"))], _PORTALS_WORDS + _MARKS)


def _made(random: Random) -> tuple[str, bytes, bytes]:
    """Make a file, and what a server answers where the file names one."""
    return random.choice(_NAMES), _DAMAGE.done(random), _CARTS.done(random)


def _readers(answer: bytes) -> list[ManifestReader]:
    def fetch(address: str) -> bytes:
        if len(address) % 7 == 0:
            raise TransportError("nobody there.", subject=address)
        return answer

    return [TciaReader(), UidsReader(_HOST), CollectionReader(fetch, TciaReader())]


def _is_read_or_refused(made: tuple[str, bytes, bytes]) -> str:
    name, content, answer = made
    source = ManifestSource(name, content)
    readers = _readers(answer)
    assert sum(reader.recognises(source) for reader in readers) <= 1
    outcomes = [_outcome(reader, source) for reader in readers]
    return "read" if any(outcomes) else "refused"


def _outcome(reader: ManifestReader, source: ManifestSource) -> bool:
    try:
        manifest = reader.read(source)
    except ManifestError as error:
        assert error.faults  # noqa: PT017 - it need not be raised
        assert all(0 < len(fault.text) < _LONGEST_FAULT for fault in error.faults)  # noqa: PT017 - likewise
        assert all(fault.text.isprintable() for fault in error.faults)  # noqa: PT017 - likewise
        return False
    _is_sound(manifest, source)
    assert _written_and_read(manifest) == evolve(manifest, source=_written(manifest), warnings=())
    return True


def _is_sound(manifest: Manifest, source: ManifestSource) -> None:
    assert manifest.source is source
    assert 0 < len(manifest.series) == len(set(manifest.series)) <= MOST_SERIES
    assert all(map(is_uid, manifest.series))
    assert manifest.server_url.lower().startswith(("http://", "https://"))
    assert manifest.attempts is None or 1 <= manifest.attempts <= 1000
    assert all(warning.isprintable() and len(warning) < _LONGEST_FAULT for warning in manifest.warnings)


def _written(manifest: Manifest) -> ManifestSource:
    """Write a cart as a portal does, with every key that says something."""
    annotations = manifest.include_annotations
    keys = {
        "downloadServerUrl": manifest.server_url,
        "includeAnnotation": None if annotations is None else str(annotations).lower(),
        "noOfrRetry": None if manifest.attempts is None else str(manifest.attempts),
        "databasketId": manifest.basket_id,
        "manifestVersion": manifest.version,
    }
    header = [f"{key}={_escaped(value)}" for key, value in keys.items() if value is not None]
    text = "\n".join([*header, "ListOfSeriesToDownload=", *manifest.series])
    return ManifestSource("written.tcia", text.encode())


def _escaped(text: str) -> str:
    units = text.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _written_and_read(manifest: Manifest) -> Manifest:
    return evolve(TciaReader().read(_written(manifest)), warnings=())


def test_any_manifest_is_read_or_refused_and_says_the_same_when_it_is_written_again(fuzz: Feeder) -> None:
    fuzz.feed(_made, _is_read_or_refused)
