"""Programs of others that read what no library does, where they are installed."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from forum import confinement
from forum.file_reading.found import MOST_TEXT

#: Seconds for one file or page.
SECONDS: Final = 40.0
#: For old Word and PowerPoint files. antiword reads the former, too; it crashed, or not, by the
#: length of the file's path.
OLD_OFFICE: Final[Mapping[str, Sequence[str]]] = {
    "doc": ("catdoc", "-w", "-d", "utf-8"),
    "ppt": ("catppt", "-d", "utf-8"),
}
OCR: Final = "tesseract"
LANGUAGES: Final = ("swe", "eng")


def is_there(program: str) -> bool:
    """Say whether a program is installed."""
    return shutil.which(program) is not None


def languages() -> list[str]:
    """Give those of our languages that are installed for recognising text."""
    if not is_there(OCR):
        return []
    said = subprocess.run(  # noqa: S603 - the command is ours
        [OCR, "--list-langs"],
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    there = said.stdout.decode("utf-8", "replace").split()
    return [one for one in LANGUAGES if one in there]


def lacking() -> list[str]:
    """Say what cannot be read here, and what would read it."""
    found = []
    if not all(is_there(command[0]) for command in OLD_OFFICE.values()):
        found.append("catdoc (Word and PowerPoint before 2007)")
    if LANGUAGES[0] not in languages():
        found.append("tesseract with Swedish (scanned pages)")
    return found


def output(command: Sequence[str], into: Path) -> str | None:
    """Give what a program prints, or None when it fails; it may write into the folder.

    It prints into a file, whose size is limited like that of any other; and it ends with us.
    """
    path = into / "printed.txt"
    with path.open("wb") as printed:
        try:
            done = subprocess.run(  # noqa: S603 - the command is ours, the file's name made by us
                command,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.DEVNULL,
                cwd=into,
                env=_environment(into),
                timeout=SECONDS,
                preexec_fn=confinement.end_with_parent,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
    with path.open("rb") as file:
        text = file.read(4 * MOST_TEXT).decode("utf-8", "replace")
    path.unlink()
    return text if done.returncode == 0 else None


def _environment(into: Path) -> dict[str, str]:
    folder = str(into)
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": folder,
        "TMPDIR": folder,
        "OMP_THREAD_LIMIT": "1",
    }
