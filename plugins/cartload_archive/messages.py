"""A request as the archive understood it, and an answer before it is sent."""

from __future__ import annotations

import html
import json
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Pairs = tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class Request:
    """One request; header names are in lower case, and ``status`` is 0 until it is answered."""

    method: str
    path: str
    headers: Mapping[str, str] = field(factory=dict)
    query: Pairs = ()
    form: Pairs = ()
    status: int = 0

    @classmethod
    def of(cls, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
        """Take a request apart; a body that is no form is left alone."""
        parts = urlsplit(target)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        form = body.decode(errors="replace") if kind == "application/x-www-form-urlencoded" else ""
        return cls(
            method=method,
            path=parts.path,
            headers=headers,
            query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
            form=tuple(parse_qsl(form, keep_blank_values=True)),
        )

    @property
    def parameters(self) -> Pairs:
        """Give query and form together, as a servlet sees them."""
        return self.query + self.form

    def value(self, name: str) -> str | None:
        """Give the first value of a parameter, None if it was not sent."""
        return next((value for key, value in self.parameters if key == name), None)

    def values(self, name: str) -> tuple[str, ...]:
        """Give every value of a parameter, in order."""
        return tuple(value for key, value in self.parameters if key == name)


@frozen(kw_only=True)
class Answer:
    """What is sent back: bytes with their length, or an iterator whose items become HTTP chunks."""

    status: int = 200
    headers: Pairs = ()
    body: bytes | Iterator[bytes] = field(default=b"", repr=False)


def text(content: str, kind: str = "text/plain;charset=UTF-8", status: int = 200) -> Answer:
    """Answer with text in UTF-8."""
    return Answer(status=status, headers=(("Content-Type", kind),), body=content.encode())


def refusal(sentence: str, status: int = 400) -> Answer:
    """Refuse as the REST API does: a sentence that calls itself JSON and is none."""
    return text(sentence, "application/json", status)


def json_object(members: Mapping[str, object], status: int = 200) -> Answer:
    """Answer with one JSON object."""
    return text(json.dumps(members), "application/json;charset=UTF-8", status)


def error_page(status: int, message: str = "", headers: Pairs = ()) -> Answer:
    """Answer with the servlet container's own error page; it knows no name for 460 to 462."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown Reason"
    title = f"HTTP Status {status} - {phrase}"
    told = f"<p><b>Message</b> {html.escape(message)}</p>" if message else ""
    page = (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1>'
        f'<hr class="line" /><p><b>Type</b> Status Report</p>{told}'
        '<hr class="line" /><h3>Synthetic archive</h3></body></html>'
    )
    kind = ("Content-Type", "text/html;charset=utf-8")
    return Answer(status=status, headers=(kind, ("Content-Language", "en"), *headers), body=page.encode())


def attachment(name: str, kind: str = "application/octet-stream") -> Pairs:
    """Give the headers of an answer that is to be saved under *name*."""
    return (("Content-Type", kind), ("Content-Disposition", f'attachment; filename="{name}"'))
