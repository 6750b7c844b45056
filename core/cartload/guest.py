"""The guest, who asks without saying who asks: the authenticator wherever nobody's login is to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from cartload.ports import Request, Stop


@frozen
class Guest:
    """Signs nothing, and has nothing to renew."""

    @property
    def user(self) -> str | None:
        """Name nobody."""
        return None

    def sign(self, request: Request, stop: Stop) -> Request:
        """Give the request as it is."""
        del stop
        return request

    def renew(self, refused: Request, stop: Stop) -> bool:
        """Tell that there is no other proof, whatever was *refused*."""
        del refused, stop
        return False
