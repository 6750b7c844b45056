from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import LoginError
from cartload_common.credentials.retriever_file import read_login

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "c4n4ry"


def written(folder: Path, text: str) -> Path:
    path = folder / "login.properties"
    path.write_bytes(text.encode())
    path.chmod(0o600)
    return path


@pytest.mark.parametrize(
    ("text", "password"),
    [
        ("userName=jane\npassWord=c4n4ry", "c4n4ry"),
        ("passWord=c4n4ry\r\nuserName=jane\r\n", "c4n4ry"),
        ("userName = jane\npassWord : c4n4ry\n", "c4n4ry"),
        ("userName jane\npassWord c4n4ry\n", "c4n4ry"),
        ("# mine\n! not yours\n\nuserName=jane\npassWord=a#b=c:d e\n", "a#b=c:d e"),
        ("userName=jane\npassWord=two\\\n   lines\n", "twolines"),
        ("userName=jane\npassWord=back\\\\slash\\=\\u00e4\\ud83d\\ude00\\t\n", "back\\slash=ä😀\t"),
        ("userName=jane\npassWord=blank at the end \n", "blank at the end "),
        ("userName=jane\npassWord=first\npassWord=last\n", "last"),
        ("username=jane\npassword=c4n4ry\nother=1\n", "c4n4ry"),
        ("userName=jane\npassWord=ends in two\\\\\nother=1\n", "ends in two\\"),
    ],
)
def test_the_originals_file_is_read_as_java_reads_it(tmp_path: Path, text: str, password: str) -> None:
    login = read_login(written(tmp_path, text))
    assert login.user == "jane"
    assert login.password.reveal() == password


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", "no userName and no passWord"),
        ("userName=jane", "no passWord"),
        ("passWord=c4n4ry", "no userName"),
        ("userName=\npassWord=c4n4ry", "no userName"),
        ("jane c4n4ry", "no userName and no passWord"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_quoted(tmp_path: Path, text: str, missing: str) -> None:
    with pytest.raises(LoginError) as refused:
        read_login(written(tmp_path, text))
    assert missing in str(refused.value)
    assert CANARY not in str(refused.value)


def test_half_a_character_is_never_sent(tmp_path: Path) -> None:
    login = read_login(written(tmp_path, "userName=jane\npassWord=\\ud83dx\n"))
    assert login.password.reveal() == "\ufffdx"


def _escaped(text: str) -> str:
    units = text.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_whatever_is_escaped_comes_back(tmp_path_factory: pytest.TempPathFactory, password: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    login = read_login(written(folder, f"userName=jane\npassWord={_escaped(password)}\n"))
    assert login.password.reveal() == password
