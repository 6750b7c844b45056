"""The ports: the Protocols that plugins implement, and the values that they are given and give."""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import TYPE_CHECKING, get_args

from cartload import holdings, model, network, ports
from cartload_reference.docstrings import text_of
from cartload_reference.markdown import block, code, section
from cartload_reference.signatures import getter_of, signature_of
from cartload_reference.values import value_section

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

_PORTS = (
    ports.ManifestReaderFactory,
    ports.TransportFactory,
    ports.AuthenticatorFactory,
    ports.NamingFactory,
    ports.StorageFactory,
    ports.LicensePolicyFactory,
)


def port_kinds() -> tuple[type, ...]:
    """Give the Protocols that plugins implement."""
    return tuple(get_args(factory)[0] for factory in _PORTS)


def value_kinds() -> tuple[type, ...]:
    """Give every other class that plugins meet: of the ports first, then of the model."""
    known = port_kinds()
    return tuple(
        kind for module in (ports, holdings, network, model) for kind in _classes(module) if kind not in known
    )


def page() -> str:
    """Describe the ports, then the values."""
    return "\n\n".join(
        (
            section(2, "What a plugin implements", *map(_protocol, port_kinds())),
            section(2, "What it is given, and gives", *map(_value, value_kinds())),
        )
    )


def _classes(module: ModuleType) -> Iterator[type]:
    for thing in vars(module).values():
        if (
            inspect.isclass(thing)
            and f"{thing.__module__}.".startswith(f"{module.__name__}.")
            and not thing.__name__.startswith("_")
        ):
            yield thing


def _value(kind: type) -> str:
    if getattr(kind, "_is_protocol", False):
        return _protocol(kind)
    return value_section(3, kind, f"port-{kind.__name__}")


def _protocol(kind: type) -> str:
    methods = [
        _method(thing)
        for name, thing in vars(kind).items()
        if isinstance(thing, property | FunctionType) and not name.startswith("_")
    ]
    return section(3, code(kind.__name__), text_of(kind), *methods, anchor=f"port-{kind.__name__}")


def _method(thing: property | FunctionType) -> str:
    return f"{block('python', signature_of(thing))}\n\n{text_of(getter_of(thing))}"
