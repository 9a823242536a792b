"""Films keep what they show, to the bit, and lose what they tell."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum import films
from forum.films import NotUnderstood
from tests.files import SECRET_PLACE
from tests.films import PICTURES, box, film, full, telling, track

TELLING = telling()
SOME = st.lists(st.sampled_from(TELLING), max_size=4)
in_a_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def blanked(tmp_path: Path, content: bytes) -> bytes:
    path = tmp_path / "film"
    path.write_bytes(content)
    films.blank(path)
    return path.read_bytes()


@pytest.mark.parametrize("told", TELLING, ids=["xyz", "loci", "qt", "iso", "uuid", "free", "own"])
@pytest.mark.parametrize("first", [True, False], ids=["tables-first", "tables-last"])
def test_a_film_no_longer_tells_where_it_was_recorded(
    tmp_path: Path, told: bytes, first: bool
) -> None:
    for before in (
        film(first=first, in_moov=[told]),
        film(first=first, in_track=[told]),
        film(first=first, outside=[told]),
    ):
        assert SECRET_PLACE in before
        after = blanked(tmp_path, before)
        header = 16 if told.startswith(b"\0\0\0\1") else 8
        gone = told[:4] + b"free" + told[8:header] + bytes(len(told) - header)
        # Nothing but that box is another.
        assert after == before.replace(told, gone)


@in_a_file
@given(st.booleans(), st.booleans(), SOME, SOME, SOME, st.sampled_from([b"", SECRET_PLACE * 3]))
def test_wherever_a_place_is_told_it_is_gone_and_the_pictures_stay(
    tmp_path: Path,
    first: bool,
    long: bool,
    in_moov: list[bytes],
    in_track: list[bytes],
    outside: list[bytes],
    followed: bytes,
) -> None:
    before = film(
        first=first,
        long=long,
        in_moov=in_moov,
        in_track=in_track,
        outside=outside,
        followed=followed,
    )
    after = blanked(tmp_path, before)
    assert len(after) == len(before)
    assert SECRET_PLACE not in after
    assert after.count(PICTURES) == 2
    assert b"vide" in after
    assert blanked(tmp_path, after) == after


def test_a_track_that_follows_the_camera_is_blanked_among_the_pictures(tmp_path: Path) -> None:
    before = film(followed=SECRET_PLACE * 20)
    after = blanked(tmp_path, before)
    middle = before.index(SECRET_PLACE)
    assert after[:middle] == before[:middle]
    assert after[middle:].startswith(bytes(20 * len(SECRET_PLACE)) + PICTURES)
    assert b"meta" not in after


def test_what_is_hung_on_behind_is_lost(tmp_path: Path) -> None:
    for tail in (SECRET_PLACE, SECRET_PLACE[:5], b"\xff\xff\xff\xffinst" + SECRET_PLACE):
        before = film()
        assert blanked(tmp_path, before + tail) == before + bytes(len(tail))


@in_a_file
@given(st.data())
def test_a_film_that_is_broken_is_cleaned_or_refused_and_never_grows(
    tmp_path: Path, data: st.DataObject
) -> None:
    before = bytearray(film(in_moov=TELLING[:3], followed=SECRET_PLACE))
    for _change in range(data.draw(st.integers(1, 6))):
        before[data.draw(st.integers(0, len(before) - 1))] = data.draw(st.integers(0, 255))
    whole = bytes(before[: data.draw(st.integers(0, len(before)))])
    path = tmp_path / "film"
    path.write_bytes(whole)
    with suppress(NotUnderstood):
        films.blank(path)
    assert path.stat().st_size == len(whole)


FTYP = box(b"ftyp", b"isommp42")
NO_TABLE = box(b"trak", box(b"mdia", full(b"hdlr", bytes(4), b"meta", bytes(12))))


@pytest.mark.parametrize(
    "content",
    [
        FTYP + box(b"mdat", PICTURES),
        FTYP + full(b"meta", full(b"hdlr", bytes(4), b"pict", bytes(12))),
        FTYP + box(b"moov", box(b"cmov", SECRET_PLACE)),
        film(first=True)[:-3],
        FTYP + box(b"moov", b"\0\0\1\0udta"),
        FTYP + box(b"moov", box(b"trak")),
        FTYP + box(b"moov", NO_TABLE),
        FTYP + box(b"moov", track(b"meta", [(1 << 20, 10)])),
        FTYP + box(b"moov", track(b"meta", [(0, 60), (0, 60), (0, 600)])),
        film(in_moov=[track(b"meta", [(0, 300)])] * 30),
        film(in_moov=[track(b"meta", [(0, 0)] * 20_000)] * 3),
        film(followed=SECRET_PLACE) + box(b"moof", box(b"traf")),
        FTYP + box(b"moov") + box(b"free") * films.MOST,
    ],
    ids=[
        "no-tables",
        "still",
        "packed",
        "cut",
        "overrun",
        "no-kind",
        "no-samples",
        "outside",
        "too-much",
        "too-much-in-all",
        "too-many-in-all",
        "fragments",
        "endless",
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, content: bytes) -> None:
    assert films.is_film(content)
    with pytest.raises(NotUnderstood):
        blanked(tmp_path, content)


def test_a_film_is_known_by_its_first_bytes_and_a_text_is_none() -> None:
    assert films.is_film(film())
    assert films.is_film(box(b"mdat", PICTURES, long=True))
    assert films.is_film(box(b"wide"))
    for other in (b"", b"ftyp", b"The free lunch", b"%PDF-1.7", b"PK\3\4", b"ID3\4\0\0\0\0"):
        assert not films.is_film(other)
