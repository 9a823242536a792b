"""The picture that the demo attaches: a conversation map, drawn when it is needed."""

from typing import Any, Final

from PIL import Image, ImageDraw

SIZE: Final = (1200, 900)
COLUMNS: Final = 4
#: What the twelve cards are about, by the shape that stands on each.
CARDS: Final = (
    ("Varmt", "steam"), ("Kallt", "flake"), ("Sött", "ring"), ("Salt", "dots"),
    ("Hemma", "house"), ("Ute", "tree"), ("Ensam", "one"), ("Tillsammans", "two"),
    ("Nu", "clock"), ("Sen", "later"), ("Ja", "yes"), ("Nej", "no"),
)  # fmt: skip
_INK, _PAPER, _TINT, _EDGE = "#15211c", "#fffefb", "#e1ebe1", "#0d4a3a"


def conversation_map(target: str) -> bool:
    """Write the map as a PNG; in a worker, since the server imports no Pillow."""
    picture = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(picture)
    width, height = SIZE[0] // COLUMNS, SIZE[1] // (len(CARDS) // COLUMNS)
    for place, (word, shape) in enumerate(CARDS):
        left, top = place % COLUMNS * width, place // COLUMNS * height
        _card(pen, left + 14, top + 14, width - 28, height - 28, word, shape)
    picture.quantize(32).save(target, "PNG", optimize=True)
    return True


def _card(
    pen: ImageDraw.ImageDraw, left: int, top: int, width: int, height: int, word: str, shape: str
) -> None:
    box = (left, top, left + width, top + height)
    pen.rounded_rectangle(box, 18, fill=_TINT, outline=_EDGE, width=4)
    middle = left + width // 2
    pen.text((middle, top + height - 40), word, fill=_INK, anchor="mm", font_size=34)
    _shape(pen, shape, middle, top + (height - 70) // 2)


def _shape(pen: ImageDraw.ImageDraw, shape: str, x: int, y: int) -> None:
    line: dict[str, Any] = {"fill": _INK, "width": 8}
    match shape:
        case "steam":
            for step in (-45, 0, 45):
                pen.arc((x + step - 18, y - 60, x + step + 18, y), 90, 270, **line)
                pen.arc((x + step - 18, y, x + step + 18, y + 60), 270, 90, **line)
        case "flake":
            for end in ((0, 65), (56, 32), (56, -32)):
                pen.line((x - end[0], y - end[1], x + end[0], y + end[1]), **line)
        case "ring":
            pen.ellipse((x - 60, y - 60, x + 60, y + 60), outline=_INK, width=18)
        case "dots":
            for place in range(9):
                dot = (x - 50 + place % 3 * 50, y - 50 + place // 3 * 50)
                pen.ellipse((dot[0] - 9, dot[1] - 9, dot[0] + 9, dot[1] + 9), fill=_INK)
        case "house":
            pen.polygon([(x - 70, y), (x, y - 65), (x + 70, y)], fill=_INK)
            pen.rectangle((x - 50, y, x + 50, y + 60), outline=_INK, width=8)
        case "tree":
            pen.ellipse((x - 50, y - 70, x + 50, y + 25), fill=_INK)
            pen.line((x, y, x, y + 65), **line)
        case "one":
            _person(pen, x, y)
        case "two":
            _person(pen, x - 48, y)
            _person(pen, x + 48, y)
        case "clock" | "later":
            pen.ellipse((x - 62, y - 62, x + 62, y + 62), outline=_INK, width=8)
            pen.line((x, y - 40, x, y), **line)
            pen.line((x, y, x + (30 if shape == "clock" else -34), y + 12), **line)
        case "yes":
            pen.line((x - 60, y + 5, x - 15, y + 50, x + 65, y - 50), fill=_INK, width=16)
        case _:
            pen.line((x - 50, y - 50, x + 50, y + 50), fill=_INK, width=16)
            pen.line((x + 50, y - 50, x - 50, y + 50), fill=_INK, width=16)


def _person(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pen.ellipse((x - 24, y - 65, x + 24, y - 17), fill=_INK)
    pen.pieslice((x - 42, y - 8, x + 42, y + 120), 180, 360, fill=_INK)
