"""What one request has read already: rights and memberships are asked once a request, never kept longer."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


#: Question whose answer says that the request shows a page, and no act.
PAGE = "page"


@contextmanager
def remembering(*, page: bool = False) -> Iterator[None]:
    """For one request: what `asked` finds inside is kept until the end of the block."""
    token = _answers.set({PAGE: page})
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


def keep(question: Hashable, answer: Any) -> None:
    """For what another reading has brought along, under a lock perhaps: newer than what was known."""
    answers = _answers.get()
    if answers is not None:
        answers[question] = answer


def known(question: Hashable, default: T) -> T:
    """What was told by `keep` or found before in this request."""
    answers: dict[Hashable, Any] = _answers.get() or {}
    answer: T = answers.get(question, default)
    return answer


def is_kept() -> bool:
    """Whether answers are kept now, so that asking for more than is needed pays."""
    return _answers.get() is not None


def is_page() -> bool:
    """Whether the request shows a page: then what every page shows may come along with something else."""
    return bool((_answers.get() or {}).get(PAGE))


def on_page(question: Hashable, find: Callable[[], T]) -> T:
    """`asked` for what an act may change: kept while a page is shown, asked anew in an act."""
    return asked(question, find) if is_page() else find()


def forget() -> None:
    """For verbs that change memberships or rights: the rest of the request asks anew."""
    answers = _answers.get()
    if answers is not None:
        answers.clear()
