"""What was saved under a lock is there after kill -9, and what was cut short is not."""

import re
import socket
import time
from base64 import b64encode
from datetime import timedelta

from storage import clock
from tests.dav.conftest import Opened
from tests.drives import LOCKINFO


def test_what_was_saved_under_a_lock_survives_kill_9_and_becomes_a_version(
    opened: Opened,
) -> None:
    with opened.http() as http:
        assert http.put("Fil.txt", content=b"ett").status_code == 201
        lock = http.request("LOCK", "Fil.txt", content=LOCKINFO.format("exclusive"))
        token = lock.headers["lock-token"]
        saved = http.put("Fil.txt", content=b"tva", headers={"If": f"({token})"})
        assert saved.status_code == 204
        opened.server.kill()
    opened.again()
    assert opened.installed.rows("SELECT MAX(number) FROM version") == [(1,)]
    with opened.http() as http:
        assert http.get("Fil.txt").content == b"tva"
        ended = (clock.now() - timedelta(seconds=1)).isoformat(sep=" ")
        opened.installed.change("UPDATE dav_lock SET expires_at = ?", ended)
        opened.server.kill()
        opened.again()
    give_up = time.monotonic() + 30
    while opened.installed.rows("SELECT MAX(number) FROM version") != [(2,)]:
        assert time.monotonic() < give_up
        time.sleep(0.1)
    assert opened.installed.rows("SELECT COUNT(*) FROM dav_lock") == [(0,)]
    with opened.http() as http:
        assert http.get("Fil.txt").content == b"tva"


def test_a_file_whose_sender_goes_away_midway_is_not_saved(opened: Opened) -> None:
    said = b64encode(f"ann.alm:{opened.password}".encode()).decode()
    with opened.http() as http:
        assert http.put("Fil.txt", content=b"ett").status_code == 201
        with socket.create_connection(("127.0.0.1", opened.server.port)) as cut:
            cut.sendall(
                f"PUT /dav/natet/Fil.txt HTTP/1.1\r\nHost: 127.0.0.1:{opened.server.port}\r\n"
                f"Authorization: Basic {said}\r\nContent-Length: 3000000\r\n\r\n".encode()
                + b"x" * 2_000_000
            )
            time.sleep(0.5)
        time.sleep(0.5)
        assert http.get("Fil.txt").content == b"ett"
        assert re.findall("Fil.txt", http.request("PROPFIND", "", headers={"Depth": "1"}).text)
    assert not list((opened.server.data / "blobs" / "arriving").iterdir())


def test_slow_senders_hold_up_nobody(opened: Opened) -> None:
    said = b64encode(f"ann.alm:{opened.password}".encode()).decode()
    head = (
        f"PUT /dav/natet/%d.txt HTTP/1.1\r\nHost: 127.0.0.1:{opened.server.port}\r\n"
        f"Authorization: Basic {said}\r\nContent-Length: 3000000\r\n\r\n"
    )
    slow = []
    try:
        for number in range(40):
            one = socket.create_connection(("127.0.0.1", opened.server.port))
            one.sendall((head % number).encode() + b"x" * 1000)
            slow.append(one)
        with opened.http() as http:
            for number in range(5):
                assert http.put(f"Snabb {number}.txt", content=b"ett").status_code == 201
    finally:
        for one in slow:
            one.close()
