"""The record of every act: written with the act, sealed by a sweep, checked by anybody.

Rows are inserted plain; the sealer numbers them without gaps and chains their hashes, so that a
row changed or taken out later is found by `verify`.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone

from . import inserts
from .bulk import insert_from
from .models import AuditRow, Office, Region

#: Address of the request that acts, set by the middleware; empty for the clock and for commands.
address: ContextVar[str] = ContextVar("address", default="")

#: Rows that nobody sealed for so long mean that the sealer stands still.
ALARM_AFTER = timedelta(minutes=5)
_BATCH = 500
_SEALER_LOCK = 0x5EA1

_verbs: dict[str, Any] = {}


def register_verbs(words: Mapping[str, Any]) -> None:
    """Name the acts of an app: dotted verb → what the timeline says."""
    _verbs.update(words)


def words_of(verb: str) -> str:
    """What the timeline says for a verb; LookupError for one that nobody registered."""
    return str(_verbs[verb])


def verbs() -> dict[str, Any]:
    """All registered verbs with their words."""
    return dict(_verbs)


def record(
    verb: str,
    obj: Model,
    *,
    by: Any,
    region: Region | None = None,
    office: Office | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    policy_digest: str = "",
) -> AuditRow:
    """Write one act into the caller's transaction (with the last statement of a form); `by` is None for the clock.

    Raises LookupError for an unregistered verb: its words would be missing on the timeline.
    """
    words_of(verb)
    row = AuditRow(
        verb=verb,
        subject_type=ContentType.objects.get_for_model(obj),
        subject_id=obj.pk,
        subject_label=str(obj)[:200],
        actor_id=by.pk if by else None,
        actor_name=str(by)[:150] if by else "",
        office_name=office.name if office else "",
        region_path=region.path if region else "",
        before=_plain(before),
        after=_plain(after),
        reason=reason,
        address=address.get(),
        policy_digest=policy_digest,
        at=timezone.now(),
    )
    inserts.add([row])
    return row


def record_many(
    verb: str,
    objs: QuerySet[Any],
    *,
    label: str,
    region_path: str,
    by: Any,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str = "",
) -> int:
    """One row for each of many objects to which the same happened, in one statement; answers how many.

    `label` and `region_path` name the columns to copy. Raises LookupError like `record`.
    """
    words_of(verb)
    return insert_from(
        AuditRow,
        objs,
        verb=verb,
        subject_type_id=ContentType.objects.get_for_model(objs.model).pk,
        subject_id=F("pk"),
        subject_label=F(label),
        actor_id=by.pk if by else None,
        actor_name=str(by)[:150] if by else "",
        office_name="",
        region_path=F(region_path),
        before=_plain(before),
        after=_plain(after),
        reason=reason,
        address=address.get(),
        policy_digest="",
        at=timezone.now(),
        previous_hash="",
        hash="",
    )


def _plain(values: Mapping[str, Any] | None) -> Any:
    """Amounts, days and lazy words as the texts that JSON keeps."""
    return json.loads(json.dumps(dict(values or {}), cls=DjangoJSONEncoder))


@dataclass(frozen=True)
class TimelineEntry:
    """One act as people read it; `by` and `note` are the names of the timeline component."""

    at: datetime
    who: str
    title: str
    detail: str
    verb: str

    @property
    def by(self) -> str:
        return self.who

    @property
    def note(self) -> str:
        return self.detail


def timeline(*objs: Model) -> list[TimelineEntry]:
    """What happened to these objects, newest first (one query)."""
    if not objs:
        return []
    types = ContentType.objects.get_for_model
    about = reduce(or_, (Q(subject_type=types(obj), subject_id=obj.pk) for obj in objs))
    return [_entry(row) for row in AuditRow.objects.filter(about)]


def _entry(row: AuditRow) -> TimelineEntry:
    who = " ".join(filter(None, (row.office_name, row.actor_name)))
    title = str(row.after.get("called") or _verbs.get(row.verb, row.verb))
    if step := row.after.get("step"):
        title = f"{step}：{title}"
    return TimelineEntry(at=row.at, who=who, title=title, detail=row.reason, verb=row.verb)


# --- Sealing --------------------------------------------------------------------------------


def digest(row: AuditRow) -> str:
    """Hash over everything that the row says, its number and the hash before it."""
    names = [field.attname for field in AuditRow._meta.concrete_fields if field.attname != "hash"]
    said = {name: getattr(row, name) for name in names}
    said["at"] = row.at.timestamp()
    text = json.dumps(said, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def seal(limit: int = 10 * _BATCH) -> int:
    """Number and chain the rows that wait, at most `limit`; returns how many it sealed."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALER_LOCK])
    last = AuditRow.objects.filter(sequence__isnull=False).order_by("-sequence").first()
    number, previous = (last.sequence or 0, last.hash) if last else (0, "")
    waiting = list(AuditRow.objects.filter(sequence__isnull=True).order_by("id")[:limit])
    for row in waiting:
        number += 1
        row.sequence, row.previous_hash = number, previous
        row.hash = previous = digest(row)
    AuditRow.objects.bulk_update(waiting, ("sequence", "previous_hash", "hash"), batch_size=_BATCH)
    return len(waiting)


def verify() -> Iterator[str]:
    """What is wrong with the sealed chain, oldest first; nothing when it is whole."""
    number, previous = 0, ""
    for row in AuditRow.objects.filter(sequence__isnull=False).order_by("sequence").iterator(_BATCH):
        number += 1
        if row.sequence != number:
            yield f"audit: {number} to {(row.sequence or 0) - 1} are missing"
        if row.previous_hash != previous:
            yield f"audit: {row.sequence} does not follow the row before it"
        if row.hash != digest(row):
            yield f"audit: {row.sequence} was changed after it was sealed"
        number, previous = row.sequence or number, row.hash


def overdue(now: datetime | None = None) -> bool:
    """Whether a row has waited for its seal longer than `ALARM_AFTER`."""
    before = (now or timezone.now()) - ALARM_AFTER
    return AuditRow.objects.filter(sequence__isnull=True, at__lt=before).exists()
