"""The plugins that a session's settings choose, made for its manifest and its destination."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from cartload import registry as plugins
from cartload.credentials import NoLogin
from cartload.errors import ManifestError, ManifestFault, PluginError, SettingsError
from cartload.licensing import AllowedLicenses
from cartload.manifest import MOST_BYTES
from cartload.model import Origin
from cartload.network import Network
from cartload.plan import Planner
from cartload.ports import (
    AuthenticatorContext,
    Holding,
    LicenseTerms,
    NamingContext,
    ReaderContext,
    StorageContext,
    TellsOthers,
    TransportContext,
)
from cartload.registry import blaming
from cartload.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path, PurePosixPath

    from cartload.journal import Replay
    from cartload.manifest import Manifest, ManifestSource
    from cartload.model import ImageHeader, License, SeriesRecord, SeriesUID
    from cartload.ports import (
        Authenticator,
        LicensePolicy,
        Login,
        ManifestReader,
        Naming,
        Storage,
        StoredSeries,
        Transport,
    )
    from cartload.registry import Registry
    from cartload.settings import Settings
    from cartload.workers import Clock, StopSignal


_GUEST = "guest"


class Selection:
    """Makes what the settings name; raises PluginError or SettingsError that names it."""

    def __init__(self, settings: Settings, registry: Registry, clock: Clock) -> None:
        self._settings = settings
        self._registry = registry
        self._clock = clock
        self._network = Network(settings.proxy, settings.ca_file)

    def read(self, source: ManifestSource, server: str | None) -> Manifest:
        """Read a manifest by the first reader that recognises it, settings laid over it.

        Raises ManifestError with all its faults. A reader that fails to say whether it does is a warning.
        """
        if len(source.content) > MOST_BYTES:
            raise ManifestError(source.name, [ManifestFault(f"it is larger than {MOST_BYTES} bytes")])
        failures: list[PluginError] = []
        for name in sorted(self._registry.manifest_readers):
            try:
                reader = self._recognising(name, source, server)
            except PluginError as error:
                failures.append(error)
                continue
            if reader is not None:
                with blaming(f"manifest reader {name}"):
                    manifest = self._with_settings(reader.read(source))
                    return evolve(manifest, warnings=(*manifest.warnings, *map(str, failures)))
        if failures:
            raise failures[0]
        raise ManifestError(
            source.name,
            [ManifestFault("it is not a manifest that any installed reader knows.")],
            advice="A cart from an archive's portal is a file such as manifest-1716902331457.tcia.",
        )

    def _recognising(self, name: str, source: ManifestSource, server: str | None) -> ManifestReader | None:
        reader = plugins.make(
            self._registry.manifest_readers,
            name,
            ReaderContext(server, self._network),
            self._settings.plugins,
        )
        with blaming(f"manifest reader {name}"):
            return reader if reader.recognises(source) else None

    def _with_settings(self, manifest: Manifest) -> Manifest:
        settings = self._settings
        return evolve(
            manifest,
            transports=(settings.transport,) if settings.transport else manifest.transports,
            attempts=manifest.attempts if settings.attempts is None else settings.attempts,
            include_annotations=(
                manifest.include_annotations if settings.annotations is None else settings.annotations
            ),
        )

    def sources(self, manifest: Manifest, stop: StopSignal, login: Login | None = None) -> Sources:
        """Give the chain of transports for a manifest; the first is made at once, to fail early.

        Without a *login*, and a chosen authenticator, all is asked as a guest.
        """
        if not manifest.transports:
            raise PluginError("its reader names no transport for it.", subject=manifest.source.name)
        try:
            origin = Origin.of(manifest.server_url)
        except ValueError as error:
            raise SettingsError(f"{error}.", subject="server") from error

        def make(name: str) -> Transport:
            context = TransportContext(
                manifest.server_url,
                self._authenticator(name, origin, login),
                stop,
                annotations=bool(manifest.include_annotations),
                checksums=self._settings.check,
                network=self._network,
            )
            return plugins.make(self._registry.transports, name, context, self._settings.plugins)

        sources = Sources(manifest.transports, make)
        sources.get(manifest.transports[0])
        return sources

    @property
    def logs_in(self) -> bool:
        """Tell whether a login may be asked for: not where the user chose how to prove who is asking."""
        return self._settings.authenticator is None

    def _authenticator(self, transport: str, origin: Origin, login: Login | None) -> Authenticator:
        """Make the chosen authenticator; else the transport's own for a *login*, or a guest's."""
        name = self._settings.authenticator
        if name is None:
            found = self._registry.transports.get(transport)
            name = _GUEST if login is None or found is None else found.factory.authenticator
        context = AuthenticatorContext(origin, self._clock.time, login or NoLogin(), self._network)
        return plugins.make(self._registry.authenticators, name, context, self._settings.plugins)

    def naming(self) -> Naming:
        """Make the chosen naming, which is blamed by its name for whatever it raises."""
        settings = self._settings
        context = NamingContext(settings.file_names, settings.template)
        made = plugins.make(self._registry.namings, settings.naming, context, settings.plugins)
        return _BlamedNaming(made, f"naming {settings.naming}")

    def storage(self, root: Path) -> Storage:
        """Make the chosen storage for the cart's folder, which need not exist yet."""
        context = StorageContext(root, self._clock.time)
        return plugins.make(self._registry.storages, self._settings.storage, context, self._settings.plugins)

    @property
    def allowed(self) -> AllowedLicenses:
        """Say which licences the user wants series of."""
        return AllowedLicenses(self._settings.license_allow)

    @property
    def storage_plugin(self) -> str:
        """Name the storage as errors do."""
        return f"storage {self._settings.storage}"

    def planner(
        self,
        naming: Naming,
        storage: Storage,
        replay: Replay[int],
        suspects: Collection[SeriesUID] = frozenset(),
    ) -> Planner:
        """Give what makes the plan, with what the journals remember and the storage holds.

        What was recorded of *suspects* counts as damaged, whatever names and sizes say.
        """
        policies = {
            name: plugins.make(self._registry.license_policies, name, None, self._settings.plugins)
            for name in sorted(self._registry.license_policies)
        }
        holds = _holds(storage, self.storage_plugin, replay, suspects)
        return Planner(naming, replay.recorded, holds, _judge(policies), self._found(storage, replay))

    def _found(self, storage: Storage, replay: Replay[int]) -> Mapping[SeriesUID, PurePosixPath]:
        """Give what other programs stored, and no journal tells of."""
        if not isinstance(storage, TellsOthers):
            return {}
        with blaming(self.storage_plugin):
            return {uid: place for uid, place in storage.others().items() if uid not in replay}


