"""How a verb says no: one sentence for people, one code for programs, one HTTP status."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Refused(Exception):  # noqa: N818  says what happened
    """An act that the rules do not allow now.

    `message` is a Chinese sentence with what is wrong and what to do; `code` names the cause.
    Views turn it into a form error (`casework.web.refusal`); uncaught it is a page of `status_code`.
    """

    code = "refused"
    status_code = 409

    def __init__(self, message: Any, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(Refused):
    """The person may see the thing but not do this to it; the message says who can."""

    code = "not_allowed"
    status_code = 403


class Stale(Refused):
    """Somebody else was first; the message says who and when, `url` is where the result stands."""

    code = "stale"
    status_code = 409
    url = ""


@contextmanager
def stale_at(url: str) -> Iterator[None]:
    """Give the page about somebody who was first a link to the result."""
    try:
        yield
    except Stale as stale:
        stale.url = url
        raise
