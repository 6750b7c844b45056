from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.credentials import Secret
from cartload_archive.passwords import encrypted
from cartload_plugins.auth.passwords import hidden

texts = st.text(st.characters(exclude_categories=["Cs"]))


def test_a_password_is_hidden_as_a_java_program_does() -> None:
    assert hidden(Secret("secret"), "example-key").reveal() == "7953BDB6CC0CEADADDF584A0A5975A93"


@given(texts, texts)
def test_a_password_is_hidden_as_the_synthetic_archive_expects(password: str, key: str) -> None:
    assert hidden(Secret(password), key).reveal() == encrypted(password, key)


@pytest.mark.parametrize("length", [0, 15, 16, 17, 32])
def test_a_hidden_password_is_whole_blocks(length: int) -> None:
    assert len(hidden(Secret("x" * length), "key").reveal()) == 32 * (length // 16 + 1)


def test_a_hidden_password_is_as_secret_as_the_password() -> None:
    assert hidden(Secret("secret"), "example-key").reveal() not in repr(
        hidden(Secret("secret"), "example-key")
    )


def test_the_library_is_loaded_only_when_a_password_is_hidden() -> None:
    program = "import sys, cartload_plugins.auth.nbia_servlet; print('cryptography' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - this interpreter
    assert done.stdout.strip() == "False"
