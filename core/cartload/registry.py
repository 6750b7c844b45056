"""Find, block, configure and list plugins; what fails is a value that names the plugin."""

from __future__ import annotations

from contextlib import contextmanager
from enum import Enum
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pluggy
from attrs import field, frozen

from cartload import hooks
from cartload.errors import CartloadError, PluginError
from cartload.ports import Factory
from cartload.settings import structure_options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from importlib.metadata import EntryPoint

    from cartload.ports import (
        AuthenticatorFactory,
        LicensePolicyFactory,
        ManifestReaderFactory,
        NamingFactory,
        StorageFactory,
        TransportFactory,
    )

T = TypeVar("T", bound=Factory[Any, Any])
PortT = TypeVar("PortT")
ContextT = TypeVar("ContextT")


class Kind(Enum):
    """The kinds of plugins; each value is the name of its hook."""

    MANIFEST_READER = "cartload_manifest_readers"
    TRANSPORT = "cartload_transports"
    AUTHENTICATOR = "cartload_authenticators"
    NAMING = "cartload_namings"
    STORAGE = "cartload_storages"
    LICENSE_POLICY = "cartload_license_policies"

    @property
    def word(self) -> str:
        """Name the kind as people do."""
        return self.name.lower().replace("_", " ")


@frozen
class PluginFailure:
    """A plugin that did not load, register or work, and why; the others are not touched by it."""

    plugin: str
    distribution: str
    reason: str


@frozen
class Registered(Generic[T]):
    """A factory under its name, and where it came from."""

    name: str
    kind: Kind
    factory: T = field(repr=False)
    distribution: str
    version: str


@frozen
class Source:
    """A plugin module to load: an entry point, or an object handed over by a test or an embedder."""

    name: str
    plugin: EntryPoint | object
    distribution: str = "(in this process)"
    version: str = ""


@frozen
class Registry:
    """All that plugins offer, by kind and name, with the failures on the way."""

    _by_kind: Mapping[Kind, Mapping[str, Registered[Any]]]
    failures: tuple[PluginFailure, ...] = ()
    blocked: tuple[str, ...] = ()

    @property
    def manifest_readers(self) -> Mapping[str, Registered[ManifestReaderFactory]]:
        """Give the manifest readers by name."""
        return self._by_kind[Kind.MANIFEST_READER]

    @property
    def transports(self) -> Mapping[str, Registered[TransportFactory]]:
        """Give the transports by name."""
        return self._by_kind[Kind.TRANSPORT]

    @property
    def authenticators(self) -> Mapping[str, Registered[AuthenticatorFactory]]:
        """Give the authenticators by name."""
        return self._by_kind[Kind.AUTHENTICATOR]

    @property
    def namings(self) -> Mapping[str, Registered[NamingFactory]]:
        """Give the namings by name."""
        return self._by_kind[Kind.NAMING]

    @property
    def storages(self) -> Mapping[str, Registered[StorageFactory]]:
        """Give the storages by name."""
        return self._by_kind[Kind.STORAGE]

    @property
    def license_policies(self) -> Mapping[str, Registered[LicensePolicyFactory]]:
        """Give the licence policies by name."""
        return self._by_kind[Kind.LICENSE_POLICY]

    def all(self) -> tuple[Registered[Any], ...]:
        """List every plugin, by kind and then by name."""
        return tuple(found for kind in Kind for _, found in sorted(self._by_kind[kind].items()))


def make(
    plugins: Mapping[str, Registered[Factory[PortT, ContextT]]],
    name: str,
    context: ContextT,
    options: Mapping[str, Mapping[str, object]],
) -> PortT:
    """Make the plugin *name* with its options; raises PluginError or SettingsError naming it."""
    found = plugins.get(name)
    if found is None:
        raise PluginError(
            f"there is no such plugin; there are: {', '.join(sorted(plugins)) or 'none'}.",
            subject=name,
            advice="'cartload plugins' lists all, and those that failed to load.",
        )
    try:
        chosen = structure_options(name, found.factory.options, options.get(name, {}))
        return found.factory.make(context, chosen)
    except CartloadError:
        raise
    except Exception as error:  # a plugin's own fault is reported as the plugin's
        raise PluginError(
            f"failed to start: {describe_fault(error)}.",
            subject=f"plugin {name} of {found.distribution}",
            advice="Choose another, or block it with CARTLOAD_BLOCK.",
        ) from error


def installed() -> tuple[Source, ...]:
    """Find the plugins of all installed distributions, without importing any."""
    found = sorted(entry_points(group=hooks.GROUP), key=lambda entry: (entry.name, entry.value))
    return tuple(_source(entry) for entry in found)


