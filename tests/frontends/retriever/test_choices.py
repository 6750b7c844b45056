from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.errors import ManifestError
from cartload.settings import Existing, FileNames
from cartload_retriever.choices import read_manifest, read_settings, top_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("argument", "folder"),
    [
        ("cart.tcia", "cart"),
        ("my.v2.tcia", "my"),
        ("./cart.tcia", "cart"),
        ("/data/v1.0/cart.tcia", "cart"),
        ("../a.b/c.d.tcia", "c"),
        (".tcia", ""),
    ],
)
def test_the_top_folder_is_the_name_up_to_its_first_dot(argument: str, folder: str) -> None:
    assert top_folder(argument) == folder


def test_a_manifest_is_called_as_its_folder_is(tmp_path: Path) -> None:
    path = tmp_path / "my.v2.tcia"
    path.write_bytes(b"content")
    source = read_manifest(str(path))
    assert (source.name, source.stem, source.content) == ("my.tcia", "my", b"content")


def test_a_manifest_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="nowhere"):
        read_manifest(str(tmp_path / "nowhere.tcia"))


def test_the_disk_is_the_original_s_and_the_network_the_user_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text(
        'naming = "uid"\ntemplate = "x"\nannotations = false\njobs = 2\nca_file = "/own.pem"\n'
        '[plugins.descriptive]\nmissing = "NA"\n'
    )
    monkeypatch.setenv("CARTLOAD_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("CARTLOAD_FILE_NAMES", "uid")
    settings = read_settings("classic", proxy="direct", ca_file=None)
    assert (settings.naming, settings.file_names, settings.storage) == ("classic", FileNames.SERVER, "local")
    assert (settings.template, settings.annotations, settings.existing) == (None, None, Existing.ASK)
    assert settings.plugins["descriptive"] == {"missing": ""}
    assert (settings.jobs, settings.ca_file, settings.proxy) == (2, "/own.pem", "direct")


def test_digests_are_compared_whatever_the_users_settings_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARTLOAD_CHECK", "no")
    assert read_settings("descriptive", proxy=None, ca_file=None).check
