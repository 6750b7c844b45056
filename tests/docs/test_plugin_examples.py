"""The plugins of the guide keep the contracts that it names."""

from __future__ import annotations

import json
import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from cartload import hooks
from cartload.errors import LoginError
from cartload.guest import Guest
from cartload.manifest import ManifestSource
from cartload.model import License, Origin
from cartload.ports import AuthenticatorContext, Naming, TransportContext
from cartload.testing import contracts
from cartload.testing.catalogue import demo_catalogue
from cartload.testing.contracts import (
    AuthenticatorContract,
    LicensePolicyContract,
    ManifestReaderContract,
    NamingContract,
    TransportContract,
)
from cartload.testing.fakes import FakeClock
from cartload.workers import StopSignal
from docs.pages import blocks, rows, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cartload.model import SeriesUID
    from cartload.ports import Authenticator, LicensePolicy, ManifestReader, Transport

PAGE = text_of("docs/how-to/write-a-plugin.md")
CATALOGUE = demo_catalogue()


@pytest.fixture(scope="module")
def guide() -> Iterator[ModuleType]:
    """Give a module with all that the guide's own blocks of code define."""
    module = ModuleType("the_guide")
    sys.modules[module.__name__] = module  # where attrs and cattrs look for annotations
    for block in blocks(PAGE):
        if block.kind == "python":
            exec(compile(block.text, "write-a-plugin.md", "exec"), module.__dict__)  # noqa: S102 - our own page
    yield module
    del sys.modules[module.__name__]


class TestFlatNaming(NamingContract):
    @pytest.fixture
    def naming(self, guide: ModuleType) -> Naming:
        made: Naming = guide.FlatNaming()
        return made


class TestJsonReader(ManifestReaderContract):
    @pytest.fixture
    def reader(self, guide: ModuleType) -> ManifestReader:
        made: ManifestReader = guide.JsonReader()
        return made

    @pytest.fixture
    def examples(self) -> Sequence[ManifestSource]:
        cart = {"archive": "https://archive.example.org", "series": ["1.2.3", "1.2.4", "1.2.3"]}
        return [ManifestSource("cart.json", json.dumps(cart, indent=2).encode())]

    @pytest.fixture
    def faulty(self) -> Sequence[ManifestSource]:
        wrong = (
            "{",
            "{}",
            '{"archive": 7, "series": ["1.2"]}',
            '{"archive": "http://x", "series": ["x", 7]}',
        )
        return [ManifestSource(f"{number}.json", text.encode()) for number, text in enumerate(wrong)]


class TestMirror(TransportContract):
    @pytest.fixture
    def series(self) -> Sequence[SeriesUID]:
        return CATALOGUE.public[:2]

    @pytest.fixture
    def transport(self, guide: ModuleType, tmp_path: Path, series: Sequence[SeriesUID]) -> Transport:
        for uid in series:
            (tmp_path / uid).mkdir()
            for image in CATALOGUE.series[uid].images:
                (tmp_path / uid / f"{image.sop_uid}.dcm").write_bytes(image.read())
        context = TransportContext("https://archive.example.org", Guest(), StopSignal())
        made: Transport = guide.Mirror(context, guide.MirrorOptions(str(tmp_path)))
        return made


class TestToken(AuthenticatorContract):
    @pytest.fixture
    def authenticator(self, guide: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Authenticator:
        monkeypatch.setenv("ARCHIVE_TOKEN", "a made-up token")
        context = AuthenticatorContext(Origin.of("https://archive.invalid"), FakeClock().time)
        made: Authenticator = guide.make_token(context, guide.TokenOptions())
        return made

    @pytest.fixture
    def secrets(self) -> Sequence[str]:
        return ["a made-up token"]


def test_a_token_that_is_not_there_is_told(guide: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARCHIVE_TOKEN", raising=False)
    context = AuthenticatorContext(Origin.of("https://archive.example.org"), FakeClock().time)
    with pytest.raises(LoginError, match="the variable ARCHIVE_TOKEN is not set"):
        guide.make_token(context, guide.TokenOptions())


class TestInstitutePolicy(LicensePolicyContract):
    @pytest.fixture
    def policy(self, guide: ModuleType) -> LicensePolicy:
        made: LicensePolicy = guide.InstitutePolicy(guide.InstituteOptions(("Restricted",)))
        return made

    def test_what_is_forbidden_is_told(self, policy: LicensePolicy) -> None:
        terms = policy.judge(License("Restricted"))
        assert not terms.commercial
        assert "'Restricted'" in terms.notice


def test_the_table_of_kinds_has_every_hook_with_its_contract() -> None:
    told = {row[1].strip("`"): row[2].strip("`") for row in rows(PAGE, "kind")}
    kinds = {name.removeprefix("cartload_").removesuffix("s") for name in told}
    assert set(told) == {name for name in hooks.__all__ if name.startswith("cartload_")}
    assert set(told.values()) == set(contracts.__all__)
    assert len(kinds) == len(told)
