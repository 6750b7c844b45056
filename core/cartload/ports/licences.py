"""Licence policies: what a licence means for whoever uses the images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from attrs import frozen

if TYPE_CHECKING:
    from cartload.model import License


@frozen
class LicenseTerms:
    """What a licence policy says of a licence: whether commercial use is allowed, and a notice.

    ``names`` are what else it is called, such as ``CC BY 4.0``: ``--license-allow`` finds it by these, too.
    That allows none that is ``contradictory``: whose name and address do not agree.
    """

    commercial: bool
    notice: str = ""
    names: tuple[str, ...] = ()
    contradictory: bool = False


@runtime_checkable
class LicensePolicy(Protocol):
    """Judges licences."""

    def judge(self, license: License | None) -> LicenseTerms:  # noqa: A002 - the field's word
        """Say what the licence of a series means for its user; None is a series without one."""
        ...
