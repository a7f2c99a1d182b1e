"""What the desks know about the things that upper floors send to review.

Each app registers its models in `AppConfig.ready()`; casework never imports upwards.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

#: A word on a page: a text, or a translation that waits for the reader's language.
Words = Any
Target = tuple[str, Words]


@dataclass(frozen=True)
class Check:
    """One line of 系统核对: what the rule asks, what was found, and whether it fits (None = unknown)."""

    rule: Words
    expected: Words = ""
    found: Words = ""
    ok: bool | None = True

    @property
    def text(self) -> Words:
        """Name under which the checklist component shows the rule."""
        return self.rule


@dataclass(frozen=True)
class Line:
    """One part of the amount under review: its key, what it is called, and what was asked, yuan.

    `basis` is what the amount was computed from where a step may recognize less of it, and `worth`
    says what a basis comes to, both in yuan.
    """

    key: int
    label: Words
    amount: Decimal
    basis: Decimal | None = None
    worth: Callable[[Decimal], Decimal] | None = None


class Award(NamedTuple):
    """What a step gives to a line: yuan, why it is less, and what it recognizes of the basis, yuan."""

    amount: Decimal
    why: str = ""
    basis: Decimal | None = None


#: What a step gives to each line, by key; a pair is an award without a basis.
Given = Mapping[int, Award | tuple[Decimal, str]]


class Approve(Protocol):
    def __call__(self, obj: Any, /, *, by: Any, office: Any, amount: Decimal | None, reason: str) -> object: ...


class Return(Protocol):
    def __call__(
        self, obj: Any, /, *, by: Any, office: Any, items: Sequence[Target], due: date, reason: str
    ) -> object: ...


class Reject(Protocol):
    def __call__(self, obj: Any, /, *, by: Any, office: Any, reason: str) -> object: ...


class OnDeadline(Protocol):
    def __call__(self, obj: Any, /, *, act: str) -> object: ...


def _no_checks(_obj: Any) -> list[Check]:
    return []


def _nobody(_obj: Any) -> list[Any]:
    return []


@dataclass(frozen=True, kw_only=True)
class Subject:
    """How the engine treats one model.

    `key` stands in the address of the queue, `label` heads it. `approve`, `return_` and `reject` are
    the model's own verbs, called in the transaction of the decision. `parties` are the people of
    the applicant: they get messages and may not decide. `region` is where the case is accepted,
    `url` the applicant's own page, `facts_template` what the reviewer reads (variable `subject`).
    `targets` names what a return may be pinned to (key, words), fields and files; `files_of` lists
    the evidence when it is not simply the object's own attachments. `expire` and `remind` answer
    deadlines, `withdraw` is the applicant's way back. `answers` are the declared (label, value), kept
    with the case at every submission, so that the desk sees what a new round changed. `called` tells the
    applicant that a step has given the state a name while others are still to come.
    """

    model: type[Model]
    key: str
    label: Words
    approve: Approve
    return_: Return
    reject: Reject
    may_see: Callable[[Any, Any], bool]
    facts_template: str
    region: Callable[[Any], Any]
    url: Callable[[Any], str]
    checks: Callable[[Any], list[Check]] = _no_checks
    parties: Callable[[Any], Iterable[Any]] = _nobody
    targets: Callable[[Any], Sequence[Target]] | None = None
    files_of: Callable[[Any], Sequence[Any]] | None = None
    expire: OnDeadline | None = None
    remind: OnDeadline | None = None
    withdraw: Callable[..., object] | None = None
    answers: Callable[[Any], Iterable[tuple[Words, Words]]] | None = None
    called: Callable[[Any, str], object] | None = None
    lines: Callable[[Any], Sequence[Line]] | None = None
    keep_lines: Callable[..., object] | None = None
    #: Relations that the page of a case looks at, read in one query with the object.
    read_with: Sequence[str] = ()

    @property
    def content_type(self) -> ContentType:
        """Kept in memory by Django after the first question."""
        return ContentType.objects.get_for_model(self.model)


_by_model: dict[type[Model], Subject] = {}
_by_key: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Make a model known to the desks; a key or model that is taken raises ValueError."""
    if subject.key in _by_key or subject.model in _by_model:
        raise ValueError(f"a subject is registered twice: {subject.key}")
    _by_key[subject.key] = _by_model[subject.model] = subject


def unregister(subject: Subject) -> None:
    """Forget a subject again (tests bring their own)."""
    del _by_key[subject.key], _by_model[subject.model]


def subject_for(thing: Model | type[Model]) -> Subject:
    """The subject of an object or model; LookupError when its app registered none."""
    model = thing if isinstance(thing, type) else type(thing)
    return _by_model[model]


def subject_of(case: Any) -> Subject:
    """The subject of what a review case is about."""
    kind = ContentType.objects.get_for_id(case.subject_type_id)
    return _by_model[kind.model_class()]  # type: ignore[index]


def by_key(key: str) -> Subject:
    """The subject whose queue stands under the key; LookupError when there is none."""
    return _by_key[key]


def all_subjects() -> list[Subject]:
    """Every subject in the order of registration."""
    return list(_by_key.values())
