from __future__ import annotations

from cartload_archive.passwords import encrypted


def test_a_password_is_encrypted_as_a_java_program_does() -> None:
    assert encrypted("secret", "example-key") == "7953BDB6CC0CEADADDF584A0A5975A93"


def test_a_password_of_a_whole_block_gets_a_block_of_padding() -> None:
    assert len(encrypted("x" * 16, "example-key")) == 64


def test_equal_blocks_are_encrypted_alike_under_one_key_only() -> None:
    first, second = encrypted("y" * 32, "one"), encrypted("y" * 32, "two")
    assert first[:32] == first[32:64]
    assert first != second
