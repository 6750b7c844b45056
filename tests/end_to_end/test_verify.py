"""What was downloaded is read again; what is damaged is named, and only that comes again."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from archive_carts import fetches, files_below, write_cart
from cartload.testing.catalogue import demo_catalogue
from cartload_archive import ArchiveOptions, ArchiveServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cartload.testing.archive import Catalogue
    from command_line import CommandLine, Result

IMAGE = "2-17.dcm"
TWO_PHASES = "3000566"


class Home:
    """A cart that was brought home, from a server that still is there."""

    def __init__(
        self, cartload: CommandLine, folder: Path, catalogue: Catalogue, server: ArchiveServer
    ) -> None:
        self._cartload = cartload
        self._server = server
        self.root = folder / "cart"
        self.catalogue = catalogue
        cart = write_cart(folder, server, catalogue, catalogue.public)
        result = cartload("download", cart, "--accept-policy", "-d", folder)
        assert result.exit_code == 0, result.err
        cart.unlink()
        self.tree = files_below(self.root)
        self._before = len(server.requests)

    def verify(self, *options: str | Path, directory: Path | None = None) -> Result:
        return self._cartload("verify", directory or self.root, *options)

    def find(self, name: str) -> Path:
        return min(self.root.rglob(name), key=lambda path: TWO_PHASES not in str(path))

    def uid_of(self, path: Path) -> str:
        place = path.parent.name
        return next(uid for uid in self.catalogue.public if place.endswith(uid[-5:]))

    @property
    def requests(self) -> list[Any]:
        """Give what was asked of the server since the cart is home."""
        return list(self._server.requests[self._before :])

    @property
    def fetched(self) -> list[str]:
        return fetches(self._server)[len(self.catalogue.public) :]


@pytest.fixture
def home(cartload: CommandLine, tmp_path: Path) -> Callable[[ArchiveServer], Home]:
    return lambda server: Home(cartload, tmp_path, demo_catalogue(), server)


def flip(path: Path) -> None:
    """Turn one bit of the pixels over; the size stays."""
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)


def lines_of(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.out.splitlines()]


def test_what_was_just_downloaded_is_whole_and_no_archive_is_asked(
    home: Callable[[ArchiveServer], Home],
) -> None:
    with ArchiveServer(demo_catalogue()) as server:
        cart = home(server)
        result = cart.verify()
        assert cart.requests == []
    assert result.exit_code == 0, result.err
    assert f"WHOLE: all {len(cart.catalogue.public)} series" in result.err


def test_one_flipped_bit_is_found_and_named(home: Callable[[ArchiveServer], Home]) -> None:
    with ArchiveServer(demo_catalogue()) as server:
        cart = home(server)
        image = cart.find(IMAGE)
        flip(image)
        result = cart.verify()
        assert cart.requests == []
    assert result.exit_code == 1
    assert f"{IMAGE}: its content is not what was stored." in result.err
    assert str(image.parent.relative_to(cart.root)).replace("\\", "/") in result.err


def test_another_image_in_its_place_is_told_from_damage(home: Callable[[ArchiveServer], Home]) -> None:
    with ArchiveServer(demo_catalogue()) as server:
        cart = home(server)
        shutil.copyfile(cart.find("2-18.dcm"), cart.find(IMAGE))
        result = cart.verify()
    assert result.exit_code == 1
    assert f"{IMAGE}: it is another image: " in result.err


def test_a_foreign_file_is_reported_and_does_no_harm(home: Callable[[ArchiveServer], Home]) -> None:
    with ArchiveServer(demo_catalogue()) as server:
        cart = home(server)
        notes = cart.find(IMAGE).with_name("notes.txt")
        notes.write_text("seen on Monday")
        result = cart.verify("--repair")
        assert cart.requests == []
    assert result.exit_code == 0, result.err
    assert "not from cartload" in result.err
    assert notes.read_text() == "seen on Monday"


def test_a_repair_brings_back_the_one_image_and_asks_for_no_other(
    home: Callable[[ArchiveServer], Home],
) -> None:
    with ArchiveServer(demo_catalogue()) as server:
        cart = home(server)
        folder = cart.find(IMAGE).parent
        notes = folder / "notes.txt"
        notes.write_text("seen on Monday")
        flip(folder / IMAGE)
        result = cart.verify("--repair")
        (request,) = [dict(each.form) for each in cart.requests if "seriesUid" in dict(each.form)]
    assert result.exit_code == 0, result.err
    assert "1 of them repaired" in result.err
    notes.unlink()
    assert files_below(cart.root).keys() == cart.tree.keys()
    assert (folder / IMAGE).read_bytes() == cart.tree[str((folder / IMAGE).relative_to(cart.root).as_posix())]
    series = cart.catalogue.series[request["seriesUid"]]
    excluded = request["sopUids"].count("'") // 2
    assert excluded == len(series.images) - 1


def test_over_rest_a_single_image_is_asked_for(home: Callable[[ArchiveServer], Home]) -> None:
    with ArchiveServer(demo_catalogue(), ArchiveOptions(servlets=None)) as server:
        cart = home(server)
        image = next(
            path for path in sorted(cart.root.rglob("1-05.dcm")) if not list(path.parent.glob("*.xml"))
        )
        image.unlink()
        result = cart.verify("--repair")
        paths = [each.path for each in cart.requests if "Image" in each.path]
    assert result.exit_code == 0, result.err
    assert files_below(cart.root).keys() == cart.tree.keys()
    assert [path for path in paths if path.endswith("getSingleImage")]
    assert not [path for path in paths if path.endswith(("getImage", "getDCMImage", "getImageWithMD5Hash"))]


def test_a_lost_folder_and_a_lost_annotation_come_back_and_nothing_else(
    home: Callable[[ArchiveServer], Home],
) -> None:
    with ArchiveServer(demo_catalogue()) as server:
        cart = home(server)
        annotation = next(cart.root.rglob("*.xml"))
        annotation.unlink()
        gone = next(path.parent for path in cart.root.rglob("1-12.dcm") if path.parent != annotation.parent)
        shutil.rmtree(gone)
        expected = {cart.uid_of(annotation), cart.uid_of(gone / "x")}
        found = cart.verify()
        result = cart.verify("--repair")
        assert set(cart.fetched) == expected
        assert len(cart.fetched) == 2
    assert found.exit_code == 1
    assert "missing: " in found.err
    assert result.exit_code == 0, result.err
    assert {name: content for name, content in files_below(cart.root).items() if name != "metadata.csv"} == {
        name: content for name, content in cart.tree.items() if name != "metadata.csv"
    }


def test_a_moved_and_renamed_folder_is_checked_and_repaired_where_it_is(
    home: Callable[[ArchiveServer], Home], tmp_path: Path
) -> None:
    with ArchiveServer(demo_catalogue()) as server:
        cart = home(server)
        moved = tmp_path / "archive" / "lung study"
        moved.parent.mkdir()
        cart.root.rename(moved)
        assert cart.verify(directory=moved).exit_code == 0
        flip(next(moved.rglob(IMAGE)))
        result = cart.verify("--repair", directory=moved.parent)
        assert len(cart.fetched) == 1
    assert result.exit_code == 0, result.err
    assert not cart.root.exists()
    assert files_below(moved).keys() == cart.tree.keys()
    assert [path.name for path in moved.parent.iterdir()] == ["lung study"]


def test_names_and_layout_stay_as_they_were_whatever_the_settings_say_now(
    cartload: CommandLine, tmp_path: Path
) -> None:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue, catalogue.public[:3])
        chosen = ("--naming", "classic", "--file-names", "uid", "--no-annotations")
        assert cartload("download", cart, "--accept-policy", "-d", tmp_path, *chosen).exit_code == 0
        tree = files_below(tmp_path / "cart")
        largest = max((tmp_path / "cart").rglob("*.dcm"), key=lambda path: len(list(path.parent.iterdir())))
        largest.unlink()
        result = cartload("verify", tmp_path / "cart", "--repair")
    assert result.exit_code == 0, result.err
    assert files_below(tmp_path / "cart").keys() == tree.keys()


def test_every_series_has_its_line_of_json_and_the_report_is_the_last(
    home: Callable[[ArchiveServer], Home],
) -> None:
    with ArchiveServer(demo_catalogue()) as server:
        cart = home(server)
        flip(cart.find(IMAGE))
        result = cart.verify("--json")
        mended = cart.verify("--json", "--repair")
    *series, report = lines_of(result)
    assert len(series) == len(cart.catalogue.public)
    (damaged,) = [line for line in series if not line["whole"]]
    assert [file["name"] for file in damaged["damaged"]] == [IMAGE]
    assert report["event"] == "CheckReport"
    assert report["exit_code"] == result.exit_code == 1
    assert report["carts"][0]["not_whole"] == [damaged["series_uid"]]
    last = lines_of(mended)[-1]
    assert (last["whole"], last["exit_code"], last["carts"][0]["repaired"]) == (True, 0, 1)


def test_an_archive_that_cannot_be_reached_leaves_the_damage_as_it_is_and_says_so(
    home: Callable[[ArchiveServer], Home],
) -> None:
    with ArchiveServer(demo_catalogue()) as server:
        cart = home(server)
        image = cart.find(IMAGE)
        flip(image)
        spoiled = image.read_bytes()
    result = cart.verify("--repair", "--json")
    report = lines_of(result)[-1]
    assert result.exit_code == report["exit_code"] == 7
    assert report["carts"][0]["error"]["kind"] == "UnreachableError"
    assert image.read_bytes() == spoiled


def test_a_folder_without_a_journal_says_what_to_do(cartload: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "study").mkdir(parents=True)
    result = cartload("verify", tmp_path / "elsewhere")
    assert result.exit_code == 6
    assert "download it once with cartload" in result.err
