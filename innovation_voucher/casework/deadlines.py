"""What is due when: one act awaited on one object until a day, and what the clock does then."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from innovation_voucher.lib.workdays import shanghai_today

from . import calendar, inserts, sweeps
from .errors import Refused
from .models import Deadline
from .subjects import OnDeadline, subject_for

logger = logging.getLogger(__name__)

Unit = Literal["wd", "d"]


@dataclass(frozen=True)
class Answers:
    """What the clock calls on a model that is no subject of a review of its own."""

    expire: OnDeadline | None = None
    remind: OnDeadline | None = None


_answers: dict[type[Model], Answers] = {}


def register(model: type[Model], answers: Answers) -> None:
    """Let deadlines stand on a model; called in `AppConfig.ready()`. Subjects answer by themselves."""
    _answers[model] = answers


class _Moved(Exception):  # noqa: N818  says what happened
    """The deadline was changed by somebody else while its act ran; the act is undone."""


@transaction.atomic
def start(
    obj: Model,
    act: str,
    *,
    days: int,
    unit: Unit,
    on_expiry: str,
    remind_before: int = 0,
    from_day: date | None = None,
) -> Deadline:
    """Await an act for so many working days ("wd") or days ("d") after a day (today when None).

    The last day is the due day itself. `remind_before` counts back in the same unit; 0 reminds
    never. An open deadline for the same act begins anew.
    """
    due_on = plus(from_day or calendar.today(), days, unit)
    values = {
        "due_on": due_on,
        "remind_on": plus(due_on, -remind_before, unit) if remind_before else None,
        "on_expiry": on_expiry,
        "reminded_at": None,
    }
    deadline, _created = Deadline.objects.update_or_create(
        subject_type=ContentType.objects.get_for_model(obj),
        subject_id=obj.pk,
        act=act,
        closed_at=None,
        defaults=values,
    )
    return deadline


def close(obj: Model, act: str | None = None) -> None:
    """The act came, or is awaited no more; all acts of the object when none is named."""
    _open(obj, act).update(closed_at=timezone.now())


def close_for_good(obj: Model, act: str) -> None:
    """`close` in a verb after which the act is not awaited anew: with the last statement of its form."""
    kind = ContentType.objects.get_for_model(obj)
    inserts.later(
        f"UPDATE {Deadline._meta.db_table} SET closed_at = %s "  # noqa: S608  the name of our own table
        "WHERE subject_type_id = %s AND subject_id = %s AND act = %s AND closed_at IS NULL",
        [timezone.now(), kind.pk, obj.pk, act],
    )


def due(obj: Model, act: str | None = None) -> Deadline | None:
    """The open deadline of the act (of any act: the one that ends first); None when there is none."""
    return _open(obj, act).order_by("due_on").first()


def run_due(now: datetime, dry_run: bool = False) -> list[str]:
    """Sweep: lapse what ended before today's business date, remind of what is near."""
    day = shanghai_today(now)
    live = Deadline.objects.filter(closed_at=None)
    over = list(live.filter(due_on__lt=day).order_by("due_on", "pk").values_list("pk", flat=True))
    near = live.filter(due_on__gte=day, remind_on__lte=day, reminded_at=None)
    soon = list(near.order_by("pk").values_list("pk", flat=True))
    if dry_run:
        return [_line(row.on_expiry, row) for row in _rows(over)] + [_line("remind", row) for row in _rows(soon)]
    return sweeps.each(over, lambda pk: _expire(pk, day, now)) + sweeps.each(soon, lambda pk: _remind(pk, now))


def _rows(pks: list[int]) -> list[Deadline]:
    return list(Deadline.objects.filter(pk__in=pks).order_by("due_on", "pk").prefetch_related("subject"))


def plus(day: date, days: int, unit: Unit) -> date:
    """The day so many working days ("wd") or days ("d") after, or for days < 0 before."""
    return calendar.add_working_days(day, days) if unit == "wd" else day + timedelta(days=days)


def _open(obj: Model, act: str | None) -> QuerySet[Deadline]:
    kind = ContentType.objects.get_for_model(obj)
    found = Deadline.objects.filter(subject_type=kind, subject_id=obj.pk, closed_at=None)
    return found.filter(act=act) if act else found


def _expire(pk: int, day: date, now: datetime) -> str | None:
    """One deadline that is over. The object's own verb locks and re-checks; then so do we.

    Locking the deadline first would turn round the order in which verbs lock.
    """
    found = Deadline.objects.filter(pk=pk, closed_at=None, due_on__lt=day).first()
    if found is None:
        return None
    try:
        with transaction.atomic():
            _call(found, remind=found.on_expiry == Deadline.OnExpiry.REMIND)
            _settle(found, now)
    except _Moved:
        return None
    except Refused as refused:
        logger.warning("deadline %s: %s", pk, refused)
        return f"{_line('refused', found)}: {refused}"
    return _line(found.on_expiry, found)


def _settle(deadline: Deadline, now: datetime) -> None:
    """Close it, unless it began anew in the meantime."""
    if not Deadline.objects.filter(pk=deadline.pk, due_on=deadline.due_on).update(closed_at=now):
        raise _Moved


def _remind(pk: int, now: datetime) -> str | None:
    """The conditional update is the lock: of two sweeps one reminds."""
    with transaction.atomic():
        if not Deadline.objects.filter(pk=pk, closed_at=None, reminded_at=None).update(reminded_at=now):
            return None
        found = Deadline.objects.get(pk=pk)
        _call(found, remind=True)
    return _line("remind", found)


def _call(deadline: Deadline, *, remind: bool) -> None:
    obj: Any = deadline.subject
    if obj is None:
        return
    answers = _answers.get(type(obj)) or subject_for(obj)
    answer = answers.remind if remind else answers.expire
    if answer is not None:
        answer(obj, act=deadline.act)


def _line(what: str, deadline: Deadline) -> str:
    kind = deadline.subject_type.model
    return f"{what} {deadline.act} of {kind} {deadline.subject or deadline.subject_id}, due {deadline.due_on}"
