from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cartload.progress import Report, Verdict
from cartload.testing.catalogue import demo_catalogue, manifest_text
from cartload_archive import ArchiveServer
from docs.pages import blocks, text_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_frontend_of_the_guide_brings_a_cart_home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = next(block.text for block in blocks(text_of("docs/how-to/write-a-frontend.md")))
    names: dict[str, Any] = {}
    exec(compile(code, "write-a-frontend.md", "exec"), names)  # noqa: S102 - the page's own example
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = tmp_path / "cart.tcia"
        cart.write_text(manifest_text(catalogue, server.servlet_url, catalogue.public))
        report: Report = names["fetch"](cart, tmp_path)
    assert report.verdict is Verdict.COMPLETE
    assert capsys.readouterr().out.count(" images in ") == len(catalogue.public)
