"""What the header of a cart says, checked value by value; every fault is kept, none stops the reading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cartload.errors import ManifestFault
from cartload_plugins.manifests.entries import quoted
from cartload_plugins.manifests.servers import address_fault, is_encrypted_or_local, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cartload_plugins.manifests.properties import Entry

KEYS = "downloadServerUrl|includeAnnotation|noOfr?Retry|databasketId|manifestVersion|tempLoc|dataType"
"""The keys that mean something, as a pattern."""

_KEY = re.compile(KEYS)
_VERSION = re.compile(r"([0-9]{1,4})(?:\.[0-9]{1,4}){0,2}")
_SMALL_NUMBER = re.compile(r"[0-9]{1,4}")
_FIRST_WITH_LIST = 3
_NEWEST = 3
_MOST_ATTEMPTS = 1000


class Header:
    """The keys of a cart; the last of those that are repeated counts, unknown ones do not."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = {entry.key: entry for entry in entries if _KEY.fullmatch(entry.key)}
        self.faults: list[ManifestFault] = []
        self.warnings: list[str] = []

    def is_older(self, *, has_list: bool) -> bool:
        """Tell whether the list of this cart stayed on the server, as it did until version 2."""
        version = self.text("manifestVersion")
        found = _VERSION.fullmatch(version or "")
        if found:
            return int(found[1]) < _FIRST_WITH_LIST
        return not has_list and version is None and "tempLoc" in self._entries

    def text(self, key: str) -> str | None:
        """Give a value, None if it is absent or empty."""
        entry = self._entries.get(key)
        return entry.value or None if entry else None

    def server_url(self) -> str:
        """Give the address of the archive."""
        key = "downloadServerUrl"
        url = self.text(key)
        if url is None:
            self._fault(key, "downloadServerUrl is missing, the address of the archive")
            return ""
        fault = address_fault(url)
        if fault:
            self._fault(key, f"downloadServerUrl {shown(url)} cannot be used: {fault}")
        elif not is_encrypted_or_local(url):
            self.warnings.append(
                "The archive's address is not encrypted (http): others can see what is downloaded, "
                "and no login is sent there."
            )
        return url

    def version(self) -> str | None:
        """Give the version of the manifest, None if it does not say."""
        version = self.text("manifestVersion")
        if version is None:
            return None
        found = _VERSION.fullmatch(version)
        if not found:
            self._fault("manifestVersion", f"manifestVersion {quoted(version)} is not a number")
        elif int(found[1]) > _NEWEST:
            self.warnings.append(f"The manifest is of version {version}; it was read like version {_NEWEST}.")
        return version

    def annotations(self) -> bool | None:
        """Tell whether annotations are wanted, None if the manifest does not say."""
        text = self.text("includeAnnotation")
        if text is None:
            return None
        if text.lower() not in {"true", "false"}:
            self.warnings.append(f"includeAnnotation is {quoted(text)}, not true: it counts as false.")
        return text.lower() == "true"

    def attempts(self) -> int | None:
        """Give the number of attempts, None if the manifest does not say.

        The key lacks an "e" since the first version; the whole word is taken where that is absent.
        """
        key = "noOfrRetry" if self.text("noOfrRetry") is not None else "noOfRetry"
        text = self.text(key)
        if text is None:
            return None
        number = int(text) if _SMALL_NUMBER.fullmatch(text) else _MOST_ATTEMPTS + 1
        if number > _MOST_ATTEMPTS:
            self._fault(key, f"{key} {quoted(text)} is not a number from 0 to {_MOST_ATTEMPTS}")
        return max(number, 1)

    def check_data_type(self) -> None:
        """Refuse carts of anything but DICOM images."""
        text = self.text("dataType") or "DICOM"
        if text.upper() != "DICOM":
            self._fault("dataType", f"dataType is {quoted(text)}: only DICOM series can be retrieved")

    def _fault(self, key: str, text: str) -> None:
        entry = self._entries.get(key)
        self.faults.append(ManifestFault(text, entry.line if entry else None))
