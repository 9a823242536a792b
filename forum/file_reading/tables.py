"""Workbooks (XLSX, XLSB, XLS, ODS) by calamine, and CSV: rows of cells."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Final

import python_calamine as calamine

from forum.file_reading import plain
from forum.file_reading.blocks import Cell, Writer
from forum.file_reading.blocks import plain as words
from forum.file_reading.found import Found, Kind, Trouble, Unreadable

#: Rows that are shown of each sheet.
_MOST_ROWS: Final = 500
_MOST_SHEETS: Final = 200
_SEPARATORS: Final = ";,\t|"
#: Rows by which it is seen what separates the cells of a CSV.
_TRIED: Final = 30


def gather(source: Path) -> Found:
    """Give the sheets of a workbook; of hidden ones only the text. Raises Unreadable."""
    found = Found(Kind.TABLE)
    write = Writer(found)
    try:
        with calamine.CalamineWorkbook.from_path(str(source)) as workbook:
            sheets = [
                one
                for one in workbook.sheets_metadata
                if one.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            found.page_count = len(sheets)
            for sheet in sheets[:_MOST_SHEETS]:
                rows = map(_said, workbook.get_sheet_by_name(sheet.name).iter_rows())
                if sheet.visible != calamine.SheetVisibleEnum.Visible:
                    _say(found, chain([[sheet.name]], rows))
                    continue
                if len(sheets) > 1:
                    write.heading(words(sheet.name), 1)
                _sheet(write, rows)
    except calamine.PasswordError:
        raise Unreadable(Trouble.PROTECTED) from None
    except (calamine.CalamineError, OSError, ValueError):
        raise Unreadable(Trouble.DAMAGED) from None
    return found


def gather_csv(source: Path) -> Found:
    """Give the rows of a CSV."""
    found = Found(Kind.TABLE, page_count=1)
    text, found.cut = plain.text_of(source)
    lines = text.splitlines(keepends=True)
    # What somebody has written without an end of a quotation is one long cell.
    csv.field_size_limit(len(text) + 1)
    try:
        _sheet(Writer(found), csv.reader(lines, delimiter=_separator(lines)))
    except csv.Error:
        return plain.gather(source)
    return found


def _sheet(write: Writer, rows: Iterable[Sequence[str]]) -> None:
    kept = (row for row in map(_without_end, rows) if row)
    shown = list(islice(kept, _MOST_ROWS))
    # A first row of words over all columns, as wide as any, is what they are called.
    widest = max(map(len, shown), default=0)
    headed = len(shown) > 1 and len(shown[0]) == widest and all(map(_is_word, shown[0]))
    write.table([Cell(words(cell), headed and row is shown[0]) for cell in row] for row in shown)
    if len(shown) == _MOST_ROWS:
        write.found.shown_in_part |= _say(write.found, kept)


def _say(found: Found, rows: Iterable[Sequence[str]]) -> bool:
    """Say rows without showing them; tell whether there were any."""
    any_said = False
    for row in rows:
        any_said = True
        found.say(" \t".join(row))
        if found.is_full:
            found.cut = True
            break
    return any_said


def _without_end(row: Sequence[str]) -> Sequence[str]:
    """Give a row without the empty cells at its end."""
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]


def _is_word(cell: str) -> bool:
    return any(sign.isalpha() for sign in cell)


def _said(row: Iterable[object]) -> list[str]:
    return [_as_text(value) for value in row]


def _as_text(value: object) -> str:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return f"{value:.12g}"  # what is added up in binary is not shown to the last digit
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ", "minutes")
        case date() | time() | timedelta():
            return str(value)
        case _:
            return str(value)


def _separator(lines: Sequence[str]) -> str:
    """Give what separates the cells: what most rows have equally many of."""
    return max(_SEPARATORS, key=lambda one: _agreeing(lines[:_TRIED], one))


def _agreeing(lines: Sequence[str], separator: str) -> int:
    widths = [len(row) for row in _tried(lines, separator) if row]
    usual = max(set(widths), key=widths.count, default=1)
    return widths.count(usual) * (usual > 1)


def _tried(lines: Sequence[str], separator: str) -> Iterator[Sequence[str]]:
    try:
        yield from csv.reader(lines, delimiter=separator)
    except csv.Error:
        return
