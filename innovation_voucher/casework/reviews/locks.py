"""The soft lock: who works on a task now, so that two people do not read the same file."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from .. import audit
from ..errors import NotAllowed
from ..models import Office, ReviewTask
from ..rules import has_right, is_free, is_independent, require
from .tasks import lock_task

#: How long a task stays with the one who took it; taking it again starts anew.
HOLD = timedelta(minutes=15)


@transaction.atomic
def take(task: ReviewTask, *, by: Any, office: Office | None = None) -> ReviewTask:
    """Hold an open task for 15 minutes; Refused while another person holds it."""
    fresh = lock_task(task)
    require(has_right(by, fresh, office), NotAllowed)
    require(is_independent(by, fresh.case, fresh), NotAllowed)
    require(is_free(by, fresh))
    before = fresh.holder
    fresh.holder, fresh.held_until = by, timezone.now() + HOLD
    fresh.save(update_fields=("holder", "held_until"))
    if before != by:
        after = {"step": fresh.step.name}
        audit.record("review.taken", fresh.case, by=by, region=fresh.region, office=office, after=after)
    return fresh


@transaction.atomic
def release(task: ReviewTask, *, by: Any) -> ReviewTask:
    """Give a task back to all; does nothing when the person does not hold it."""
    fresh = lock_task(task)
    if fresh.holder_id == by.pk:
        fresh.holder, fresh.held_until = None, None
        fresh.save(update_fields=("holder", "held_until"))
        audit.record("review.released", fresh.case, by=by, region=fresh.region, after={"step": fresh.step.name})
    return fresh
