"""What a verb raises when it will not, in the user's own words."""


class Invalid(Exception):
    """Something that was filled in cannot be taken: a message for each field by its name."""

    def __init__(self, **errors: str) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


class Throttled(Exception):
    """Too many attempts. ``retry_after`` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"wait {retry_after} s")
        self.retry_after = retry_after


class TooOften(Throttled):
    """A person does something more often within an hour than anybody needs to."""
