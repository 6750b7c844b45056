from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from docs.pages import links, name_of, pages

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_a_page_links_to_files_that_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [target for target in links(text) if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_a_page_begins_with_its_title(page: Path) -> None:
    assert page.name == "changes.md" or page.read_text(encoding="utf-8").startswith("# ")
