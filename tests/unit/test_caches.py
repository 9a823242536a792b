"""What is kept between requests stays within its bound."""

import random

from hypothesis import given
from hypothesis import strategies as st

from web.caches import OVERHEAD, Cache, Recent


def test_what_was_put_is_got_until_it_is_dropped() -> None:
    cache = Cache()
    cache.put(("answer", 1), b"page", 4)
    assert cache.get(("answer", 1), bytes) == b"page"
    assert cache.get(("answer", 2), bytes) is None
    cache.drop(("answer", 1))
    assert cache.get(("answer", 1), bytes) is None
    assert cache.size == 0


def test_what_is_of_another_kind_is_not_given() -> None:
    cache = Cache()
    cache.put(1, "text", 4)
    assert cache.get(1, bytes) is None
    assert cache.get(1, str) == "text"


def test_what_was_used_longest_ago_makes_room() -> None:
    cache = Cache(limit=10 * (1000 + OVERHEAD))
    for key in range(9):
        cache.put(key, b"x" * 1000, 1000)
    assert cache.get(0, bytes) is not None
    for key in range(9, 12):
        cache.put(key, b"x" * 1000, 1000)
    assert cache.get(0, bytes) is not None
    assert cache.get(1, bytes) is None
    assert cache.get(11, bytes) is not None


def test_the_same_key_again_takes_the_place_of_the_first() -> None:
    cache = Cache()
    cache.put(1, b"x" * 5000, 5000)
    once = cache.size
    cache.put(1, b"y" * 5000, 5000)
    assert cache.size == once
    assert cache.get(1, bytes) == b"y" * 5000


def test_what_is_larger_than_all_the_rest_is_not_kept() -> None:
    cache = Cache(limit=100_000)
    cache.put(1, b"small", 5)
    cache.put(2, b"x" * 50_000, 50_000)
    assert cache.get(1, bytes) == b"small"
    assert cache.get(2, bytes) is None


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3000)), max_size=200))
def test_it_never_holds_more_than_its_limit_and_counts_right(puts: list[tuple[int, int]]) -> None:
    cache = Cache(limit=20_000)
    for key, size in puts:
        cache.drop(random.randrange(20))
        cache.get(random.randrange(20), bytes)
        cache.put(key, b"x" * size, size)
        assert cache.size <= cache.limit
    for key in range(21):
        cache.drop(key)
    assert (cache.size, len(cache)) == (0, 0)


def test_what_was_seen_lately_is_known_and_what_was_seen_long_ago_is_not() -> None:
    recent = Recent(limit=20)
    assert not recent.seen("first")
    assert recent.seen("first")
    assert [recent.seen(one) for one in range(9)] == [False] * 9
    assert recent.seen("first")
    assert [recent.seen(one) for one in range(100, 120)] == [False] * 20
    assert not recent.seen("first")
