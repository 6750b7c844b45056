"""Collections (``<TCIACollection>``): XML that names the addresses of one or more carts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

from attrs import frozen

from cartload.errors import ManifestError, ManifestFault, TransportError
from cartload.manifest import Manifest, ManifestSource
from cartload_plugins.manifests.recognising import Form, form_of
from cartload_plugins.manifests.servers import address_fault, is_encrypted_or_local, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cartload_plugins.manifests.tcia import TciaReader

_MOST_BYTES = 1024 * 1024
_MOST_CARTS = 100
_DECLARATION = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ROOT = "TCIACollection"
_ADVICE = (
    "Download the manifest from the archive's portal again, where you are logged in if it asks for that."
)


@frozen
class CollectionReader:
    """Reads collections; *fetch* gets the bytes at an address, *carts* reads what it gets."""

    fetch: Callable[[str], bytes]
    carts: TciaReader

    def recognises(self, source: ManifestSource) -> bool:
        """Tell whether this is markup of any kind: a web page is refused in words of its own."""
        return form_of(source) is Form.XML

    def read(self, source: ManifestSource) -> Manifest:
        """Read the carts that it names, and join them; raises ManifestError."""
        try:
            addresses = _addresses(source)
        except _NotACollectionError as error:
            raise ManifestError(source.name, [error.fault], advice=_ADVICE) from error
        faults = [fault for address in addresses for fault in _address_faults(address)]
        if faults:
            raise ManifestError(source.name, faults, advice=_ADVICE)
        return _joined(source, [self._cart(source, address) for address in addresses])

    def _cart(self, source: ManifestSource, address: str) -> Manifest:
        name = unquote(urlsplit(address).path.rpartition("/")[2]) or source.name
        try:
            cart = ManifestSource(name, self.fetch(address))
        except TransportError as error:
            fault = ManifestFault(f"the cart at {shown(address)} could not be had: {error.what}")
            raise ManifestError(source.name, [fault], advice=error.advice) from error
        if form_of(cart) is not Form.TCIA:
            fault = ManifestFault(f"what is at {shown(address)} is not a cart")
            raise ManifestError(source.name, [fault], advice=_ADVICE)
        try:
            return self.carts.read(cart)
        except ManifestError as error:
            faults = [ManifestFault(f"in the cart at {shown(address)}: {fault}") for fault in error.faults]
            raise ManifestError(source.name, faults, advice=error.advice) from error


class _NotACollectionError(Exception):
    def __init__(self, text: str, line: int | None = None) -> None:
        super().__init__(text)
        self.fault = ManifestFault(text, line)


def _addresses(source: ManifestSource) -> list[str]:
    if len(source.content) > _MOST_BYTES:
        raise _NotACollectionError(f"it is larger than {_MOST_BYTES >> 20} MiB")
    text = source.text()
    declaration = _DECLARATION.search(text)
    if declaration:
        line = text.count("\n", 0, declaration.start()) + 1
        raise _NotACollectionError("it declares a document type, as web pages do and carts do not", line)
    try:
        root = ET.fromstring(text)  # noqa: S314 - it declares no entity, and is not large
    except ET.ParseError as error:
        raise _NotACollectionError(f"it is not valid XML: {error}", error.position[0]) from error
    if _local_name(root) != _ROOT:
        raise _NotACollectionError(f"it is {shown(_local_name(root))}, not {_ROOT}")
    found = list(dict.fromkeys(_named_in(root)))
    if not 0 < len(found) <= _MOST_CARTS:
        raise _NotACollectionError(f"it names {len(found)} carts, not 1 to {_MOST_CARTS}")
    return found


def _named_in(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        if _local_name(element).upper() == "URL":
            yield (element.text or "").strip()


def _local_name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _address_faults(address: str) -> Iterator[ManifestFault]:
    fault = address_fault(address)
    if fault is None and not is_encrypted_or_local(address):
        fault = "it is not encrypted (https), so the list could be altered on the way"
    if fault:
        yield ManifestFault(f"the address {shown(address)} of a cart cannot be used: {fault}")


def _joined(source: ManifestSource, carts: Sequence[Manifest]) -> Manifest:
    servers = list(dict.fromkeys(cart.server_url for cart in carts))
    if len(servers) > 1:
        named = ", ".join(map(shown, servers))
        raise ManifestError(
            source.name,
            [ManifestFault(f"its carts are in several archives: {named}")],
            advice="Download each cart from its archive's portal, and retrieve them one by one.",
        )
    first = carts[0]
    annotations = [cart.include_annotations for cart in carts if cart.include_annotations is not None]
    return Manifest(
        source=source,
        server_url=first.server_url,
        series=tuple(dict.fromkeys(uid for cart in carts for uid in cart.series)),
        transports=first.transports,
        include_annotations=any(annotations) if annotations else None,
        attempts=max((cart.attempts for cart in carts if cart.attempts is not None), default=None),
        basket_id=first.basket_id,
        version=first.version,
        warnings=tuple(dict.fromkeys(warning for cart in carts for warning in cart.warnings)),
    )
