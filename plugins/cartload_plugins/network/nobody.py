"""Who asks where nobody's login is to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from cartload.ports import Request, Stop


@frozen
class Nobody:
    """Signs nothing."""

    @property
    def user(self) -> None:
        """Name nobody."""
        return

    def sign(self, request: Request, stop: Stop) -> Request:
        """Give the request as it is."""
        del stop
        return request

    def renew(self, refused: Request, stop: Stop) -> bool:
        """Tell that there is no proof to renew."""
        del refused, stop
        return False