@frozen(eq=False)
class _BlamedNaming:
    """A naming whose every fault is reported as its own, in whatever thread it works."""

    naming: Naming
    plugin: str

    @property
    def attributes(self) -> frozenset[str]:
        with blaming(self.plugin):
            return self.naming.attributes

    def directory(self, series: SeriesRecord) -> PurePosixPath:
        with blaming(self.plugin):
            return self.naming.directory(series)

    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        with blaming(self.plugin):
            return self.naming.file_names(series, images)


def _holds(
    storage: Storage, plugin: str, replay: Replay[int], suspects: Collection[SeriesUID]
) -> Callable[[SeriesRecord, PurePosixPath, StoredSeries | None], Holding]:
    def holds(series: SeriesRecord, directory: PurePosixPath, recorded: StoredSeries | None) -> Holding:
        if recorded is not None and series.series_uid in suspects:
            return Holding.DAMAGED
        with blaming(plugin):
            holding = storage.holds(series, directory, recorded)
            if holding is not Holding.WHOLE or recorded is None or replay.is_confirmed(series.series_uid):
                return holding
            # A crash came between the intention and its confirmation: sizes alone prove nothing.
            return holding if storage.verify(recorded).is_whole else Holding.DAMAGED

    return holds


def _judge(policies: Mapping[str, LicensePolicy]) -> Callable[[License | None], LicenseTerms]:
    @cache
    def judge(license: License | None) -> LicenseTerms:  # noqa: A002 - the field's word
        said = []
        for name, policy in policies.items():
            with blaming(f"licence policy {name}"):
                said.append(policy.judge(license))
        notices = dict.fromkeys(terms.notice for terms in said if terms.notice)
        names = dict.fromkeys(name for terms in said for name in terms.names)
        return LicenseTerms(
            all(terms.commercial for terms in said),
            " ".join(notices),
            tuple(names),
            any(terms.contradictory for terms in said),
        )

    return judge
