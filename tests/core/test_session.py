from __future__ import annotations
from typing import TYPE_CHECKING
from engine_world import World
from fake_archive import a_scan
if TYPE_CHECKING:
    from pathlib import Path

def test_a_cart_comes_home(tmp_path: Path) -> None:
    scans = a_scan(1), a_scan(2, annotations={"a.xml": b"<a/>"})
    world = World.of(tmp_path, *scans)
    watched = world.run()
    print(*watched.events, sep="\n")
    assert world.tree() == {f"Kidney/{scan.uid}/{name}": content for scan in scans for name, content in scan.files.items()}
