"""The whole examination: section by section, each finding as soon as there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from cartload.errors import CartloadError
from cartload.network import Condition, Finding
from cartload_cli.doctor import destination, this_computer
from cartload_cli.doctor.login import known_login, tried_login
from cartload_common import options, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cartload.credentials import Credentials
    from cartload.diagnosing import Diagnosis
    from cartload.manifest import Manifest
    from cartload.model import Origin
    from cartload.registry import Registry
    from cartload.settings import Settings

PUBLIC_ARCHIVE = "https://nbia.cancerimagingarchive.net"
"""What is looked at when nothing else is named."""


@frozen
class Section:
    """Findings that belong together; they are made while they are taken."""

    title: str
    findings: Iterator[Finding]


@frozen(kw_only=True)
class Case:
    """What is to be examined; ``settings_error`` is why the settings could not be used, if they could not."""

    manifest: str | None
    server: str | None
    directory: Path
    settings: Settings
    settings_path: Path
    settings_error: CartloadError | None
    registry: Registry
    diagnosis: Diagnosis = field(repr=False)
    login: Callable[[Origin], Credentials | None] = lambda _: None
    """Looks where logins are kept, and asks nobody."""


def sections(case: Case) -> Iterator[Section]:
    """Examine one thing after the other; raises StoppedError alone."""
    yield Section("this computer", _this_computer(case))
    yield Section("the destination", destination.look(case.directory))
    manifest: Manifest | None = None
    if case.manifest is not None:
        read = _read(case, case.manifest)
        yield Section("the manifest", iter((_of_manifest(read),)))
        manifest = None if isinstance(read, CartloadError) else read
    if manifest is not None:
        yield Section(manifest.server_url, _server(case, manifest.server_url, manifest.transports))
    elif case.manifest is None or case.server is not None:
        url = case.server or PUBLIC_ARCHIVE
        chosen = case.settings.transport
        yield Section(url, _server(case, url, None if chosen is None else (chosen,)))


def _this_computer(case: Case) -> Iterator[Finding]:
    yield from this_computer.versions()
    yield this_computer.settings(case.settings_path, case.settings_error)
    yield from this_computer.plugins(case.registry, case.settings)
    yield this_computer.logs()


def _read(case: Case, named: str) -> Manifest | CartloadError:
    try:
        return case.diagnosis.read(options.read_manifest(named), case.server)
    except CartloadError as error:
        return error


def _of_manifest(read: Manifest | CartloadError) -> Finding:
    if isinstance(read, CartloadError):
        what = f"{read.subject}: {read.what}" if read.subject else read.what
        return Finding("manifest", Condition.BAD, what, read.advice)
    what = f"{read.source.name} names {texts.count(len(read.series), 'series')}."
    if not read.warnings:
        return Finding("manifest", Condition.WELL, what)
    return Finding("manifest", Condition.DOUBTFUL, f"{what} {' '.join(read.warnings)}")


def _server(case: Case, url: str, transports: tuple[str, ...] | None) -> Iterator[Finding]:
    yield known_login(url, case.settings, case.login)
    is_reached = True
    for found in case.diagnosis.look(url, transports):
        yield found
        is_reached = is_reached and not found.is_bad
    if is_reached:
        yield from tried_login(url, transports or (), case.settings, case.registry, case.login)
