"""What one request has read already: rights and memberships are asked once a request, never kept longer."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """For one request: what `asked` finds inside is kept until the end of the block."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def asked(question: Hashable, find: Callable[[], T]) -> T:
    """The answer that this request knows, else the found one. Outside of a request nothing is kept."""
    answers = _answers.get()
    if answers is None:
        return find()
    if question not in answers:
        answers[question] = find()
    known: T = answers[question]
    return known


def is_kept() -> bool:
    """Whether answers are kept now, so that asking for more than is needed pays."""
    return _answers.get() is not None


def forget() -> None:
    """For verbs that change memberships or rights: the rest of the request asks anew."""
    answers = _answers.get()
    if answers is not None:
        answers.clear()
