"""A secret stays one, whatever is done with it."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.conversion import unstructure
from cartload.credentials import Credentials, NoLogin, Secret

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = "c4n4ry-pa55word"
SECRET = Secret(TEXT)
JANE = Credentials("jane", SECRET)

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts)
def test_a_secret_tells_its_text_when_it_is_asked_to(text: str) -> None:
    assert Secret(text).reveal() == text


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        ascii,
        "{}".format,
        "{!r:>40}".format,
        "{:.3}".format,
        "{:<200}".format,
        lambda value: f"{value}",
        lambda value: "%s %r" % (value, value),  # noqa: UP031 - one of the ways
        lambda value: json.dumps(value, default=str),
        lambda value: json.dumps(value, default=repr),
        lambda value: str([value, {"password": value}]),
        lambda value: str(attrs.asdict(Credentials("jane", value))),
        lambda value: str(attrs.astuple(Credentials("jane", value))),
        lambda value: str(unstructure(Credentials("jane", value))),
        lambda value: repr(Credentials("jane", value)),
        lambda value: logging.LogRecord("x", 10, "x", 1, "%s", (value,), None).getMessage(),
        lambda value: str(dir(value)),
    ],
)
def test_it_is_never_shown(show: Callable[[Secret], str]) -> None:
    assert TEXT not in show(SECRET)
    assert TEXT[:3] not in show(SECRET)


def test_a_format_tells_nothing_of_its_length() -> None:
    assert f"{SECRET:.3}" == f"{Secret('x'):>100}" == str(SECRET)


@pytest.mark.parametrize(
    "write",
    [
        pickle.dumps,
        lambda value: pickle.dumps([value]),
        lambda value: pickle.dumps(Credentials("jane", value)),
        json.dumps,
        lambda value: json.dumps({"password": value}),
        bytes,
        vars,
        len,
        iter,
        hash,
        lambda value: "c4n" in value,
        lambda value: value < value,  # noqa: PLR0124 - an order would tell
        lambda value: value + "x",
        lambda value: value[0],
    ],
)
def test_what_would_write_it_down_or_tell_of_it_fails(write: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError) as caught:
        write(SECRET)
    assert TEXT not in "".join(traceback.format_exception(caught.value))


def test_it_does_not_change() -> None:
    secret = Secret(TEXT)
    with pytest.raises(AttributeError):
        secret._text = "other"
    with pytest.raises(AttributeError):
        del secret._text
    assert secret.reveal() == TEXT


def test_a_copy_is_the_secret_itself() -> None:
    assert copy.copy(SECRET) is SECRET
    assert copy.deepcopy([SECRET])[0] is SECRET


@given(texts, texts)
def test_secrets_are_equal_when_their_texts_are(one: str, other: str) -> None:
    assert (Secret(one) == Secret(other)) is (one == other)


def test_a_secret_equals_no_text() -> None:
    assert SECRET != TEXT
    assert TEXT != SECRET


def test_credentials_are_compared_by_user_and_password() -> None:
    assert Credentials("jane", Secret("x")) == Credentials("jane", Secret("x"))
    assert Credentials("jane", Secret("x")) != Credentials("jane", Secret("y"))
    assert Credentials("jane", Secret("x")) != Credentials("john", Secret("x"))


@pytest.mark.parametrize("user", ["", " ", "\t\n", "half a character \udc80"])
def test_a_user_has_a_name(user: str) -> None:
    with pytest.raises(ValueError, match="name"):
        Credentials(user, SECRET)


def test_what_is_no_text_is_refused_without_a_trace_of_it() -> None:
    with pytest.raises(ValueError, match="no character") as caught:
        Secret(f"{TEXT}\udc80")
    assert TEXT not in "".join(traceback.format_exception(caught.value))


def test_no_login_gives_nothing_whatever_it_hears() -> None:
    login = NoLogin()
    login.refused(JANE)
    login.accepted(JANE)
    assert login.credentials() is None
