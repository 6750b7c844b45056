"""The directives: each puts one generated page, drawing or transcript where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from cartload_reference import (
    commands,
    errors,
    events,
    exit_code_table,
    hooks,
    journal_lines,
    module_map,
    plugin_list,
    port_classes,
    settings_table,
    state_diagrams,
    terminal,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

PAGES: Mapping[str, Callable[[], str]] = {
    "cartload-commands": commands.page,
    "cartload-errors": errors.page,
    "cartload-events": events.page,
    "cartload-exit-codes": exit_code_table.page,
    "cartload-hooks": hooks.page,
    "cartload-journal": journal_lines.page,
    "cartload-modules": module_map.page,
    "cartload-plugins": plugin_list.page,
    "cartload-ports": port_classes.page,
    "cartload-settings": settings_table.page,
    "cartload-session-transitions": state_diagrams.session_table,
    "cartload-settings-example": settings_table.example,
    "cartload-task-transitions": state_diagrams.task_table,
}

DRAWINGS: Mapping[str, Callable[[], str]] = {
    "cartload-session-states": state_diagrams.session,
    "cartload-task-states": state_diagrams.task,
}


class Page(SphinxDirective):
    """Puts generated Markdown, headings included, where the directive stands."""

    def run(self) -> list[nodes.Node]:
        """Make the nodes."""
        lines = StringList(PAGES[self.name]().splitlines(), source=self.name)
        holder = nodes.Element()
        self.state.nested_parse(lines, self.content_offset, holder, match_titles=True)
        return holder.children


class Drawing(SphinxDirective):
    """Puts a generated SVG where the directive stands; other formats than HTML have the table."""

    def run(self) -> list[nodes.Node]:
        """Make the node."""
        return [nodes.raw("", f'<div class="cartload-drawing">{DRAWINGS[self.name]()}</div>', format="html")]


class Terminal(SphinxDirective):
    """Runs the commands of its content and shows them with their output."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make the node."""
        text = terminal.transcript("\n".join(self.content))
        return [nodes.literal_block(text, text, language="console", classes=["cartload-terminal"])]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives, and have pages read again when the code they are made of changes."""
    for name in PAGES:
        app.add_directive(name, Page)
    for name in DRAWINGS:
        app.add_directive(name, Drawing)
    app.add_directive("cartload-terminal", Terminal)
    app.connect("env-get-outdated", _outdated)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _outdated(app: Sphinx, *_: object) -> list[str]:
    """Read every page with a directive of ours again: what it shows comes from the code."""
    return [name for name in app.env.found_docs if "{cartload-" in _text(app, name)]


def _text(app: Sphinx, name: str) -> str:
    return Path(app.env.doc2path(name)).read_text(encoding="utf-8")
