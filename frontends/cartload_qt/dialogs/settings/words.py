"""The settings in a person's words, and on which page each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

GENERAL = (
    "naming",
    "file_names",
    "template",
    "storage",
    "existing",
    "annotations",
    "check",
    "jobs",
    "attempts",
    "limit_rate",
    "license_allow",
)
NETWORK = ("proxy", "ca_file", "transport", "authenticator")


@frozen
class Words:
    """How a setting is called, and what it does."""

    label: str
    help: str


def setting_words() -> Mapping[str, Words]:
    """Give the words of the settings on the two pages."""
    return {**_general(), **_network()}


def _general() -> Mapping[str, Words]:
    return {
        "naming": Words(tr("Na&ming:"), tr("How the folders of the series are called.")),
        "file_names": Words(
            tr("&File names:"),
            tr("ordinal: by the order of the images; server: as the archive names them; uid: by their UID."),
        ),
        "template": Words(tr("&Template:"), tr("The layout of the naming template.")),
        "storage": Words(tr("St&orage:"), tr("What keeps the series.")),
        "existing": Words(
            tr("When part &is there:"),
            tr("Ask, download only what is missing, or download all again."),
        ),
        "annotations": Words(
            tr("&Annotations:"), tr("Whether annotation files are downloaded; the cart says it by default.")
        ),
        "check": Words(tr("Chec&k:"), tr("Whether images are verified against the archive's MD5 list.")),
        "jobs": Words(tr("Se&ries at once:"), tr("How many series are downloaded at the same time.")),
        "attempts": Words(
            tr("Att&empts:"), tr("How often each series is tried; the cart says it by default.")
        ),
        "limit_rate": Words(
            tr("Spee&d limit:"), tr("Bytes a second for all series together, such as 20M. Empty: no limit.")
        ),
        "license_allow": Words(
            tr("Allo&wed licences:"),
            tr("Only series under these are downloaded, such as CC BY*. Empty: all."),
        ),
    }


def _network() -> Mapping[str, Words]:
    return {
        "proxy": Words(
            tr("Pro&xy:"),
            tr("Such as http://proxy.example.org:3128, or direct for none. Empty: what the system names."),
        ),
        "ca_file": Words(
            tr("Ce&rtificates:"), tr("A file (PEM or DER) to trust besides the system's own certificates.")
        ),
        "transport": Words(
            tr("&Transport:"), tr("The one to use, instead of those that follow from the cart.")
        ),
        "authenticator": Words(
            tr("&Authenticator:"), tr("How to prove who is asking, instead of what follows from the archive.")
        ),
    }
