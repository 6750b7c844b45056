from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from cartload.errors import ManifestError, SettingsError
from cartload.settings import Existing, FileNames, Settings
from cartload_common import options
from frontends.cli.commandline import Piped

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def settings_file(home: Path) -> Path:
    (home / "config").mkdir()
    return home / "config" / "config.toml"


def test_without_anything_the_defaults_hold() -> None:
    assert options.read_settings({}, {}) == Settings()


def test_the_settings_file_wins_over_the_defaults(settings_file: Path) -> None:
    settings_file.write_text("jobs = 7\n[plugins.nbia]\nread_timeout = 5.0\n")
    settings = options.read_settings({}, {})
    assert settings.jobs == 7
    assert settings.plugins == {"nbia": {"read_timeout": 5.0}}


def test_the_environment_wins_over_the_settings_file(settings_file: Path) -> None:
    settings_file.write_text("jobs = 7\nattempts = 2\n")
    settings = options.read_settings({}, {"CARTLOAD_JOBS": "8"})
    assert (settings.jobs, settings.attempts) == (8, 2)


def test_options_win_over_the_environment(settings_file: Path) -> None:
    settings_file.write_text("jobs = 7\n")
    assert options.read_settings({"jobs": 9, "naming": None}, {"CARTLOAD_JOBS": "8"}).jobs == 9


def test_an_option_of_a_plugin_wins_over_the_files_and_leaves_its_others(settings_file: Path) -> None:
    settings_file.write_text("[plugins.nbia]\nread_timeout = 5.0\nconnect_timeout = 6.0\n")
    settings = options.read_settings({"plugins": {"nbia": {"read_timeout": 9.0}}}, {})
    assert settings.plugins == {"nbia": {"read_timeout": 9.0, "connect_timeout": 6.0}}


def test_another_settings_file_can_be_named(tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text('naming = "classic"\n', encoding="utf-8-sig")
    assert options.read_settings({}, {"CARTLOAD_CONFIG": str(other)}).naming == "classic"


def test_a_named_settings_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError, match=r"nowhere\.toml: there is no such file; CARTLOAD_CONFIG names it"
    ):
        options.read_settings({}, {"CARTLOAD_CONFIG": str(tmp_path / "nowhere.toml")})


def test_a_settings_file_that_is_a_folder_is_an_error(settings_file: Path) -> None:
    settings_file.mkdir()
    with pytest.raises(SettingsError, match=r"config\.toml: it cannot be read"):
        options.read_settings({}, {})


def test_a_settings_file_that_is_no_text_is_an_error(settings_file: Path) -> None:
    settings_file.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="it cannot be read"):
        options.read_settings({}, {})


def test_each_setting_can_come_from_the_environment() -> None:
    environment = {
        "CARTLOAD_NAMING": "classic",
        "CARTLOAD_FILE_NAMES": "uid",
        "CARTLOAD_TEMPLATE": "{ordinal}.dcm",
        "CARTLOAD_STORAGE": "memory",
        "CARTLOAD_TRANSPORT": "mock",
        "CARTLOAD_AUTHENTICATOR": "guest",
        "CARTLOAD_PROXY": "direct",
        "CARTLOAD_CA_FILE": "institute.pem",
        "CARTLOAD_JOBS": "2",
        "CARTLOAD_EXISTING": "all",
        "CARTLOAD_ANNOTATIONS": "no",
        "CARTLOAD_ATTEMPTS": "3",
        "CARTLOAD_LIMIT_RATE": "20M",
        "CARTLOAD_LICENSE_ALLOW": "CC BY 4.0, CC0*",
        "CARTLOAD_CHECK": "off",
        "CARTLOAD_BLOCK": "a, b,",
    }
    assert options.read_settings({}, environment) == Settings(
        naming="classic",
        file_names=FileNames.UID,
        template="{ordinal}.dcm",
        storage="memory",
        transport="mock",
        authenticator="guest",
        proxy="direct",
        ca_file="institute.pem",
        jobs=2,
        limit_rate=20_000_000,
        existing=Existing.ALL,
        annotations=False,
        attempts=3,
        license_allow=("CC BY 4.0", "CC0*"),
        check=False,
        block=("a", "b"),
    )
    told = {name.removeprefix("CARTLOAD_").lower() for name in environment}
    assert told == options.SETTING_NAMES - options.ONLY_IN_FILES


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CARTLOAD_JOBS", "many"),
        ("CARTLOAD_JOBS", "0"),
        ("CARTLOAD_CHECK", "perhaps"),
        ("CARTLOAD_EXISTING", "some"),
        ("CARTLOAD_ATTEMPTS", "1.5"),
    ],
)
def test_a_wrong_variable_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{name}: "):
        options.read_settings({}, {name: value})


def test_a_name_that_looks_like_a_number_stays_a_name() -> None:
    assert options.read_settings({}, {"CARTLOAD_NAMING": "2024"}).naming == "2024"


def test_a_blocked_plugin_is_not_loaded() -> None:
    registry = options.load_registry(options.read_settings({}, {"CARTLOAD_BLOCK": "auth"}))
    assert registry.blocked == ("auth",)
    assert not registry.authenticators


def test_an_option_for_a_plugin_that_is_not_there_is_an_error() -> None:
    with pytest.raises(SettingsError, match="no plugin 'nbai'"):
        options.load_registry(Settings(), {"nbai": {"read_timeout": 1}})


def test_a_table_of_the_settings_file_may_be_for_a_plugin_that_is_not_here() -> None:
    assert options.load_registry(Settings(plugins={"elsewhere": {"x": 1}})).failures == ()


def test_the_manifest_can_come_from_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Piped(b"a cart"))
    source = options.read_manifest("-")
    assert (source.stem, source.content) == ("cart", b"a cart")


def test_an_endless_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "MOST_BYTES", 10)
    monkeypatch.setattr(sys, "stdin", Piped(b"0123456789a"))
    with pytest.raises(ManifestError, match="standard input: it is larger than 10 bytes"):
        options.read_manifest("-")
