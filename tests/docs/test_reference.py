from __future__ import annotations

from typing import get_args

import attrs
import click
import pytest
from cartload_reference import (
    commands,
    errors,
    exit_code_table,
    hooks,
    journal_lines,
    module_map,
    plugin_list,
    port_classes,
    settings_table,
)
from cartload_reference import events as events_page
from cartload_reference.docstrings import text_of

from cartload import events, journal, model, ports
from cartload.registry import Kind
from cartload.settings import Settings
from cartload_cli.main import COMMANDS
from cartload_common.exit_codes import ExitCode
from cartload_common.field_texts import field_texts
from cartload_common.options import ONLY_IN_FILES, PREFIX


def _section(page: str, anchor: str) -> str:
    """Give what follows an anchor, up to the next one."""
    _, found, rest = page.partition(f"({anchor})=\n")
    assert found, f"nothing in the reference has the anchor {anchor}"
    return rest.partition("\n(")[0]


@pytest.mark.parametrize("kind", get_args(events.Event), ids=lambda kind: kind.__name__)
def test_every_event_is_described_with_all_its_fields(kind: type) -> None:
    section = _section(events_page.page(), f"event-{kind.__name__}")
    assert text_of(kind) in section
    assert all(f"`{field.name}`" in section for field in attrs.fields(kind))


@pytest.mark.parametrize("kind", get_args(events.Question), ids=lambda kind: kind.__name__)
def test_every_question_is_described_with_all_its_fields(kind: type) -> None:
    section = _section(events_page.page(), f"question-{kind.__name__}")
    assert text_of(kind) in section
    assert all(f"`{field.name}`" in section for field in attrs.fields(kind))


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.word)
def test_every_hook_is_described_with_its_port(kind: Kind) -> None:
    section = _section(hooks.page(), f"hook-{kind.value}")
    assert f"def {kind.value}() -> Mapping[str, " in section
    assert "(#port-" in section


@pytest.mark.parametrize("kind", errors.error_kinds(), ids=lambda kind: kind.__name__)
def test_every_error_is_described_with_its_exit_code(kind: type[Exception]) -> None:
    section = _section(errors.page(), f"error-{kind.__name__}")
    assert text_of(kind) in section
    assert "the exit code is" in section


def test_every_error_stands_in_the_family() -> None:
    tree = errors.page().partition("```text")[2].partition("```")[0]
    assert {line.strip() for line in tree.split("\n") if line} == {
        kind.__name__ for kind in errors.error_kinds()
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_described_with_every_option(name: str) -> None:
    command = commands.commands()[name]
    section = _section(commands.page(), f"command-{name}")
    options = [each for each in command.params if isinstance(each, click.Option)]
    for option in options:
        assert option.help, f"{option.name} has no help"
        assert " ".join(option.help.split()) in section.replace("\\|", "|")
        assert all(word in section for word in (*option.opts, *option.secondary_opts))


@pytest.mark.parametrize("name", [field.name for field in attrs.fields(Settings)])
def test_every_setting_is_described_with_where_it_can_be_given(name: str) -> None:
    section = _section(settings_table.page(), f"setting-{name}")
    assert field_texts(Settings)[name] in section
    assert name in ONLY_IN_FILES or f"{PREFIX}{name.upper()}" in section


@pytest.mark.parametrize("code", ExitCode, ids=lambda code: code.name)
def test_every_exit_code_is_described(code: ExitCode) -> None:
    assert f"| `{int(code)}` | {code.meaning} |" in exit_code_table.page()


@pytest.mark.parametrize("kind", port_classes.port_kinds(), ids=lambda kind: kind.__name__)
def test_every_port_is_described_with_all_its_methods(kind: type) -> None:
    section = _section(port_classes.page(), f"port-{kind.__name__}")
    public = [name for name in vars(kind) if not name.startswith("_")]
    assert public
    assert all(f"{name}(" in section or f"{name}: " in section for name in public)


def test_every_class_that_plugins_meet_is_described() -> None:
    page = port_classes.page()
    for module in (ports, model):
        for name, thing in vars(module).items():
            if isinstance(thing, type) and f"{thing.__module__}.".startswith(f"{module.__name__}."):
                assert text_of(thing) in _section(page, f"port-{name}")


def test_every_bundled_plugin_says_in_a_line_what_it_is() -> None:
    found = plugin_list.bundled()
    assert found
    assert [each.name for each in found if not each.factory.summary] == []


def test_every_option_of_a_bundled_plugin_is_explained() -> None:
    unexplained = [
        f"{found.name}.{field.name}"
        for found in plugin_list.bundled()
        if attrs.has(found.factory.options) and len(attrs.fields(found.factory.options)) > 1
        for field in attrs.fields(found.factory.options)
        if field.name not in field_texts(found.factory.options)
    ]
    assert unexplained == []


@pytest.mark.parametrize("kind", get_args(journal.Entry), ids=lambda kind: kind.__name__)
def test_every_kind_of_journal_line_is_described(kind: type) -> None:
    assert text_of(kind) in _section(journal_lines.page(), f"journal-{kind.__name__}")


def test_the_journal_line_that_is_shown_can_be_read() -> None:
    shown = journal_lines.page().rpartition("```json\n")[2].partition("\n")[0]
    assert isinstance(journal.from_line(shown), journal.Intended)


def test_every_module_of_the_map_says_its_one_idea() -> None:
    rows = [line for line in module_map.page().splitlines() if line.startswith("| `")]
    assert [row for row in rows if row.endswith("|  |")] == []


def test_the_map_has_every_layer_of_the_import_contract() -> None:
    page = module_map.page()
    assert [name for layer in module_map.core_layers() for name in layer if f"`{name}`" not in page] == []


def test_a_thing_without_a_docstring_is_an_error_not_a_gap() -> None:
    class Silent:
        pass

    with pytest.raises(ValueError, match="Silent has no docstring"):
        text_of(Silent)
