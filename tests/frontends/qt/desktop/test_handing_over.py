from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload_qt.desktop import handing_over

TEXTS = st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=200)


@given(st.none() | TEXTS.map(lambda name: Path.cwd() / name))
def test_what_is_said_is_understood(manifest: Path | None) -> None:
    line = handing_over.message(manifest)
    assert line.count(b"\n") == 1
    assert handing_over.understood(line) == manifest


def test_a_relative_path_becomes_whole_where_it_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert handing_over.understood(handing_over.message(Path("cart.tcia"))) == tmp_path / "cart.tcia"


def test_a_name_that_is_no_text_survives(tmp_path: Path) -> None:
    manifest = tmp_path / "cart\udcff.tcia"
    assert handing_over.understood(handing_over.message(manifest)) == manifest


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"cart.tcia\n",
        b"\xff\xfe\n",
        b"[]\n",
        b"{}\n",
        b'{"manifest": "cart.tcia"}\n',
        b'{"manifest": ""}\n',
        b'{"manifest": 7}\n',
        b'{"manifest": ["/a"]}\n',
        b'{"manifest": "/a\\u0000"}\n',
        b'{"manifest": "/a", "run": "/bin/sh"}\n',
        b"[" * 50_000 + b"\n",
        b'{"manifest": "/' + b"a" * handing_over.MOST_BYTES + b'"}\n',
    ],
)
def test_anything_else_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"^it |^the manifest "):
        handing_over.understood(line)


@given(st.binary(max_size=200))
def test_any_bytes_are_understood_or_refused(line: bytes) -> None:
    try:
        found = handing_over.understood(line)
    except ValueError:
        return
    assert found is None or found.is_absolute()
