"""Figures, what they should be, and the table of them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should be at least, or at most."""

    side: Literal["≥", "≤"]
    limit: float

    def met_by(self, value: float) -> bool:
        """Say whether a value is good enough."""
        return value >= self.limit if self.side == "≥" else value <= self.limit


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured."""

    where: str
    what: str
    value: float | None
    unit: str
    goal: Goal | None = None
    #: What else was seen meanwhile: the floor, the times, the memory.
    beside: str = ""

    @property
    def met(self) -> bool | None:
        """Whether it is what it should be; None where nothing was promised or measured."""
        if self.goal is None or self.value is None:
            return None
        return self.goal.met_by(self.value)


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as lines of text."""
    rows = [("where", "what", "figure", "goal", "", "beside")]
    rows += [_row(figure) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        lines.append("  ".join([*cells, row[5]]).rstrip())
    return "\n".join(lines)


def _row(figure: Figure) -> tuple[str, str, str, str, str, str]:
    goal = f"{figure.goal.side} {figure.goal.limit:g}" if figure.goal else ""
    value = f"{figure.value:,.3g}" if figure.value is not None and figure.value < 100 else None
    shown = value or (f"{figure.value:,.0f}" if figure.value is not None else "–")
    met = {True: "met", False: "NOT MET", None: ""}[figure.met]
    return figure.where, figure.what, f"{shown} {figure.unit}", goal, met, figure.beside


def as_json(figures: Sequence[Figure]) -> str:
    """Return the figures for a machine to read."""
    rows = [asdict(figure) | {"met": figure.met} for figure in figures]
    return json.dumps(rows, ensure_ascii=False, indent=1)
