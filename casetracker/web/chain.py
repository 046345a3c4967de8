"""
The chain through the courts as a drawing: a box for each proceeding, the higher courts above, an arrow for each
transfer.

Pure geometry; templates/cases/_chain.html writes the SVG, and the list of proceedings below it says the same in words.
"""

from dataclasses import dataclass

from django.utils.translation import gettext

from ..models import TransferKind
from ..proceedings import ProceedingLine, TransferLine

BOX_WIDTH, BOX_HEIGHT = 148, 46
COLUMN, ROW = 168, 92
MARGIN = 6
# From above: the rows of the drawing, by the accent of the court's level.
ROWS = ("supreme", "appellate", "trial", "admin", "outside")


@dataclass(slots=True, frozen=True)
class Box:
    """A proceeding; without an address one that is known only by its court and number."""

    x: float
    y: float
    court: str
    number: str
    accent: str
    anchor: str
    title: str


@dataclass(slots=True, frozen=True)
class Arrow:
    path: str
    title: str
    is_related: bool


@dataclass(slots=True, frozen=True)
class Chain:
    """`columns`: how many boxes stand beside one another at most."""

    columns: int
    width: float
    height: float
    boxes: list[Box]
    arrows: list[Arrow]


def chain(proceedings: list[ProceedingLine]) -> Chain | None:
    """The drawing for the proceedings of a case in their order, or None where there are no two to join."""
    rows: dict[str, list[Box]] = {}
    boxes: dict[str, Box] = {}
    arrows: list[tuple[str, str, str, bool]] = []

    def place(key: str, court: str, number: str, accent: str, *, anchor: str, title: str) -> None:
        if key not in boxes:
            row = rows.setdefault(accent if accent in ROWS else "outside", [])
            boxes[key] = Box(MARGIN + len(row) * COLUMN, 0, court, number, accent, anchor, title)
            row.append(boxes[key])

    for line in proceedings:
        place(
            line.anchor,
            line.court.short_name,
            line.main_number,
            line.court.accent,
            anchor=line.anchor,
            title=f"{line.court.name}: {line.caption}",
        )
    for line in proceedings:
        for transfer in line.left:
            other = _place_of(transfer)
            place(
                other,
                transfer.court,
                transfer.number,
                transfer.accent,
                anchor="",
                title=_elsewhere(transfer),
            )
            arrows.append((line.anchor, other, _words(transfer), transfer.kind == TransferKind.RELATED))
        for transfer in line.arrived:
            if not transfer.url.startswith("#"):
                other = _place_of(transfer)
                place(
                    other,
                    transfer.court,
                    transfer.number,
                    transfer.accent,
                    anchor="",
                    title=_elsewhere(transfer),
                )
                arrows.append((other, line.anchor, _words(transfer), transfer.kind == TransferKind.RELATED))
    if len(boxes) < 2 or not arrows:
        return None
    height = 0.0
    placed: dict[str, Box] = {}
    keys = {id(box): key for key, box in boxes.items()}
    for accent in ROWS:
        if accent in rows:
            for box in rows[accent]:
                placed[keys[id(box)]] = Box(
                    box.x, MARGIN + height, box.court, box.number, box.accent, box.anchor, box.title
                )
            height += ROW
    columns = max(len(row) for row in rows.values())
    return Chain(
        columns=columns,
        width=columns * COLUMN - (COLUMN - BOX_WIDTH) + 2 * MARGIN,
        height=height - (ROW - BOX_HEIGHT) + 2 * MARGIN + 18,
        boxes=list(placed.values()),
        arrows=[_arrow(placed[start], placed[end], title, is_related=related) for start, end, title, related in arrows],
    )


def _place_of(transfer: TransferLine) -> str:
    """The key of the other end: a proceeding on this page, or one that is known by court and number."""
    if transfer.url.startswith("#"):
        return transfer.url.removeprefix("#")
    return f"elsewhere {transfer.court} {transfer.number}"


def _elsewhere(transfer: TransferLine) -> str:
    return gettext("%(court)s, not recorded here") % {"court": transfer.court}


def _words(transfer: TransferLine) -> str:
    where = " ".join(part for part in (transfer.court, transfer.number) if part)
    return f"{transfer.phrase} {where}{', ' + transfer.date if transfer.date else ''}"


def _arrow(start: Box, end: Box, title: str, *, is_related: bool) -> Arrow:
    """From the middle of an edge to the middle of an edge; within one row in an arc below the boxes."""
    first, last = start.x + BOX_WIDTH / 2, end.x + BOX_WIDTH / 2
    if start.y == end.y:
        bottom = start.y + BOX_HEIGHT
        return Arrow(
            f"M{first} {bottom} C{first} {bottom + 26} {last} {bottom + 26} {last} {bottom + 3}", title, is_related
        )
    up = end.y < start.y
    # Two arrows between the same boxes, up and back, stand side by side.
    shift = -14 if up else 14
    leave = start.y if up else start.y + BOX_HEIGHT
    arrive = end.y + BOX_HEIGHT + 3 if up else end.y - 3
    middle = (leave + arrive) / 2
    return Arrow(
        f"M{first + shift} {leave} C{first + shift} {middle} {last + shift} {middle} {last + shift} {arrive}",
        title,
        is_related,
    )
