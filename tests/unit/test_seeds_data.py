"""The demo's people and discussions, as they are written down."""

from itertools import pairwise

import pytest

from forum import markup
from forum.demo.networks import NETWORKS
from forum.demo.people import OPERATOR, ORGANISATIONS, PEOPLE
from forum.demo.shapes import Answer, Room, Seat, Topic, markdown, moment
from forum.demo.telling import OPENED, days_ago
from forum.seeds import LOGINS, VISITS
from storage import clock
from storage.discussions import ThreadKind
from storage.roles import Role

TOPICS = [(room, topic) for room in NETWORKS for topic in room.topics]


def seat_of(room: Room, username: str) -> Seat:
    if username == room.coordinator:
        return Seat(username, role=Role.COORDINATOR, since=OPENED)
    return next(seat for seat in room.seats if seat.username == username)


def posts(topic: Topic) -> list[Topic | Answer]:
    return [topic, *topic.answers]


def test_everybody_has_a_name_an_employer_and_an_address_of_her_own() -> None:
    assert len({one.username for one in PEOPLE}) == len(PEOPLE)
    assert len({one.email for one in PEOPLE}) == len(PEOPLE)
    assert all(one.email.endswith(".example") for one in PEOPLE)
    assert {one.organisation for one in PEOPLE} == set(ORGANISATIONS)


def test_the_operator_is_in_no_network() -> None:
    seated = {seat.username for room in NETWORKS for seat in room.seats}
    assert OPERATOR not in seated | {room.coordinator for room in NETWORKS}


def test_everybody_else_is_in_some_network() -> None:
    seated = {seat.username for room in NETWORKS for seat in room.seats}
    seated |= {room.coordinator for room in NETWORKS}
    assert seated == {one.username for one in PEOPLE} - {OPERATOR}


@pytest.mark.parametrize(("room", "topic"), TOPICS, ids=[topic.title for _, topic in TOPICS])
class TestEachThread:
    def test_follows_the_clock(self, room: Room, topic: Topic) -> None:
        for earlier, later in pairwise(posts(topic)):
            assert moment(earlier.when) < moment(later.when)
        for answer in topic.answers:
            if answer.helped:
                assert moment(answer.when) < moment(answer.helped)
                assert moment(answer.helped) <= moment(topic.solved or (1, "17.00"))
        if topic.solved:
            assert moment(topic.when) < moment(topic.solved)

    def test_is_written_in_office_hours_before_today(self, room: Room, topic: Topic) -> None:
        moments = [post.when for post in posts(topic)]
        moments += [answer.helped for answer in topic.answers if answer.helped]
        moments += [when for _username, when in topic.joined]
        moments += [thank.when for thank in topic.thanks]
        moments += [topic.summary[0]] if topic.summary else []
        for when in [*moments, *([topic.solved] if topic.solved else [])]:
            local = moment(when).astimezone(clock.STOCKHOLM)
            assert local.weekday() < 5
            assert 8 <= local.hour < 17
            assert local.date() < clock.today()

    def test_is_written_by_members_of_that_time(self, room: Room, topic: Topic) -> None:
        for post in posts(topic):
            seat, day = seat_of(room, post.by), moment(post.when).date()
            assert days_ago(seat.since) < day
            assert seat.ended is None or day <= days_ago(seat.ended)
        assert seat_of(room, topic.by).role != Role.GUEST

    def test_belongs_to_its_network(self, room: Room, topic: Topic) -> None:
        assert topic.area in dict(room.areas)
        notice = topic.kind == ThreadKind.NOTICE
        assert notice == bool(topic.on_top)
        assert not notice or seat_of(room, topic.by).role == Role.COORDINATOR

    def test_quotes_what_was_said_and_mentions_who_is_there(self, room: Room, topic: Topic) -> None:
        everybody = {room.coordinator, *(seat.username for seat in room.seats)}
        for index, answer in enumerate(topic.answers):
            if answer.quotes:
                number, passage = answer.quotes
                assert number <= index + 1
                assert passage in markdown(posts(topic)[number - 1].body)
        for post in posts(topic):
            assert markup.usernames_in(post.body) <= everybody

    def test_only_what_asks_is_answered_for_good(self, room: Room, topic: Topic) -> None:
        if topic.kind != ThreadKind.QUESTION:
            assert topic.solved is None
            assert not any(answer.helped for answer in topic.answers)


def test_nobody_who_can_log_in_wrote_after_she_was_last_here() -> None:
    for username in VISITS:
        for _, topic in TOPICS:
            for post in posts(topic):
                if post.by == username:
                    assert moment(post.when) <= moment(VISITS[username])
    assert list(VISITS) == [login.username for login in LOGINS]


def test_line_breaks_of_the_source_are_undone_and_those_that_mean_something_kept() -> None:
    written = """
        En mening som
        fortsätter.

        1. Ett
           och mer
        2. Två

        | a | b |
        | --- | --- |
        > citat
        > mera
    """
    assert markdown(written) == (
        "En mening som fortsätter.\n\n1. Ett och mer\n2. Två\n\n| a | b |\n| --- | --- |\n"
        "> citat\n> mera"
    )
