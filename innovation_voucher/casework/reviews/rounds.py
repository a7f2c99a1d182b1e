"""What a round of a case declares, and what it changed against the round before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation

from .. import attachments
from ..models import ReviewCase
from ..subjects import Subject, subject_of


@dataclass(frozen=True)
class Change:
    """One declared thing that is otherwise than in the round before; an empty side = there was or is none.

    `again`: the words are the same and the file behind them is another one.
    """

    label: str
    before: str
    after: str
    again: bool = False


def declared(case: ReviewCase) -> list[list[str]]:
    """Label and value of all that is declared now, in the language of the site; a file with its digest behind."""
    subject, obj = subject_of(case), case.subject
    if subject.answers is None or obj is None:
        return []
    with translation.override(settings.LANGUAGE_CODE):
        said = [[str(label), str(value)] for label, value in subject.answers(obj)]
        return said + list(_files(subject, obj))


def _files(subject: Subject, obj: Any) -> Iterator[list[str]]:
    files = subject.files_of(obj) if subject.files_of else attachments.files(obj)
    labels = dict(subject.targets(obj)) if files and subject.targets else {}
    for file in files:
        yield [str(labels.get(file.key, file.key)), file.name, file.sha256[:16]]


def changes(case: ReviewCase) -> list[Change] | None:
    """What the newest round changed; None when there is nothing to compare it with."""
    if case.round == 1 or not case.answers_before:
        return None
    old, new = _by_label(case.answers_before), _by_label(case.answers)
    labels = [*new, *(label for label in old if label not in new)]
    return [_change(label, old[label], new[label]) for label in labels if old[label] != new[label]]


def _by_label(rows: Iterable[Sequence[str]]) -> defaultdict[str, list[Sequence[str]]]:
    """Values in order; several under one label (files of one kind) belong together."""
    found: defaultdict[str, list[Sequence[str]]] = defaultdict(list)
    for label, *value in rows:
        found[label].append(value)
    return found


def _change(label: str, old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> Change:
    before, after = ("、".join(value[0] for value in side if value[0]) for side in (old, new))
    return Change(label, before, after, again=before == after)
