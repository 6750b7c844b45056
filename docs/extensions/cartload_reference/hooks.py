"""Every hook by which a plugin registers what it offers."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, get_args

from cartload import hooks, ports
from cartload.registry import Kind
from cartload_reference.docstrings import text_of
from cartload_reference.markdown import block, code, section
from cartload_reference.signatures import signature_of

if TYPE_CHECKING:
    from collections.abc import Callable


def hook_specs() -> tuple[Callable[..., object], ...]:
    """Give the hook specifications, one for each kind of plugin."""
    return tuple(getattr(hooks, kind.value) for kind in Kind)


def page() -> str:
    """Describe all of them."""
    return "\n\n".join(map(_hook, Kind))


def _hook(kind: Kind) -> str:
    spec: Callable[..., object] = getattr(hooks, kind.value)
    port, context = _made_by(spec)
    made = (
        f"Each factory's `make(context, options)` gives a {_link(port)}. "
        f"The context is {_link(context) if context else 'nothing (`None`)'}."
    )
    return section(
        2,
        code(spec.__name__),
        block("python", f"def {signature_of(spec)}"),
        text_of(spec),
        made,
        anchor=f"hook-{spec.__name__}",
    )


def _made_by(spec: Callable[..., object]) -> tuple[type, type | None]:
    """Give the port and the context of the factories that a hook returns."""
    returned = str(inspect.signature(spec).return_annotation)
    factory: object = getattr(ports, returned.rpartition(",")[2].strip(" ]"))
    port, context = get_args(factory)
    return port, None if context is type(None) else context


def _link(kind: type) -> str:
    return f"[`{kind.__name__}`](#port-{kind.__name__})"
