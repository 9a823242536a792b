"""Texts like those that members write: the demo's sentences, dealt out anew."""

import re
from dataclasses import dataclass
from inspect import cleandoc
from random import Random

from forum import safe_html
from forum.demo.networks import NETWORKS


@dataclass(frozen=True, slots=True)
class Text:
    """A body as it is stored: what was written and what it became."""

    body: str
    html: str


def sentences() -> list[str]:
    """Return the sentences of the demo's discussions, without lists, quotations and mentions."""
    bodies = [topic.body for room in NETWORKS for topic in room.topics]
    bodies += [
        answer.body for room in NETWORKS for topic in room.topics for answer in topic.answers
    ]
    paragraphs = [part for body in bodies for part in cleandoc(body).split("\n\n")]
    plain = [" ".join(part.split()) for part in paragraphs if not re.search(r"[@>#|]|^\d\.", part)]
    return [sentence for part in plain for sentence in re.split(r"(?<=[.?!]) (?=[A-ZÅÄÖ])", part)]


def written(random: Random, known: list[str], characters: int) -> str:
    """Return a body of about so many characters: paragraphs, now and then a list and bold words."""
    pieces: list[str] = []
    while (lacking := characters - len("\n\n".join(pieces))) > 0:
        some = random.sample(known, 3)
        piece = "- " + "\n- ".join(some) if random.random() < 0.15 else " ".join(some)
        if random.random() < 0.2:
            piece = piece.replace(some[0], f"**{some[0]}**")
        pieces.append(piece if len(piece) < lacking else piece[:lacking].rsplit(" ", 1)[0] + ".")
    return "\n\n".join(pieces)


def made(count: int) -> list[Text]:
    """Return so many different bodies of 300 to 800 characters, rendered."""
    random, known = Random(7), sentences()
    bodies = [written(random, known, random.randint(300, 800)) for _ in range(count)]
    return [Text(body, safe_html.html_of(body, {})["html"]) for body in bodies]
