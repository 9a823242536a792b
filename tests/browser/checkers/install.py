"""Installs the checkers that the tests run on pages: locked npm packages, and a bundle of Alfa.

They have a lock file of their own, because nobody needs them to run the forum. ``bin/setup test``
calls this after ``web/build.py``, whose esbuild it uses.
"""

import hashlib
from pathlib import Path

from web import build

HERE = Path(__file__).parent
WEB = HERE.parents[2] / "web"
ENTRIES = [HERE / "alfa-read.js", HERE / "alfa-audit.js"]
PACKAGES = HERE / "node_modules"
BUNDLES = PACKAGES / ".bundles"


def install() -> None:
    """Install the packages and bundle Alfa, unless nothing has changed since."""
    build.install(HERE)
    inputs = [HERE / "package-lock.json", *ENTRIES]
    wanted = hashlib.sha256(b"\0".join(path.read_bytes() for path in inputs)).hexdigest()
    stamp = BUNDLES / "stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    esbuild = WEB / "node_modules/esbuild/bin/esbuild"
    options = ("--bundle", "--minify", "--format=iife", "--target=es2022", "--log-level=warning")
    build.run_node(HERE, esbuild, *map(str, ENTRIES), *options, f"--outdir={BUNDLES}")
    stamp.write_text(wanted)


if __name__ == "__main__":
    install()
