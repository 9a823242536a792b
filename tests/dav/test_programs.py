"""Programs that were not written for us: litmus, which tries all of WebDAV, and rclone."""

import os
import re
import subprocess
from pathlib import Path

from tests.conftest import lacking
from tests.dav.conftest import Opened

FILES = {
    "Åtgärder i Örebro (2).docx": 4_000,
    "Übersicht & 100 %.txt": 1,
    "Mötesanteckningar/2026 ht/14 mars; beslut.pdf": 200_000,
    "Mötesanteckningar/2026 ht/a'b+c=d#e.txt": 17,
    "Underlag/stort.bin": 5 * 1024 * 1024,
}


def test_litmus_passes_in_full(opened: Opened, litmus: str | None, tmp_path: Path) -> None:
    lacking("litmus", None if litmus else "litmus is not installed")
    assert litmus is not None
    done = subprocess.run(
        [litmus, "-k", opened.url, "ann.alm", opened.password],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    told = re.findall(r"summary for `(\w+)': of (\d+) tests run: (\d+) passed", done.stdout)
    assert [name for name, _run, _passed in told] == ["basic", "copymove", "props", "locks", "http"]
    assert all(run == passed for _name, run, passed in told), done.stdout
    assert sum(int(run) for _name, run, _passed in told) == 104
    assert done.returncode == 0


def test_rclone_finds_no_difference_after_it_has_copied(
    opened: Opened, rclone: str | None, tmp_path: Path
) -> None:
    lacking("rclone", None if rclone else "rclone is not installed")
    assert rclone is not None
    here = tmp_path / "here"
    for name, size in FILES.items():
        file = here / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(os.urandom(size))
    hidden = subprocess.run(
        [rclone, "obscure", opened.password], capture_output=True, text=True, check=True
    )
    settings = tmp_path / "rclone.conf"
    settings.write_text(
        f"[drive]\ntype = webdav\nurl = {opened.url}\nvendor = other\nuser = ann.alm\n"
        f"pass = {hidden.stdout}\n"
    )

    def run(*words: str) -> str:
        done = subprocess.run(
            [rclone, "--config", str(settings), *words],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stderr

    run("sync", str(here), "drive:")
    assert "0 differences found" in run("check", "--download", str(here), "drive:")
    (here / "Underlag/stort.bin").write_bytes(os.urandom(1000))
    (here / "Åtgärder i Örebro (2).docx").rename(here / "Åtgärder.docx")
    run("sync", str(here), "drive:")
    told = run("check", "--download", str(here), "drive:")
    assert "0 differences found" in told
    assert f"{len(FILES)} matching files" in told