def load(sources: Iterable[Source], block: Sequence[str] = ()) -> Registry:
    """Import and register every source that is not blocked, each in isolation.

    *block* holds names of entry points or of single plugins. Two plugins of one kind and name are
    an error that names both distributions; neither is kept, so that no order decides.
    """
    loading = _Loading(frozenset(block))
    for source in sources:
        loading.add(source)
    return loading.registry(tuple(block))


@contextmanager
def blaming(plugin: str) -> Iterator[None]:
    """Turn an exception that is not cartload's own into a PluginError of *plugin* (``transport nbia``)."""
    try:
        yield
    except CartloadError:
        raise
    except Exception as error:  # reported as the plugin's own
        raise PluginError(f"failed: {describe_fault(error)}.", subject=plugin) from error


def describe_fault(error: BaseException) -> str:
    """Say in one line what an unforeseen exception is."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _loaded(plugin: EntryPoint | object) -> object:
    """Import what an entry point names; what is none is a plugin itself.

    Told by what it can do: libraries such as importlib_metadata put entry points of their own class in place.
    """
    load = getattr(plugin, "load", None) if hasattr(plugin, "group") else None
    return load() if callable(load) else plugin


def _source(entry: EntryPoint) -> Source:
    return Source(entry.name, entry, _told(entry, "Name", "(unknown)"), _told(entry, "Version", ""))


def _told(entry: EntryPoint, key: str, missing: str) -> str:
    """Ask the distribution's metadata; what a broken installation leaves has none, or ends in any error."""
    try:
        about = entry.dist.metadata if entry.dist else None
        return about[key] if about and key in about else missing
    except Exception:  # noqa: BLE001 - which one is the matter of the library that found it
        return missing


class _Loading:
    """The state of one load: what was registered so far, and what failed."""

    def __init__(self, block: frozenset[str]) -> None:
        self._block = block
        self._manager = pluggy.PluginManager(hooks.GROUP)
        self._manager.add_hookspecs(hooks)
        self._found: dict[Kind, dict[str, Registered[Any]]] = {kind: {} for kind in Kind}
        self._clashes: set[tuple[Kind, str]] = set()
        self._failures: list[PluginFailure] = []

    def add(self, source: Source) -> None:
        if source.name in self._block:
            return
        try:
            plugin = source.plugin
            module = _loaded(plugin)
            self._manager.register(module, name=f"{source.distribution}:{source.name}")
            self._manager.check_pending()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin must not hinder another
            self._fail(source, f"failed to load: {describe_fault(error)}")
            self._manager.unregister(name=f"{source.distribution}:{source.name}")
            return
        for kind in Kind:
            self._collect(source, module, kind)

    def _collect(self, source: Source, module: object, kind: Kind) -> None:
        hook = getattr(self._manager.hook, kind.value)
        for implementation in hook.get_hookimpls():
            if implementation.plugin is module:
                try:
                    offered = dict(implementation.function())
                    self._check(offered)
                except (Exception, SystemExit) as error:  # noqa: BLE001 - it takes only itself down
                    self._fail(source, f"{kind.value} failed: {describe_fault(error)}")
                    continue
                for name, factory in offered.items():
                    self._register(source, kind, name, factory)

    @staticmethod
    def _check(offered: Mapping[object, object]) -> None:
        for name, factory in offered.items():
            if not isinstance(name, str) or not isinstance(factory, Factory):
                raise TypeError(f"it offers {factory!r} under {name!r}, not a Factory under a name")

    def _register(self, source: Source, kind: Kind, name: str, factory: Factory[Any, Any]) -> None:
        if name in self._block:
            return
        other = self._found[kind].get(name)
        if other is not None:
            self._clashes.add((kind, name))
            self._fail(
                source,
                f"two plugins offer the {kind.word} {name!r}: one from {other.distribution}, one from "
                f"{source.distribution}; neither is used. Block one with CARTLOAD_BLOCK.",
            )
            return
        self._found[kind][name] = Registered(name, kind, factory, source.distribution, source.version)

    def _fail(self, source: Source, reason: str) -> None:
        self._failures.append(PluginFailure(source.name, source.distribution, reason))

    def registry(self, block: tuple[str, ...]) -> Registry:
        by_kind = {
            kind: {name: found for name, found in offered.items() if (kind, name) not in self._clashes}
            for kind, offered in self._found.items()
        }
        return Registry(by_kind, tuple(self._failures), block)
