"""What must not be written down: told by its name, its place or its form, and struck out of every text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, unquote

import attrs
from attrs import field, mutable

from cartload.conversion import unstructure
from cartload.credentials import Secret
from cartload_common.credentials.variables import USERNAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cartload.registry import Registry
    from cartload.settings import Settings

STRUCK = "***"

_SHORTEST = 4
"""A shorter secret is hidden in its place, but not struck out elsewhere: it would spoil every text."""

_SHORTEST_NAME = 3

_SECRET_NAME = re.compile(
    r"pass|secret|token|credential|cookie|(api|private|access).?key|(^|[_.-])(key|pin|auth|user|username)($|[_.-])",
    re.IGNORECASE,
)
_PROXY_NAME = re.compile(r"[a-z]+_proxy", re.IGNORECASE)

_FORMS = (
    (("@",), re.compile(r"//[^/\s'\"]*@"), f"//{STRUCK}@"),
    (("?",), re.compile(r"(https?:/{1,2}[^\s?'\"<>]{1,2000})\?[^\s'\"<>]+"), rf"\1?{STRUCK}"),
    (
        ("authorization", "cookie"),
        re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(['\"]?\s{0,9}[:=]).*"),
        rf"\1\2 {STRUCK}",
    ),
    (
        ("basic", "bearer"),
        re.compile(r"(?i)\b(basic|bearer)\s{1,9}(?=\S*[0-9=._~+/-])[\w+/=.~-]{8,}"),
        rf"\1 {STRUCK}",
    ),
    (
        ("passw", "secret", "token", "key="),
        re.compile(r"(?i)(password|passwd|secret|token|api[_-]?key)=[^\s&'\"]+"),
        rf"\1={STRUCK}",
    ),
)
"""User names in addresses, queries, and what headers and forms carry, each with words that hint at it."""


def is_secret_name(name: str) -> bool:
    """Tell whether what goes by this name is a secret, as far as a name can tell."""
    return _SECRET_NAME.search(name) is not None


@mutable(eq=False)
class Redaction:
    """Knows the secrets of one run; called with a text, it gives the text without them."""

    _known: tuple[str, ...] = field(default=(), repr=False)
    _passwords: tuple[str, ...] = field(default=(), repr=False)
    _users: tuple[re.Pattern[str], ...] = field(default=(), repr=False)

    def __call__(self, text: str) -> str:
        """Strike out every secret that is known, and whatever looks like one."""
        for user in self._users:
            text = user.sub(STRUCK, text)
        return self.but_users(text)

    def but_users(self, text: str) -> str:
        """Strike out the same, but for the names of users, for who sits there."""
        text = _without(self._known, text)
        low = text.lower()
        for hints, form, instead in _FORMS:
            if any(hint in low for hint in hints):
                text = form.sub(instead, text)
        return text

    def learn(self, secrets: Iterable[str]) -> None:
        """Remember what is never to be written."""
        self._known = _sorted({*self._known, *secrets})

    def learn_password(self, password: Secret) -> None:
        """Remember a password in all its forms, which the screen is spared, too."""
        self._passwords = _sorted({*self._passwords, *forms_of(password)})
        self.learn(self._passwords)

    def learn_user(self, name: str) -> None:
        """Remember who logs in: no secret, but for the screen alone; only a whole word is struck out."""
        if len(name) >= _SHORTEST_NAME:
            forms = "|".join(map(re.escape, _longest_first(forms_of(Secret(name)))))
            self._users = (*self._users, re.compile(rf"(?<!\w)(?:{forms})(?!\w)"))

    def for_screen(self, text: str) -> str:
        """Strike out the passwords alone: who sits there may see names and addresses."""
        return _without(self._passwords, text)

    def plain(self, value: object) -> object:
        """Give plain data with every text in it redacted."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, Mapping):
            return {self(str(name)): self.plain(each) for name, each in value.items()}
        return [self.plain(each) for each in value] if isinstance(value, list | tuple) else value


def _sorted(secrets: set[str]) -> tuple[str, ...]:
    return _longest_first(secret for secret in secrets if len(secret) >= _SHORTEST)


def _longest_first(texts: Iterable[str]) -> tuple[str, ...]:
    """Put the longest first: one may be part of another."""
    return tuple(sorted(texts, key=lambda text: (-len(text), text)))


def _without(secrets: Iterable[str], text: str) -> str:
    for secret in secrets:
        text = text.replace(secret, STRUCK)
    return text


def forms_of(secret: Secret) -> frozenset[str]:
    """Give a secret as it stands in addresses, forms, JSON and tracebacks."""
    text = secret.reveal()
    quoted = (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1])
    return frozenset({text, quote(text), quote(text, safe=""), quote_plus(text), *quoted})


def environment_secrets(environment: Mapping[str, str]) -> Iterator[str]:
    """Find what is secret in the environment: cartload's own variables, and the users of proxies."""
    for name, value in environment.items():
        if name == USERNAME:
            continue  # it is learnt as what it is
        if name.startswith("CARTLOAD_") and is_secret_name(name):
            yield value
        elif _PROXY_NAME.fullmatch(name):
            yield from proxy_secrets(value)


def proxy_secrets(address: str | None) -> Iterator[str]:
    """Find the user and password in a proxy's address, which may lack its scheme and be none at all."""
    user, at, _ = (address or "").rpartition("@")
    if at:
        yield from _parts(user.rpartition("://")[2])


def option_secrets(tables: Mapping[str, Mapping[str, object]], registry: Registry | None) -> Iterator[str]:
    """Find what is secret in the plugins' options; without a registry, by the names alone."""
    for plugin, table in tables.items():
        for name, value in table.items():
            secret = is_secret_name(name) if registry is None else _is_hidden(registry, plugin, name)
            for text in _texts(value):
                if secret:
                    yield text
                yield from _users(text)


def shown_options(settings: Settings, registry: Registry, redact: Redaction) -> dict[str, object]:
    """Give the settings as plain data; options of plugins that are secret, or may be, are struck out.

    The options of a plugin that is not loaded are: nothing says which of them are secret.
    """
    chosen: dict[str, object] = unstructure(attrs.evolve(settings, logins={}, plugins={}))
    shown = {name: STRUCK if is_secret_name(name) and each else each for name, each in chosen.items()}
    shown["logins"] = sorted(settings.logins)  # which archives, but not whose
    shown["plugins"] = {
        plugin: {name: STRUCK if _is_hidden(registry, plugin, name) else each for name, each in table.items()}
        for plugin, table in settings.plugins.items()
    }
    redacted = redact.plain(shown)
    return redacted if isinstance(redacted, dict) else {}


def _is_hidden(registry: Registry, plugin: str, name: str) -> bool:
    """Tell whether an option is secret: by its name, or as its field is left out of its class's repr."""
    kinds = (found.factory.options for found in registry.all() if found.name == plugin)
    fields = [attrs.fields_dict(kind).get(name) for kind in kinds if attrs.has(kind)]
    known = [each for each in fields if each is not None]
    return is_secret_name(name) or not known or any(each.repr is not True for each in known)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
    else:
        yield str(value)


def _users(address: str) -> Iterator[str]:
    """Give the user name and password that an address holds, as they stand and as they are meant."""
    user, at, _ = address.partition("://")[2].rpartition("@")
    if at:
        yield from _parts(user)


def _parts(user: str) -> Iterator[str]:
    _, _, password = user.partition(":")
    yield from (user, password, unquote(password))
