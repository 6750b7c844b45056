from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from cartload.errors import ManifestError
from cartload.manifest import ManifestSource
from cartload.staging import find_manifests, load_manifest, manifests

if TYPE_CHECKING:
    from pathlib import Path


def test_a_manifest_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "cart.tcia").write_bytes(b"\xef\xbb\xbfa\r\n\xff")
    assert load_manifest(tmp_path / "cart.tcia") == ManifestSource("cart.tcia", b"\xef\xbb\xbfa\r\n\xff")


def test_a_manifest_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"cart\.tcia: it cannot be read: No such file or directory"):
        load_manifest(tmp_path / "cart.tcia")


def test_a_folder_is_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="it cannot be read: "):
        load_manifest(tmp_path)


def test_a_manifest_of_the_largest_size_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "MOST_BYTES", 10)
    (tmp_path / "cart.tcia").write_bytes(bytes(10))
    assert len(load_manifest(tmp_path / "cart.tcia").content) == 10


def test_a_larger_manifest_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "MOST_BYTES", 10)
    (tmp_path / "cart.tcia").write_bytes(bytes(11))
    with pytest.raises(ManifestError, match="it is larger than 10 bytes"):
        load_manifest(tmp_path / "cart.tcia")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_kept_manifest_is_found_by_its_digest_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "other.tcia").write_bytes(b"other")
    (tmp_path / "renamed").write_bytes(b"cart")
    assert find_manifests(tmp_path, {_sha256(b"cart"), _sha256(b"lost")}) == {_sha256(b"cart"): b"cart"}


def test_folders_links_and_what_is_too_large_are_no_kept_manifests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifests, "MOST_BYTES", 4)
    (tmp_path / "folder").mkdir()
    (tmp_path / "large").write_bytes(b"a cart")
    (tmp_path / "folder" / "cart").write_bytes(b"cart")
    (tmp_path / "link").symlink_to(tmp_path / "folder" / "cart")
    assert find_manifests(tmp_path, {_sha256(b"cart"), _sha256(b"a cart")}) == {}
