"""A layered layout for small directed graphs: rows from the top, few crossings, edges between boxes.

Every edge that passes a row gets a place of its own in it (a *joint*), so that it never runs through a box.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import field, frozen, mutable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SWEEPS = 24


@frozen
class Edge:
    """An arrow from one node to another, with what is written beside it."""

    source: str
    target: str
    label: str


@frozen
class Chain:
    """An edge with the places that it passes, from its upper end to its lower end."""

    edge: Edge
    places: tuple[str, ...]

    @property
    def is_upward(self) -> bool:
        """Tell whether the arrow points up."""
        return self.places[0] == self.edge.target


@mutable
class Layout:
    """Rows of places from left to right, and the chains between them; ``x`` is the middle of a place."""

    rows: list[list[str]]
    chains: tuple[Chain, ...]
    x: dict[str, float] = field(factory=dict)


def lay_out(
    nodes: Sequence[str], edges: Sequence[Edge], widths: Mapping[str, float], gap: float, joint: float
) -> Layout:
    """Place the nodes, the first one on top; *widths* are the boxes', *joint* is what an edge needs."""
    ranks = _ranks(nodes, edges)
    chains = tuple(_chain(number, edge, ranks) for number, edge in enumerate(edges))
    layout = Layout(_rows(ranks, chains), chains)
    _order(layout)
    _place(layout, widths, gap, joint)
    return layout


def _ranks(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Give each node the length of the longest way to it; arrows that close a circle do not count.

    What cannot be reached stands below what it leads to, or lowest if it leads nowhere.
    """
    following: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        following[edge.source].append(edge.target)
    ranks = {nodes[0]: 0}
    forward = _without_circles(nodes[0], following)
    for _ in nodes:
        for source, target in forward:
            ranks[target] = max(ranks.get(target, 0), ranks.get(source, 0) + 1)
    reached = dict(ranks)
    for node in nodes:
        ranks.setdefault(
            node, max((reached[each] + 1 for each in following[node] if each in reached), default=-1)
        )
    lowest = max(ranks.values())
    return {node: lowest if rank < 0 else rank for node, rank in ranks.items()}


def _without_circles(first: str, following: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Give the arrows on all ways from the first node that do not lead back to where they came from."""
    forward: list[tuple[str, str]] = []
    done: set[str] = set()

    def walk(node: str, way: tuple[str, ...]) -> None:
        for target in following[node]:
            if target not in way:
                forward.append((node, target))
                if target not in done:
                    walk(target, (*way, target))
        done.add(node)

    walk(first, (first,))
    return forward


def _chain(number: int, edge: Edge, ranks: Mapping[str, int]) -> Chain:
    upper, lower = sorted((edge.source, edge.target), key=lambda node: ranks[node])
    joints = tuple(f"joint {number} {rank}" for rank in range(ranks[upper] + 1, ranks[lower]))
    return Chain(edge, (upper, *joints, lower))


def _rows(ranks: Mapping[str, int], chains: Sequence[Chain]) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(max(ranks.values()) + 1)]
    for node, rank in ranks.items():
        rows[rank].append(node)
    for chain in chains:
        for rank, place in enumerate(chain.places[1:-1], start=ranks[chain.places[0]] + 1):
            rows[rank].append(place)
    return rows


def _neighbours(layout: Layout) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for chain in layout.chains:
        for upper, lower in pairwise(chain.places):
            found[upper].append(lower)
            found[lower].append(upper)
    return found


def _order(layout: Layout) -> None:
    """Order each row by the middle of its neighbours, down and up, and keep the best that was seen."""
    neighbours = _neighbours(layout)
    best, fewest = [list(row) for row in layout.rows], _crossings(layout)
    for sweep in range(_SWEEPS):
        for upper, lower in pairwise(layout.rows if sweep % 2 == 0 else layout.rows[::-1]):
            _sort_by(upper, lower, neighbours)
        crossings = _crossings(layout)
        if crossings < fewest:
            best, fewest = [list(row) for row in layout.rows], crossings
    layout.rows = best


def _sort_by(fixed: Sequence[str], row: list[str], neighbours: Mapping[str, Sequence[str]]) -> None:
    """Order *row* by where its neighbours stand in the row beside it."""
    beside = {place: number for number, place in enumerate(fixed)}
    wanted = {
        place: _middle([beside[other] for other in neighbours[place] if other in beside], number)
        for number, place in enumerate(row)
    }
    row.sort(key=wanted.__getitem__)


def _middle(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _crossings(layout: Layout) -> int:
    position = {place: (r, i) for r, row in enumerate(layout.rows) for i, place in enumerate(row)}
    legs = [(position[a], position[b]) for chain in layout.chains for a, b in pairwise(chain.places)]
    return sum(
        1
        for number, (a, b) in enumerate(legs)
        for c, d in legs[:number]
        if a[0] == c[0] and b[0] == d[0] and (a[1] - c[1]) * (b[1] - d[1]) < 0
    )


def _place(layout: Layout, widths: Mapping[str, float], gap: float, joint: float) -> None:
    """Bring each place near the middle of its neighbours, without pushing others out of their order."""
    neighbours = _neighbours(layout)
    width = {place: widths.get(place, joint) for row in layout.rows for place in row}
    for row in layout.rows:
        left = 0.0
        for place in row:
            layout.x[place] = left + width[place] / 2
            left += width[place] + gap
        for place in row:
            layout.x[place] -= (left - gap) / 2
    for _ in range(_SWEEPS):
        for row in layout.rows:
            middle = _middle([layout.x[place] for place in neighbours], 0)
            wanted = {
                place: _middle([layout.x[other] for other in neighbours[place]], middle) for place in row
            }
            _settle(layout, row, wanted, width, gap)


def _settle(
    layout: Layout, row: Sequence[str], wanted: Mapping[str, float], width: Mapping[str, float], gap: float
) -> None:
    """Put a row where it is wanted: the mean of pushing from the left and pushing from the right."""
    from_left = _pushed(row, wanted, width, gap)
    mirrored = {place: -wanted[place] for place in row}
    from_right = _pushed(row[::-1], mirrored, width, gap)
    for place in row:
        layout.x[place] = (from_left[place] - from_right[place]) / 2


def _pushed(
    row: Sequence[str], wanted: Mapping[str, float], width: Mapping[str, float], gap: float
) -> dict[str, float]:
    placed: dict[str, float] = {}
    least = float("-inf")
    for place in row:
        placed[place] = max(wanted[place], least + width[place] / 2)
        least = placed[place] + width[place] / 2 + gap
    return placed
