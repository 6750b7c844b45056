"""Damage that knows what a format is made of: flips, cuts, splices, repetitions, extremes, its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

_EXTREMES = (0, 1, 2, 7, 8, 9, 0x7F, 0x80, 0xFE, 0xFF, -1, -2, 1 << 15, (1 << 16) - 1, 1 << 31, (1 << 32) - 2)
_LONGEST = 64 * 1024
_MOST_REPEATS = (2, 3, 8, 64, 5000)


@frozen
class Damage:
    """Makes inputs from *seeds*, which are valid, and *words*, which mean something to the format."""

    seeds: Sequence[bytes]
    words: Sequence[bytes]

    def done(self, random: Random) -> bytes:
        """Damage one of the seeds, mostly a little."""
        return self.done_to(random.choice(self.seeds), random)

    def done_to(self, whole: bytes, random: Random) -> bytes:
        """Damage *whole*, in one to eight places."""
        data = bytearray(whole)
        for _ in range(random.choice((1, 1, 1, 2, 2, 3, 5, 8))):
            random.choice(_WAYS)(self, data, random)
            del data[_LONGEST * 4 :]
        return bytes(data)

    def _flip(self, data: bytearray, random: Random) -> None:
        if data:
            data[random.randrange(len(data))] ^= 1 << random.randrange(8)

    def _set(self, data: bytearray, random: Random) -> None:
        if data:
            data[random.randrange(len(data))] = random.randrange(256)

    def _extreme(self, data: bytearray, random: Random) -> None:
        """Write a number as formats do, over what is there."""
        width = random.choice((1, 2, 4, 8))
        value = random.choice(_EXTREMES) % (1 << 8 * width)
        at = random.randrange(len(data) + 1)
        data[at : at + width] = value.to_bytes(width, random.choice(("little", "big")))

    def _cut(self, data: bytearray, random: Random) -> None:
        del data[random.randrange(len(data) + 1) :]

    def _remove(self, data: bytearray, random: Random) -> None:
        start, end = _stretch(data, random)
        del data[start:end]

    def _repeat(self, data: bytearray, random: Random) -> None:
        start, end = _stretch(data, random)
        times = min(random.choice(_MOST_REPEATS), _LONGEST // max(1, end - start))
        data[start:start] = data[start:end] * times

    def _move(self, data: bytearray, random: Random) -> None:
        start, end = _stretch(data, random)
        piece = data[start:end]
        del data[start:end]
        at = random.randrange(len(data) + 1)
        data[at:at] = piece

    def _splice(self, data: bytearray, random: Random) -> None:
        """Go on, or for a while, with another seed."""
        other = random.choice(self.seeds)
        start, end = _stretch(data, random)
        begin, stop = _stretch(other, random)
        data[start:end] = other[begin:stop]

    def _insert(self, data: bytearray, random: Random) -> None:
        at = random.randrange(len(data) + 1)
        data[at:at] = random.choice(self.words)

    def _overwrite(self, data: bytearray, random: Random) -> None:
        word = random.choice(self.words)
        at = random.randrange(len(data) + 1)
        data[at : at + len(word)] = word

    def _exchange(self, data: bytearray, random: Random) -> None:
        """Put another word in the place of one that is there."""
        there = [word for word in self.words if word in data]
        if there:
            word = random.choice(there)
            at = data.find(word, random.randrange(len(data)))
            at = data.find(word) if at < 0 else at
            data[at : at + len(word)] = random.choice(self.words)


_WAYS: Sequence[Callable[[Damage, bytearray, Random], None]] = (
    Damage._flip,
    Damage._set,
    Damage._extreme,
    Damage._cut,
    Damage._remove,
    Damage._repeat,
    Damage._move,
    Damage._splice,
    Damage._insert,
    Damage._overwrite,
    Damage._exchange,
)


def _stretch(data: bytes | bytearray, random: Random) -> tuple[int, int]:
    """Choose a part, mostly a short one."""
    start = random.randrange(len(data) + 1)
    longest = random.choice((1, 2, 4, 8, 64, 512, len(data)))
    return start, min(len(data), start + random.randrange(longest + 1))
