from __future__ import annotations

import pytest

from cartload.credentials import Credentials, Secret
from cartload.errors import LoginError
from cartload.model import Origin
from cartload_common.credentials.variables import PASSWORD, USERNAME, Variables

ORIGIN = Origin.of("https://archive.example")
BOTH = {USERNAME: "jane", PASSWORD: "c4n4ry"}


def test_both_variables_are_a_login() -> None:
    assert Variables(BOTH).find(ORIGIN, None) == Credentials("jane", Secret("c4n4ry"))


@pytest.mark.parametrize("environment", [{}, {USERNAME: "jane"}, {USERNAME: "jane", PASSWORD: ""}])
def test_without_a_password_there_is_no_login(environment: dict[str, str]) -> None:
    assert Variables(environment).find(ORIGIN, None) is None


def test_a_password_of_nobody_is_told_and_not_quoted() -> None:
    with pytest.raises(
        LoginError, match="CARTLOAD_PASSWORD: there is a password, but no user name"
    ) as refused:
        Variables({PASSWORD: "c4n4ry"}).find(ORIGIN, None)
    assert "c4n4ry" not in str(refused.value)


def test_the_password_is_that_of_the_user_who_was_named() -> None:
    found = Variables({PASSWORD: "c4n4ry"}).find(ORIGIN, "john")
    assert found == Credentials("john", Secret("c4n4ry"))


def test_another_users_login_is_not_given() -> None:
    assert Variables(BOTH).find(ORIGIN, "john") is None


def test_bytes_that_are_no_text_are_told_and_not_quoted() -> None:
    with pytest.raises(LoginError, match="no character") as refused:
        Variables({USERNAME: "jane", PASSWORD: "c4n4ry\udcff"}).find(ORIGIN, None)
    assert "c4n4ry" not in str(refused.value)
