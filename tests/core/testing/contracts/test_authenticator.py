from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve, field, frozen

from cartload.ports import Request
from cartload.testing.contracts import AuthenticatorContract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cartload.ports import Authenticator

TOKEN = "a made-up token"
REQUEST = Request(
    "POST", "https://archive.invalid/?a=b", {"Accept": "text/csv"}, (("list", "1"), ("list", "2"))
)


class Guest:
    user: str | None = None

    def sign(self, request: Request) -> Request:
        return request

    def renew(self, refused: Request) -> bool:
        del refused
        return False


@frozen
class Bearer:
    """An authenticator that keeps every promise."""

    token: str = field(default=TOKEN, repr=False)
    user: str | None = "jane"

    def sign(self, request: Request) -> Request:
        return evolve(request, headers={**request.headers, "Authorization": f"Bearer {self.token}"})

    def renew(self, refused: Request) -> bool:
        del refused
        return True


class TestGuest(AuthenticatorContract):
    @pytest.fixture
    def authenticator(self) -> Authenticator:
        return Guest()


class TestBearer(AuthenticatorContract):
    @pytest.fixture
    def authenticator(self) -> Authenticator:
        return Bearer()

    @pytest.fixture
    def secrets(self) -> Sequence[str]:
        return [TOKEN]


@frozen
class Nameless(Bearer):
    user: str | None = ""


class ProvesNothing(Bearer):
    def sign(self, request: Request) -> Request:
        return request


@frozen
class SignsAsGuest(Bearer):
    user: str | None = None


class InTheAddress(Bearer):
    def sign(self, request: Request) -> Request:
        return evolve(super().sign(request), url=f"{request.url}&token={self.token}")


class DropsHeaders(Bearer):
    def sign(self, request: Request) -> Request:
        return evolve(request, headers={"Authorization": "x"})


class DropsTheForm(Bearer):
    def sign(self, request: Request) -> Request:
        return evolve(super().sign(request), form=(("user", "jane"),))


class AltersTheGiven(Bearer):
    def sign(self, request: Request) -> Request:
        assert isinstance(request.headers, dict)
        request.headers["Authorization"] = "x"
        return request


@frozen
class ShowsItself(Bearer):
    token: str = TOKEN


class SaysNothingOfRenewal(Bearer):
    def renew(self, refused: Request) -> bool:
        del refused
        return None  # type: ignore[return-value]  # the fault that the contract is to find


@pytest.mark.parametrize(
    ("broken", "test"),
    [
        (Nameless, "test_the_user_is_named_or_a_guest"),
        (ProvesNothing, "test_a_guest_s_request_is_unchanged"),
        (SignsAsGuest, "test_a_guest_s_request_is_unchanged"),
        (InTheAddress, "test_what_is_asked_stays_the_same"),
        (InTheAddress, "test_no_secret_is_put_into_the_address"),
        (DropsHeaders, "test_what_is_asked_stays_the_same"),
        (DropsTheForm, "test_what_is_asked_stays_the_same"),
        (AltersTheGiven, "test_the_request_that_was_given_is_left_alone"),
        (ShowsItself, "test_no_secret_is_shown"),
        (SaysNothingOfRenewal, "test_renewing_says_whether_there_is_fresh_proof"),
        (SignsAsGuest, "test_renewing_says_whether_there_is_fresh_proof"),
    ],
)
def test_the_contract_finds_what_is_wrong(broken: type[Bearer], test: str) -> None:
    method = getattr(AuthenticatorContract(), test)
    wanted = method.__code__.co_varnames[1 : method.__code__.co_argcount]
    fixtures = {"authenticator": broken(), "request_to_sign": REQUEST, "secrets": [TOKEN]}
    with pytest.raises(AssertionError):
        method(**{name: fixtures[name] for name in wanted})
