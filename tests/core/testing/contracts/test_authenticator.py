from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from attrs import evolve, field, frozen

from cartload.errors import LoginError
from cartload.ports import Request
from cartload.testing.contracts import AuthenticatorContract
from cartload.workers import StopSignal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cartload.ports import Authenticator, Stop

TOKEN = "a made-up token"
REQUEST = Request(
    "POST", "https://archive.invalid/?a=b", {"Accept": "text/csv"}, (("list", "1"), ("list", "2"))
)


class Guest:
    user: str | None = None

    def sign(self, request: Request, stop: Stop) -> Request:
        assert not stop.requested
        return request

    def renew(self, refused: Request, stop: Stop) -> bool:
        assert not stop.requested
        del refused
        return False


@frozen
class Bearer:
    """An authenticator that keeps every promise."""

    token: str = field(default=TOKEN, repr=False)
    user: str | None = "jane"

    def sign(self, request: Request, stop: Stop) -> Request:
        assert not stop.requested
        if urlsplit(request.url)[:2] != ("https", "archive.invalid"):
            return request
        return evolve(request, headers={**request.headers, "Authorization": f"Bearer {self.token}"})

    def renew(self, refused: Request, stop: Stop) -> bool:
        assert not stop.requested
        del refused
        return True


class Strict(Bearer):
    """Another that does, and is loud where it must not sign."""

    def sign(self, request: Request, stop: Stop) -> Request:
        signed = super().sign(request, stop)
        if signed == request:
            raise LoginError("not there")
        return signed


class TestGuest(AuthenticatorContract):
    @pytest.fixture
    def authenticator(self) -> Authenticator:
        return Guest()


class TestBearer(AuthenticatorContract):
    @pytest.fixture(params=[Bearer, Strict])
    def authenticator(self, request: pytest.FixtureRequest) -> Authenticator:
        made: Authenticator = request.param()
        return made

    @pytest.fixture
    def secrets(self) -> Sequence[str]:
        return [TOKEN]


@frozen
class Nameless(Bearer):
    user: str | None = ""


class ProvesNothing(Bearer):
    def sign(self, request: Request, stop: Stop) -> Request:
        assert not stop.requested
        return request


@frozen
class SignsAsGuest(Bearer):
    user: str | None = None


class InTheAddress(Bearer):
    def sign(self, request: Request, stop: Stop) -> Request:
        return evolve(super().sign(request, stop), url=f"{request.url}&token={self.token}")


class DropsHeaders(Bearer):
    def sign(self, request: Request, stop: Stop) -> Request:
        return evolve(super().sign(request, stop), headers={"Authorization": "x"})


class DropsTheForm(Bearer):
    def sign(self, request: Request, stop: Stop) -> Request:
        return evolve(super().sign(request, stop), form=(("user", "jane"),))


class AltersTheGiven(Bearer):
    def sign(self, request: Request, stop: Stop) -> Request:
        assert not stop.requested
        assert isinstance(request.headers, dict)
        request.headers["Authorization"] = "x"
        return request


class SignsForEverybody(Bearer):
    def sign(self, request: Request, stop: Stop) -> Request:
        assert not stop.requested
        return evolve(request, headers={**request.headers, "Authorization": f"Bearer {self.token}"})


class BelievesTheUserName(Bearer):
    def sign(self, request: Request, stop: Stop) -> Request:
        signed = "//archive.invalid@" in request.url or "//archive.invalid/" in request.url
        return evolve(request, headers={"Authorization": "x"}) if signed else super().sign(request, stop)


class MixesThreadsUp(Bearer):
    def sign(self, request: Request, stop: Stop) -> Request:
        return evolve(super().sign(request, stop), form=(*REQUEST.form, ("n", "0")))


@frozen
class ShowsItself(Bearer):
    token: str = TOKEN


class SaysNothingOfRenewal(Bearer):
    def renew(self, refused: Request, stop: Stop) -> bool:
        assert not stop.requested
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
        (SignsForEverybody, "test_another_origin_gets_no_proof"),
        (BelievesTheUserName, "test_another_origin_gets_no_proof"),
        (MixesThreadsUp, "test_several_threads_may_sign_and_renew_at_once"),
    ],
)
def test_the_contract_finds_what_is_wrong(broken: type[Bearer], test: str) -> None:
    method = getattr(AuthenticatorContract(), test)
    wanted = method.__code__.co_varnames[1 : method.__code__.co_argcount]
    fixtures = {
        "authenticator": broken(),
        "request_to_sign": REQUEST,
        "secrets": [TOKEN],
        "stop": StopSignal(),
    }
    with pytest.raises(AssertionError):
        method(**{name: fixtures[name] for name in wanted})
