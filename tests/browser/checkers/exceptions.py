"""What a checker finds and is not heard for: which rule, on what, and why it is wrong for us."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exempt:
    """One rule of one checker that does not hold for what looks like ``pattern``."""

    checker: str
    rule: str
    pattern: str
    why: str


EXCEPTIONS = (
    Exempt(
        "ibm",
        "aria_form_label_unique|aria_landmark_name_unique",
        r"<form (?![^>]*aria-label)",
        "A form without a name is no landmark (HTML-AAM). To name each button's form would fill "
        "the list of landmarks with noise. Forms that have a name are held to it.",
    ),
    Exempt(
        "ibm",
        "element_tabbable_role_valid",
        r'role="group"[^>]* class="table"',
        "Scrolls where the window is narrower, and then the keyboard must reach it (axe demands "
        "it). Only a script could take the stop away where the whole table is seen.",
    ),
    Exempt(
        "alfa",
        "sia-r111",
        "",
        "44 px for links in running text is AAA (2.5.5). What is pressed is held to 44 px by "
        "measure.js, other targets to 24.",
    ),
    Exempt(
        "vnu",
        "error",
        "“field-sizing”",
        "vnu does not know the property yet; it is in CSS Basic User Interface 4.",
    ),
)


def held_to(checker: str, found: list[str]) -> list[str]:
    """Return the findings, each with its checker's name, less those that an exception is for."""
    return [f"{checker}: {one}" for one in found if not _excepted(checker, one)]


def unheard(checker: str) -> list[str]:
    """Return the rules that are not heard whatever they find."""
    return [one.rule for one in EXCEPTIONS if one.checker == checker and not one.pattern]


def _excepted(checker: str, finding: str) -> bool:
    return any(
        one.checker == checker
        and re.match(rf"({one.rule}): ", finding)
        and re.search(one.pattern, finding)
        for one in EXCEPTIONS
    )
