"""A real clamd of the tests' own, that knows one virus of the tests' own."""

import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Self

from forum.clamd import Address
from tests.faults.proxies import missing, program, waited_for
from tests.faults.serving import free_port

#: In pieces, so that no file of ours has it.
VIRUS = b"SAMVERKAN-" + b"PROVVIRUS"
SIGNATURE = "Samverkan.Prov.UNOFFICIAL"
#: It takes no more than this; and within it looks at no more than a fifth.
MOST = 5 * 1024 * 1024


def lacking() -> str | None:
    """Say why none can be started here, or None when one can."""
    return missing("clamd") and "not found: clamd (Debian: clamav-daemon)"


class Clamd:
    """Listens on a socket in a folder, and on a port of this machine."""

    def __init__(self, folder: Path) -> None:
        """Start it and wait until it answers."""
        database = folder / "database"
        database.mkdir(parents=True, exist_ok=True)
        (database / "test.ndb").write_text(f"Samverkan.Prov:0:*:{VIRUS.hex()}\n")
        port = free_port()
        self.unix = Address(path=str(folder / "clamd.ctl"))
        self.tcp = Address(host="127.0.0.1", port=port)
        (folder / "clamd.conf").write_text(
            f"Foreground yes\nDatabaseDirectory {database}\nFixStaleSocket yes\n"
            f"LocalSocket {self.unix.path}\nTCPAddr 127.0.0.1\nTCPSocket {port}\n"
            f"StreamMaxLength {MOST}\nMaxFileSize {MOST // 5}\nAlertExceedsMax yes\n"
        )
        # Debian's AppArmor lets the one in /usr/sbin read nothing here.
        own = shutil.copy(program("clamd"), folder)
        log = folder / "clamd.log"
        with log.open("ab") as written:
            self._process = subprocess.Popen(
                [own, "--config-file", str(folder / "clamd.conf")],
                stdout=written,
                stderr=written,
            )
        waited_for(self._process, port, log)
        while not Path(self.unix.path).exists():
            time.sleep(0.01)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def stall(self) -> None:
        """Have it do nothing more, and close nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """End it at once. Safe to repeat."""
        self._process.kill()
        self._process.wait()
