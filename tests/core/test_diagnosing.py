"""The look at a server: what its transports find, in order, and what becomes of their own faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from attrs import define, field, frozen

from cartload import hooks, registry
from cartload.diagnosing import Diagnosis
from cartload.errors import ManifestError, SettingsError, StoppedError, TransportError
from cartload.manifest import ManifestSource
from cartload.network import Condition, Finding, Network
from cartload.ports import Factory, Request, TransportContext, TransportFactory
from cartload.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cartload.ports import Stop, Transport

URL = "https://archive.example.org"
NAME = Finding("name", Condition.WELL, "it is known.")
AWAY = Finding("connection", Condition.BAD, "nobody answers.", "Check the network.")
SPOKEN = Finding("protocol", Condition.WELL, "version 4.")


@define
class Looker:
    """A transport that finds what it is told to."""

    found: tuple[Finding | Exception, ...] = (NAME,)
    says: Finding | Exception = SPOKEN
    context: TransportContext | None = None
    asked: list[str] = field(factory=list)

    def way(self, stop: Stop) -> Iterator[Finding]:
        self.asked.append("way")
        for each in self.found:
            if stop.requested:
                raise StoppedError("stopped.")
            if isinstance(each, Exception):
                raise each
            yield each

    def protocol(self, stop: Stop) -> Finding:
        assert not stop.requested
        self.asked.append("protocol")
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@frozen
class Offering:
    """A plugin that offers transports."""

    transports: Mapping[str, object]

    @hooks.hookimpl
    def cartload_transports(self) -> Mapping[str, TransportFactory]:
        return {name: Factory(_maker(thing)) for name, thing in self.transports.items()}


def _maker(thing: object) -> Callable[[TransportContext, object], Transport]:
    def make(context: TransportContext, _options: object) -> Transport:
        if isinstance(thing, Exception):
            raise thing
        if isinstance(thing, Looker):
            thing.context = context
        return cast("Transport", thing)  # as far as anybody looks at it

    return make


def diagnosis(settings: Settings | None = None, **transports: object) -> Diagnosis:
    loaded = registry.load([registry.Source("offering", Offering(transports))])
    assert loaded.failures == ()
    return Diagnosis(settings or Settings(), loaded)


def test_the_way_is_told_once_and_then_each_protocol() -> None:
    one, two = Looker(), Looker(says=Finding("other", Condition.WELL, "version 1."))
    assert list(diagnosis(one=one, two=two).look(URL, ("two", "one"))) == [NAME, two.says, SPOKEN]
    assert (one.asked, two.asked) == (["protocol"], ["way", "protocol"])


def test_where_the_server_is_not_reached_no_protocol_is_asked() -> None:
    one = Looker((NAME, AWAY))
    assert list(diagnosis(one=one).look(URL)) == [NAME, AWAY]
    assert one.asked == ["way"]


def test_a_protocol_that_is_not_spoken_is_no_trouble_if_another_is() -> None:
    silent = Looker(says=TransportError("not spoken here.", subject=URL, advice="Try another."))
    found = list(diagnosis(one=silent, two=Looker()).look(URL))
    expected = Finding("transport one", Condition.DOUBTFUL, f"{URL}: not spoken here.", "Try another.")
    assert found == [NAME, expected, SPOKEN]


def test_a_server_that_speaks_no_protocol_is_trouble() -> None:
    silent = Looker(says=TransportError("not spoken here."))
    assert [each.is_bad for each in diagnosis(one=silent, two=silent).look(URL)] == [False, True, True]


def test_an_error_on_the_way_is_the_last_finding() -> None:
    found = list(diagnosis(one=Looker((NAME, TransportError("it broke.")))).look(URL))
    assert found == [NAME, Finding("transport one", Condition.BAD, "it broke.")]


def test_a_fault_of_a_transport_is_its_own() -> None:
    (found,) = diagnosis(one=Looker((RuntimeError("oh"),))).look(URL)
    assert found == Finding("transport one", Condition.BAD, "transport one: failed: RuntimeError: oh.")


def test_a_transport_that_cannot_tell_is_named_if_the_manifest_asks_for_it() -> None:
    cannot = object()
    assert list(diagnosis(one=cannot, two=Looker()).look(URL)) == [NAME, SPOKEN]
    named = list(diagnosis(one=cannot, two=Looker()).look(URL, ("one", "two")))
    assert [each.check for each in named] == ["transport one", "name", "protocol"]
    assert not named[0].is_bad


def test_a_wrong_setting_is_told_once() -> None:
    wrong = SettingsError("it cannot be read.", subject="ca_file")
    expected = Finding("transport one", Condition.BAD, "ca_file: it cannot be read.")
    assert list(diagnosis(one=wrong, two=wrong).look(URL)) == [expected]
    assert list(diagnosis(one=wrong, two=wrong).look(URL, ("one", "two"))) == [expected]


def test_a_transport_that_is_not_there_is_told() -> None:
    (found,) = diagnosis().look(URL, ("gone",))
    assert found.is_bad
    assert "there is no such plugin" in found.what


def test_a_transport_is_made_for_a_guest_and_with_the_network_that_the_user_has() -> None:
    one = Looker()
    settings = Settings(proxy="http://proxy.example", ca_file="institute.pem")
    list(diagnosis(settings, one=one).look(URL))
    assert one.context is not None
    assert one.context.server_url == URL
    assert one.context.network == Network("http://proxy.example", "institute.pem")
    request, guest = Request("GET", URL), one.context.authenticator
    assert guest.user is None
    assert guest.sign(request, one.context.stop) is request
    assert not guest.renew(request, one.context.stop)


def test_what_is_under_way_can_be_ended() -> None:
    looked = diagnosis(one=Looker((NAME, NAME)))
    found = looked.look(URL)
    assert next(found) == NAME
    looked.cancel()
    with pytest.raises(StoppedError):
        next(found)


def test_a_manifest_is_read_as_a_session_reads_it() -> None:
    with pytest.raises(ManifestError):
        diagnosis().read(ManifestSource("cart.txt", b""))


def test_a_proxy_is_not_shown() -> None:
    assert "canary" not in repr(Network("http://me:canary@proxy.example"))
    assert "canary" not in repr(Settings(proxy="http://me:canary@proxy.example"))
