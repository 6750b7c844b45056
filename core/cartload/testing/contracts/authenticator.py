"""What every authenticator promises: it adds its proof, changes nothing else, and keeps its secrets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import pytest
from attrs import evolve

from cartload.errors import LoginError
from cartload.ports import Authenticator, Request
from cartload.workers import StopSignal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cartload.ports import Stop


class AuthenticatorContract:
    """The tests of an authenticator. Give the fixture ``authenticator``, and the ``secrets`` it was given.

    ``url`` is an address at the origin that it was made for, of the kind that it signs.
    """

    @pytest.fixture
    def authenticator(self) -> Authenticator:
        """Give the authenticator, with made-up credentials."""
        raise NotImplementedError

    @pytest.fixture
    def secrets(self) -> Sequence[str]:
        """Give the password or token that it must keep to itself; none for a guest."""
        return ()

    @pytest.fixture
    def url(self) -> str:
        """Give the address to ask."""
        return "https://archive.invalid/services/getSeries?SeriesInstanceUID=1.2.3"

    @pytest.fixture
    def stop(self) -> Stop:
        """Give the stop, which nobody requests."""
        return StopSignal()

    @pytest.fixture(params=["GET", "POST"])
    def request_to_sign(self, request: pytest.FixtureRequest, url: str) -> Request:
        """Give a request as transports make them."""
        is_post = request.param == "POST"
        return Request(
            request.param,
            url,
            {"Accept": "text/csv"},
            (("list", "1.2.3"), ("list", "1.2.4")) if is_post else (),
        )

    def test_it_has_what_the_port_asks_for(self, authenticator: Authenticator) -> None:
        """``user``, ``sign`` and ``renew`` are there."""
        assert isinstance(authenticator, Authenticator)

    def test_the_user_is_named_or_a_guest(self, authenticator: Authenticator) -> None:
        """None is a guest; an empty name is nobody."""
        assert authenticator.user is None or authenticator.user.strip()

    def test_a_guest_s_request_is_unchanged(
        self, authenticator: Authenticator, request_to_sign: Request, stop: Stop
    ) -> None:
        """Who proves nothing adds nothing; who is somebody proves it."""
        signed = authenticator.sign(request_to_sign, stop)
        assert (signed == request_to_sign) is (authenticator.user is None)

    def test_what_is_asked_stays_the_same(
        self, authenticator: Authenticator, request_to_sign: Request, stop: Stop
    ) -> None:
        """Method, address, headers and form are those of the transport, with at most something added."""
        signed = authenticator.sign(request_to_sign, stop)
        assert (signed.method, signed.url) == (request_to_sign.method, request_to_sign.url)
        assert dict(signed.headers) == {**signed.headers, **request_to_sign.headers}
        assert [pair for pair in signed.form if pair in request_to_sign.form] == list(request_to_sign.form)

    def test_the_request_that_was_given_is_left_alone(
        self, authenticator: Authenticator, request_to_sign: Request, stop: Stop
    ) -> None:
        """The transport signs it again after a redirect or a renewal."""
        before = dict(request_to_sign.headers)
        authenticator.sign(request_to_sign, stop)
        assert request_to_sign.headers == before

    def test_no_secret_is_put_into_the_address(
        self, authenticator: Authenticator, request_to_sign: Request, stop: Stop, secrets: Sequence[str]
    ) -> None:
        """Addresses end up in logs, here and there."""
        url = authenticator.sign(request_to_sign, stop).url
        assert [number for number, secret in enumerate(secrets) if secret in url] == []

    def test_no_secret_is_shown(
        self, authenticator: Authenticator, request_to_sign: Request, stop: Stop, secrets: Sequence[str]
    ) -> None:
        """Neither the authenticator nor a signed request tells it to whoever prints them."""
        shown = f"{authenticator!r} {authenticator!s} {authenticator.sign(request_to_sign, stop)!r}"
        assert [number for number, secret in enumerate(secrets) if secret in shown] == []

    def test_renewing_says_whether_there_is_fresh_proof(
        self, authenticator: Authenticator, request_to_sign: Request, stop: Stop
    ) -> None:
        """A guest has none; after anybody else's renewal a request can be signed again."""
        renewed = authenticator.renew(authenticator.sign(request_to_sign, stop), stop)
        assert renewed in {True, False}
        assert not (renewed and authenticator.user is None)
        assert authenticator.sign(request_to_sign, stop).url == request_to_sign.url

    def test_another_origin_gets_no_proof(
        self, authenticator: Authenticator, request_to_sign: Request, stop: Stop
    ) -> None:
        """Whatever else its address looks like, a request goes there unsigned or not at all."""
        for url in _elsewhere(request_to_sign.url):
            request = evolve(request_to_sign, url=url)
            try:
                signed = authenticator.sign(request, stop)
            except LoginError:
                continue
            assert signed == request

    def test_several_threads_may_sign_and_renew_at_once(
        self, authenticator: Authenticator, request_to_sign: Request, stop: Stop
    ) -> None:
        """Each gets its own request, signed."""
        requests = [evolve(request_to_sign, form=(*request_to_sign.form, ("n", f"{n}"))) for n in range(8)]

        def work(request: Request) -> Request:
            authenticator.renew(authenticator.sign(request, stop), stop)
            return authenticator.sign(request, stop)

        with ThreadPoolExecutor(len(requests)) as threads:
            signed = list(threads.map(work, requests))
        assert [dict(one.form)["n"] for one in signed] == [f"{n}" for n in range(8)]
        assert all(
            (one == request) is (authenticator.user is None)
            for one, request in zip(signed, requests, strict=True)
        )


def _elsewhere(url: str) -> Iterator[str]:
    """Give addresses of other origins with the same path, and some that only look like this one."""
    parts = urlsplit(url)
    other = "http" if parts.scheme == "https" else "https"
    yield urlunsplit(parts._replace(netloc="elsewhere.invalid"))
    yield urlunsplit(parts._replace(netloc=f"{parts.hostname}:1"))
    yield urlunsplit(parts._replace(netloc=f"{parts.hostname}.elsewhere.invalid"))
    yield urlunsplit(parts._replace(netloc=f"{parts.netloc}@elsewhere.invalid"))
    yield urlunsplit(parts._replace(scheme=other))
