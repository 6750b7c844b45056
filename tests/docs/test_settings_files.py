from __future__ import annotations

import pytest
from cartload_reference import plugin_list, settings_table

from cartload import registry, settings
from cartload.settings import Settings
from docs.pages import blocks, name_of, pages

PAGES = ("docs/reference/settings.md", "docs/how-to/settings-file.md", "docs/how-to/block-plugins.md")
FILES = [
    (name_of(page), block.text)
    for page in pages()
    if name_of(page) in PAGES
    for block in blocks(page.read_text(encoding="utf-8"))
    if block.kind == "toml"
] + [("bundled plugins", block.text) for block in blocks(plugin_list.page()) if block.kind == "toml"]


@pytest.mark.parametrize(("page", "text"), FILES, ids=[page for page, _ in FILES])
def test_a_settings_file_of_the_documentation_is_valid(page: str, text: str) -> None:
    chosen = settings.parse(text, page)
    options = {found.name: found.factory.options for found in registry.load(registry.installed()).all()}
    for name, table in chosen.plugins.items():
        settings.structure_options(name, options[name], table)


def test_the_file_that_is_said_to_change_nothing_changes_nothing() -> None:
    (block,) = blocks(settings_table.example())
    assert settings.parse(block.text, "the example") == Settings()


def test_each_page_on_settings_files_shows_one() -> None:
    assert {page for page, _ in FILES} == {*PAGES, "bundled plugins"}
