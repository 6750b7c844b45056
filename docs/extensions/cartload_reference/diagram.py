"""State diagrams, drawn from the state tables as SVG without any other program.

What can happen in many states alike (``fail``, ``cancel``) would be a tangle of arrows: it is written into
the boxes of those states instead, with the state that follows. Every pair of the table is named by a
``<title>``, which a browser shows and a test counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import field, frozen

from cartload_reference.layout import Chain, Edge, Layout, lay_out
from cartload_reference.machines import Transition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cartload_reference.machines import Machine


_BOX, _TITLE, _LINE = 136.0, 30.0, 17.0
_GAP, _BETWEEN, _JOINT, _MARGIN = 40.0, 72.0, 34.0, 14.0
_LETTER, _LABEL = 7.0, 16.0


@frozen
class Box:
    """A state as it is drawn: its name, what is written into it, whether it is an end."""

    name: str
    notes: tuple[Transition, ...]
    is_final: bool
    is_initial: bool

    @property
    def height(self) -> float:
        """Give the height."""
        return _TITLE + _LINE * len(self.notes) + (6 if self.notes else 0)


@frozen
class Drawing:
    """Everything that is known before the first line is written."""

    boxes: Mapping[str, Box]
    layout: Layout
    tops: tuple[float, ...]
    labels: list[tuple[float, float, float]] = field(factory=list)

    def row_of(self, place: str) -> int:
        """Give the row in which a place stands."""
        return next(number for number, row in enumerate(self.layout.rows) if place in row)

    def top(self, place: str) -> float:
        """Give the upper edge of a place."""
        return self.tops[self.row_of(place)]

    def bottom(self, place: str) -> float:
        """Give the lower edge of a place; of a joint, that of its row."""
        row = self.row_of(place)
        box = self.boxes.get(place)
        return self.top(place) + (box.height if box else _row_height(self.boxes, self.layout.rows[row]))


def draw(machine: Machine) -> str:
    """Draw a state machine."""
    common = Counter((each.given, each.to) for each in machine.transitions)
    notes: dict[str, list[Transition]] = defaultdict(list)
    arrows: dict[tuple[str, str], list[Transition]] = defaultdict(list)
    for each in machine.transitions:
        if common[each.given, each.to] >= machine.many:
            notes[each.state].append(each)
        else:
            arrows[each.state, each.to].append(each)
    first = machine.initial[0]
    boxes = {
        name: Box(name, tuple(notes[name]), name in machine.final, name in machine.initial)
        for name in sorted(machine.states, key=lambda name: name != first)
    }
    edges = [
        Edge(source, to, ", ".join(each.given for each in several))
        for (source, to), several in arrows.items()
    ]
    return _svg(boxes, edges, machine.name)


def _svg(boxes: Mapping[str, Box], edges: Sequence[Edge], name: str) -> str:
    layout = lay_out(tuple(boxes), edges, dict.fromkeys(boxes, _BOX), _GAP, _JOINT)
    drawing = Drawing(boxes, layout, tuple(_tops(boxes, layout)))
    left = min(layout.x[place] for row in layout.rows for place in row) - _BOX / 2 - _MARGIN
    right = max(layout.x[place] for row in layout.rows for place in row) + _BOX / 2 + _MARGIN
    bottom = max(drawing.bottom(each) for each in boxes) + _MARGIN
    view = f"{left:.0f} 0 {right - left:.0f} {bottom:.0f}"
    lines = [
        f'<svg class="cartload-states" xmlns="http://www.w3.org/2000/svg" role="img" viewBox="{view}">',
        f"<title>{escape(name)}</title>",
        *(line for chain in layout.chains for line in _arrow(drawing, chain)),
        *(line for box in boxes.values() for line in _drawn(drawing, box)),
        "</svg>",
    ]
    return "\n".join(lines)


def _tops(boxes: Mapping[str, Box], layout: Layout) -> Iterator[float]:
    top = _MARGIN
    for row in layout.rows:
        yield top
        top += _row_height(boxes, row) + _BETWEEN


def _row_height(boxes: Mapping[str, Box], row: Sequence[str]) -> float:
    return max((boxes[place].height for place in row if place in boxes), default=_TITLE)


def _drawn(drawing: Drawing, box: Box) -> Iterator[str]:
    x, y = drawing.layout.x[box.name], drawing.top(box.name)
    kinds = "".join((" final" if box.is_final else "", " initial" if box.is_initial else ""))
    yield (
        f'<rect class="state{kinds}" x="{x - _BOX / 2:.1f}" y="{y:.1f}" '
        f'width="{_BOX:.0f}" height="{box.height:.0f}" rx="7"/>'
    )
    yield f'<text class="name" x="{x:.1f}" y="{y + 20:.1f}">{escape(box.name)}</text>'
    for number, note in enumerate(box.notes):
        words = note.given if note.given == note.to else f"{note.given} \u2192 {note.to}"
        line = y + _TITLE + _LINE * number + 9
        yield (
            f'<text class="note" x="{x:.1f}" y="{line:.1f}">{escape(words)}'
            f"<title>{escape(str(note))}</title></text>"
        )


def _arrow(drawing: Drawing, chain: Chain) -> Iterator[str]:
    points = list(_points(drawing, chain))
    path = _path(points[::-1] if chain.is_upward else points)
    edge = chain.edge
    titles = "".join(
        f"<title>{escape(str(Transition(edge.source, given, edge.target)))}</title>"
        for given in edge.label.split(", ")
    )
    yield f'<g class="edge"><path d="{path}"/>{_head(points, upward=chain.is_upward)}'
    x, y = _label_place(drawing, points, len(edge.label) * _LETTER + 8)
    yield f'<text x="{x:.1f}" y="{y + 4:.1f}">{escape(edge.label)}</text>{titles}</g>'


def _points(drawing: Drawing, chain: Chain) -> Iterator[tuple[float, float]]:
    """Give the points that an arrow passes, from above: it goes straight through rows, bent between them."""
    for place in chain.places:
        x = drawing.layout.x[place]
        if place == chain.places[0]:
            yield x + _port(drawing, chain, place, down=True), drawing.bottom(place)
        elif place == chain.places[-1]:
            yield x + _port(drawing, chain, place, down=False), drawing.top(place)
        else:
            yield x, drawing.top(place)
            yield x, drawing.bottom(place)


def _port(drawing: Drawing, chain: Chain, place: str, *, down: bool) -> float:
    """Spread the arrows at one side of a box evenly, in the order of where they come from."""
    end, beyond = (0, 1) if down else (-1, -2)
    there = [each for each in drawing.layout.chains if each.places[end] == place]
    there.sort(key=lambda each: (drawing.layout.x[each.places[beyond]], each.is_upward))
    step = min(34.0, (_BOX - 30) / len(there))
    return (there.index(chain) - (len(there) - 1) / 2) * step


def _path(points: Sequence[tuple[float, float]]) -> str:
    """Bend between rows with upright ends; go straight where the points stand above one another."""
    (x, y), *_ = points
    pieces = [f"M{x:.1f},{y:.1f}"]
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (y0 + y1) / 2
        pieces.append(
            f"V{y1:.1f}"
            if abs(x0 - x1) < 1
            else f"C{x0:.1f},{middle:.1f} {x1:.1f},{middle:.1f} {x1:.1f},{y1:.1f}"
        )
    return " ".join(pieces)


def _head(points: Sequence[tuple[float, float]], *, upward: bool) -> str:
    x, y = points[0] if upward else points[-1]
    away = 8 if upward else -8
    return f'<path class="head" d="M{x:.1f},{y:.1f} l-4.5,{away} h9 z"/>'


def _label_place(
    drawing: Drawing, points: Sequence[tuple[float, float]], width: float
) -> tuple[float, float]:
    """Find a place on the arrow where the label covers no other label; the middle of a bend if it can."""
    bends = [leg for leg in pairwise(points) if abs(leg[0][1] - leg[1][1]) > _TITLE]
    free: list[tuple[int, float, float]] = []
    for (x0, y0), (x1, y1) in bends or list(pairwise(points)):
        for share in (0.5, 0.38, 0.62, 0.26, 0.74):
            x = x0 + (x1 - x0) * (3 * share**2 - 2 * share**3)
            y = y0 + (y1 - y0) * share
            free.append((_covered(drawing, x, y, width), x, y))
    _, x, y = min(free, key=lambda place: place[0])
    drawing.labels.append((x, y, width))
    return x, y


def _covered(drawing: Drawing, x: float, y: float, width: float) -> int:
    labels = sum(
        abs(x - other) < (width + other_width) / 2 and abs(y - other_y) < _LABEL
        for other, other_y, other_width in drawing.labels
    )
    boxes = sum(
        abs(x - drawing.layout.x[name]) < (width + _BOX) / 2
        and drawing.top(name) - _LABEL / 2 < y < drawing.bottom(name) + _LABEL / 2
        for name in drawing.boxes
    )
    return labels + boxes
