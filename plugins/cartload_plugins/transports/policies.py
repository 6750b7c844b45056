"""The archive's data usage policy, which every NBIA service tells at the same place."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from cartload.model import UsagePolicy
from cartload.ports import Request
from cartload_plugins.transports.answers import is_page

if TYPE_CHECKING:
    from cartload.ports import Stop
    from cartload_plugins.network.client import HttpClient

_NONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.NO_CONTENT})


def usage_policy(client: HttpClient, services: str, stop: Stop) -> UsagePolicy | None:
    """Ask for the policy; 404, a portal's page or an empty text mean that there is none.

    Any other failure is raised: a policy that cannot be had is not taken for none.
    """
    with client.open(Request("GET", f"{services}/v1/getUserAgreementTxt"), stop) as answer:
        if answer.status in _NONE or (answer.is_ok and is_page(answer)):
            return None
        if not answer.is_ok:
            raise answer.refusal()
        text = "\n".join(answer.text().splitlines()).strip("\n")
    return UsagePolicy(str(client.home), text) if text.strip() else None
