"""The text of a post: rendered, with the members that it mentions."""

from forum import addresses, markup, personal_numbers
from forum.refusals import Invalid
from forum.rendering_refused import explained
from forum.turns import TooManyWaiting, Turns
from storage import statements
from storage.door import Inside
from storage.networks import PRESENT
from storage.roles import Act

# One text of each person at a time: a preview is asked for at once, and may take a second.
_turns = Turns(waiting=8)


async def preview(inside: Inside, body: str) -> str:
    """Return the HTML that a text would get. Raises Invalid with the reason."""
    inside.require(Act.REPLY)
    rendered, _people = await render(inside, body)
    return rendered.html


async def render(
    inside: Inside, body: str, field: str = "body"
) -> tuple[markup.Rendered, list[int]]:
    """Return the rendered body and the ids of the members whom it mentions.

    Raises Invalid, for the form's ``field``, with the reason why the text cannot be taken.
    """
    personal_numbers.refuse(**{field: body})
    named = sorted(markup.usernames_in(body))
    people: dict[str, int] = {}
    known: dict[str, markup.Mention] = {}
    for row in await _members_named(inside, named):
        people[row["username"]] = row["person_id"]
        known[row["username"]] = markup.Mention(
            username=row["username"],
            name=row["name"],
            href=addresses.member(inside.network.slug, row["id"]),
        )
    try:
        async with _turns.of(inside.person.id):
            rendered = await markup.render(body, known)
    except TooManyWaiting:
        raise Invalid(**{field: explained(markup.busy())}) from None
    except markup.MarkupRefused as refused:
        raise Invalid(**{field: explained(refused)}) from refused
    if personal_numbers.holds_one_when_shown(rendered.html):
        raise Invalid(**{field: personal_numbers.explanation()})
    return rendered, [people[name] for name in sorted(rendered.mentioned)]


async def _members_named(inside: Inside, usernames: list[str]) -> list[statements.Row]:
    # Who may not list members must not find them out by trying names either.
    if not usernames or not inside.may(Act.LIST_MEMBERS):
        return []
    named = {f"u_{_letters(index)}": name for index, name in enumerate(usernames)}
    places = ", ".join(f":{name}" for name in named)
    return await inside.read(
        f"""
        SELECT m.id, m.person_id, p.username, p.name
        FROM membership m JOIN person p ON p.id = m.person_id
        WHERE m.network_id = :network_id AND p.username IN ({places}) AND {PRESENT}
        """,  # noqa: S608 (only parameter names and a constant are put in)
        **named,
    )


def _letters(index: int) -> str:
    """Parameters have letters for names: 0 → "a", 27 → "bb"."""
    first, second = divmod(index, 26)
    return chr(97 + first) + chr(97 + second)
