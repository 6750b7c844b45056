from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest

from cartload import registry as registries
from cartload.credentials import Credentials, Secret
from cartload.errors import LoginError, SettingsError
from cartload.hooks import hookimpl
from cartload.network import Condition
from cartload.settings import Settings
from cartload_cli.doctor import this_computer
from cartload_cli.doctor.login import known_login

if TYPE_CHECKING:
    from pathlib import Path

    from cartload.model import Origin


def test_versions_are_told() -> None:
    told = " ".join(found.what for found in this_computer.versions())
    assert "cartload" in told
    assert "Python" in told


def test_settings_that_are_right_are_named(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    assert "is not there" in this_computer.settings(path, None).what
    path.write_text("")
    assert this_computer.settings(path, None).what == str(path)


def test_settings_that_are_wrong_are_told_with_the_reason(tmp_path: Path) -> None:
    error = SettingsError("jobs must be less.", subject="config.toml")
    found = this_computer.settings(tmp_path, error)
    assert (found.condition, found.what) == (Condition.BAD, "config.toml: jobs must be less.")
    assert found.advice


def test_plugins_that_can_be_used_are_counted() -> None:
    registry = registries.load(registries.installed())
    (found,) = this_computer.plugins(registry, Settings())
    assert found.condition is Condition.WELL


def test_a_plugin_that_failed_is_told_with_what_to_do() -> None:
    broken = registries.Source("broken", _Broken(), "some-distribution")
    registry = registries.load([*registries.installed(), broken])
    (found,) = this_computer.plugins(registry, Settings())
    assert found.condition is Condition.DOUBTFUL
    assert "some-distribution" in found.what
    assert "CARTLOAD_BLOCK=broken" in found.advice


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("storage", Settings(storage="gone")),
        ("naming", Settings(naming="gone")),
        ("authenticator", Settings(authenticator="gone")),
        ("transport", Settings(transport="gone")),
    ],
)
def test_a_plugin_that_is_chosen_and_not_there_is_trouble(kind: str, settings: Settings) -> None:
    registry = registries.load(registries.installed())
    (found,) = this_computer.plugins(registry, settings)
    assert found.is_bad
    assert f"there is no {kind} 'gone'" in found.what


def test_a_log_is_kept_somewhere_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARTLOAD_LOG", str(tmp_path / "log"))
    assert this_computer.logs().what == f"kept in {tmp_path / 'log'}"
    monkeypatch.setenv("CARTLOAD_LOG", "off")
    assert "none is kept" in this_computer.logs().what


def test_a_log_that_cannot_be_kept_hinders_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CARTLOAD_LOG", str(tmp_path / "file"))
    found = this_computer.logs()
    assert found.condition is Condition.DOUBTFUL
    assert "CARTLOAD_LOG" in found.advice


def test_without_an_authenticator_one_is_a_guest() -> None:
    nobody = lambda _: None  # noqa: E731 - the smallest there is
    assert "guest" in known_login("https://archive.example.org", Settings(), nobody).what
    assert "guest" in known_login("https://archive\\@elsewhere", Settings(), nobody).what
    assert (
        "bearer" in known_login("https://archive.example.org", Settings(authenticator="bearer"), nobody).what
    )


class _Broken:
    """A plugin whose hook raises."""

    @hookimpl
    def cartload_storages(self) -> NoReturn:
        raise RuntimeError("broken")


def test_a_login_that_is_kept_is_told_by_its_user_alone() -> None:
    found = known_login(
        "https://archive.example.org", Settings(), lambda _: Credentials("ann", Secret("canary"))
    )
    assert found.what == "as ann, where a guest may not have what is wanted."


def test_a_login_that_cannot_be_looked_up_is_trouble() -> None:
    def locked(_: Origin) -> Credentials:
        raise LoginError("the keyring is locked.", advice="Unlock it.")

    found = known_login("https://archive.example.org", Settings(), locked)
    assert (found.is_bad, found.what, found.advice) == (True, "the keyring is locked.", "Unlock it.")
