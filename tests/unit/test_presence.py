"""What processes tell each other of who is here."""

import json

import pytest

from realtime.herald import Herald
from realtime.hub import Hub
from realtime.presence import SPOTS, Spot


def herald() -> tuple[Herald, Hub]:
    hub = Hub()
    return Herald(hub), hub


def told(person_id: int, *spots: list[int], source: str = "other") -> str:
    return json.dumps({"from": source, "people": [[person_id, spots]]})


def test_what_another_process_says_takes_the_place_of_what_it_said() -> None:
    one, hub = herald()
    one.hear(told(7, [1, 0, 0], [1, 5, 0], [1, 5, 1]))
    assert hub.presence.present(Spot(1, 5, True)) == [7]
    one.hear(told(7, [1, 0, 0]))
    assert hub.presence.present(Spot(1, 0, False)) == [7]
    assert hub.presence.present(Spot(1, 5, False)) == []
    # Two processes may know the same person.
    one.hear(told(7, [1, 0, 0], source="third"))
    assert hub.presence.present(Spot(1, 0, False)) == [7]
    for source in ("other", "third"):
        assert hub.presence
        one.hear(told(7, source=source))
    assert not hub.presence


def test_nobody_tells_others_what_she_has_heard() -> None:
    one, hub = herald()
    one.hear(told(7, [1, 0, 0]))
    assert hub.presence.mine() == hub.presence.take_untold() == set()


@pytest.mark.parametrize(
    "said", ["", "x", "[]", "{}", '{"from": "a"}', '{"from": "a", "people": [7]}', "7", "null",
             '{"from": "a", "people": [[1, [[1, 2]]]]}'],
)  # fmt: skip
def test_whatever_else_is_said_is_nothing(said: str) -> None:
    one, hub = herald()
    one.hear(said)
    assert not hub.presence


def test_what_is_told_fits_into_a_notification(monkeypatch: pytest.MonkeyPatch) -> None:
    one, hub = herald()
    other, heard = herald()
    largest = 2**31
    many = [Spot(largest, largest + number, False) for number in range(SPOTS)]
    monkeypatch.setattr(hub.presence, "spots_of", lambda _person_id: many)
    payloads = list(one._payloads(set(range(largest, largest + 9))))
    assert max(len(payload) for payload in payloads) < 8000
    for payload in payloads:
        one.hear(payload)
        other.hear(payload)
    assert not hub.presence
    assert len(heard.presence.present(many[0])) == 9
