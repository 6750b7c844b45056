"""A process that is killed at any moment leaves only whole series behind, and the next one goes on."""

from __future__ import annotations

import csv
import random
import shutil
import subprocess
import time
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from archive_carts import files_below, images_below, write_cart
from cartload.model import SeriesUID
from cartload.staging.index import contents_of, series_of
from cartload.testing.archive import Catalogue
from cartload.testing.catalogue import demo_catalogue, synthetic_series
from cartload.testing.images import CT_IMAGE, Slice, Volume
from cartload.testing.staged import series_record
from cartload_archive import ArchiveOptions, ArchiveServer, Compression, Fault, Stall
from command_line import CARTLOAD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cartload_archive import Request, Strike
    from command_line import CommandLine, Result

KILLS = 40
"""Lives of each kind; with those of the repair, more than a hundred."""

EARLIEST, LATEST = 0.4, 1.2
"""Ends of lives, in lives of an undisturbed run: from before the first request to after the end."""

SERIES, SLICES = 5, 8

OFTEN = 0.7
"""In how many lives the archive falls silent."""

MOMENT = 0.1
"""Seconds at most between the archive's silence and the end."""


def live(cartload: CommandLine, silence: Event | None, seconds: float, *arguments: str | Path) -> None:
    """Run the command until the archive is silent, or so many seconds at most, and kill it."""
    with subprocess.Popen(  # noqa: S603 - our own command
        [CARTLOAD, *map(str, arguments)],
        env=cartload.environment,
        cwd=cartload.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        if silence is not None:
            while not silence.wait(MOMENT / 2) and process.poll() is None:
                pass  # it may have nothing to ask for
            seconds = min(seconds, MOMENT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()


def large_images() -> Catalogue:
    """Give series of which each image is larger than what a client reads ahead."""
    volume = Volume(rows=384, columns=384, slices=SLICES)
    slices = [Slice(instance=index + 1, index=index) for index in range(SLICES)]
    records = (evolve(series_record(number), sop_class_uid=CT_IMAGE) for number in range(1, SERIES + 1))
    drawn = [synthetic_series(record, slices, volume) for record in records]
    return Catalogue(
        tuple(
            evolve(series, images=tuple(evolve(image, content=image.read()) for image in series.images))
            for series in drawn
        )
    )


def duration(run: Callable[[], Result]) -> float:
    """Run it to its good end; gives the seconds that took."""
    before = time.monotonic()
    assert run().exit_code == 0
    return time.monotonic() - before


def series_folders(tree: dict[str, bytes]) -> dict[str, dict[str, bytes]]:
    folders: dict[str, dict[str, bytes]] = {}
    for name, content in tree.items():
        folder, _, file = name.rpartition("/")
        folders.setdefault(folder, {})[file] = content
    return folders


def staged_images(root: Path) -> dict[str, set[str]]:
    """Give the images in staging that came whole, by their series."""
    staged: dict[str, set[str]] = {}
    for index in root.glob(".cartload/staging/**/index.jsonl"):
        uid, contents = series_of(index.parent), contents_of(index.parent)
        names = dict(contents.names)
        for kept in contents.kept:
            places = [
                index.parent / "files" / name
                for name in (f".{kept.number:06d}", names.get(kept.number))
                if name
            ]
            if any(place.exists() and place.stat().st_size == kept.size for place in places):
                staged.setdefault(str(uid), set()).add(kept.sop_uid)
    return staged


def demand_nothing_twice(
    asked: Sequence[Request], staged: dict[str, set[str]], stored: set[str], catalogue: Catalogue
) -> None:
    """Look at what was asked for by a life before which this was staged and stored."""
    for request in asked:
        form, query = dict(request.form), dict(request.query)
        if "sopUids" in form:
            uid = form["seriesUid"]
            assert uid not in stored
            excluded = {text.strip("'") for text in form["sopUids"].split(",")}
            held = staged.get(uid, set())
            # The servlet refuses to be asked for no image at all, so the last one may come once more.
            spare = len(held) == len(catalogue.series[SeriesUID(uid)].images)
            assert len(held - excluded) <= spare
        elif "SingleImage" in request.path:
            assert not any(query["SOPInstanceUID"] in held for held in staged.values())
        elif "Image" in request.path and "SeriesInstanceUID" in query:
            assert query["SeriesInstanceUID"] not in stored


class Silences:
    """An archive that, once in every other life, falls silent in the middle of a series."""

    def __init__(self, catalogue: Catalogue, chance: random.Random) -> None:
        self._catalogue, self._chance = catalogue, chance
        self._silence: Event | None = None

    def next(self) -> Event | None:
        """Begin another life; gives what is set when the archive falls silent, if it is going to."""
        self._silence = Event() if self._chance.random() < OFTEN else None
        return self._silence

    def end(self) -> None:
        """Never be silent again."""
        self._silence = None

    def __call__(self, strike: Strike) -> Fault | None:
        series = self._catalogue.series.get(SeriesUID(strike.key))
        if self._silence is None or series is None:
            return None
        after = self._chance.randrange(sum(image.size for image in series.images))
        return Fault(stall=Stall(after=after, reached=self._silence))


def lose_one(root: Path, whole: dict[str, dict[str, bytes]], chance: random.Random) -> None:
    """Once all is there, have the user delete one series, so that the next life has something to do."""
    if len(series_folders(images_below(root))) == len(whole):
        shutil.rmtree(root / chance.choice(sorted(whole)))


@pytest.mark.timeout(900)
@pytest.mark.parametrize("servlets", ["V4", None], ids=["TAR", "ZIP"])
def test_killed_at_random_moments_it_shows_nothing_half_and_fetches_nothing_twice(
    cartload: CommandLine, tmp_path: Path, servlets: str | None
) -> None:
    catalogue = large_images()
    chance = random.Random(20261122)  # noqa: S311 - moments, no secrets
    silences = Silences(catalogue, chance)
    options = ArchiveOptions(servlets="V4" if servlets else None, compression=Compression.STORE)
    interrupted, result = 0, None
    with ArchiveServer(catalogue, options, faults=silences) as server:
        cart = write_cart(tmp_path, server, catalogue, catalogue.public)
        order = ("download", cart, "--accept-policy", "--jobs", "3", "-d")
        lifetime = duration(lambda: cartload(*order, tmp_path / "undisturbed"))
        expected = images_below(tmp_path / "undisturbed" / "cart")
        whole = series_folders(expected)
        places = dict(places_of(tmp_path / "undisturbed" / "cart"))
        root = tmp_path / "killed" / "cart"
        for life in range(KILLS + 1):
            staged = staged_images(root)
            stored = {places[folder] for folder in series_folders(images_below(root))}
            interrupted += bool(staged)
            before = len(server.requests)
            if life < KILLS:
                seconds = lifetime * chance.uniform(EARLIEST, LATEST)
                live(cartload, silences.next(), seconds, *order, root.parent)
            else:
                silences.end()
                result = cartload(*order, root.parent)
            demand_nothing_twice(server.requests[before:], staged, stored, catalogue)
            for folder, files in series_folders(images_below(root)).items():
                assert files == whole[folder]
            if life < KILLS:
                lose_one(root, whole, chance)
    assert interrupted > KILLS // 5
    assert result is not None
    assert result.exit_code == 0, result.err
    assert images_below(root) == expected
    assert files_below(root).keys() == files_below(tmp_path / "undisturbed" / "cart").keys()
    assert rows(root) == sorted(catalogue.public)
    assert not (root / ".cartload" / "staging").exists()


@pytest.mark.timeout(900)
def test_a_repair_that_is_killed_at_random_moments_leaves_every_file_as_good_as_it_was(
    cartload: CommandLine, tmp_path: Path
) -> None:
    catalogue = demo_catalogue()
    chance = random.Random(3)  # noqa: S311 - moments, no secrets
    silences = Silences(catalogue, chance)
    with ArchiveServer(catalogue, faults=silences) as server:
        cart = write_cart(tmp_path, server, catalogue, catalogue.public)
        lifetime = duration(lambda: cartload("download", cart, "--accept-policy", "-d", tmp_path))
        root = tmp_path / "cart"
        expected = images_below(root)
        order = ("verify", root, "--repair", "--accept-policy")
        for _ in range(KILLS // 2):
            spoiled = {chance.choice(sorted(expected)) for _ in range(2)}
            for name in spoiled:
                (root / name).write_bytes(b"spoiled")
            bad = {name for name, content in images_below(root).items() if content != expected[name]}
            live(cartload, silences.next(), lifetime * chance.uniform(EARLIEST, LATEST), *order)
            now = images_below(root)
            assert now.keys() == expected.keys()
            assert {name for name, content in now.items() if content != expected[name]} <= bad
        silences.end()
        result = cartload(*order)
        # What a repair received of a series that is whole by now is for the next download to clear.
        again = cartload("download", cart, "--accept-policy", "-d", tmp_path)
    assert (result.exit_code, again.exit_code) == (0, 0), result.err + again.err
    assert images_below(root) == expected
    assert rows(root) == sorted(catalogue.public)
    assert not (root / ".cartload" / "staging").exists()


def places_of(root: Path) -> list[tuple[str, str]]:
    with (root / "metadata.csv").open(newline="") as table:
        return [
            (row["File Location"].removeprefix("./").replace("\\", "/"), row["Series UID"])
            for row in csv.DictReader(table)
        ]


def rows(root: Path) -> list[str]:
    return sorted(uid for _, uid in places_of(root))
