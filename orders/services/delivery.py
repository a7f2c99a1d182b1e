"""The service itself: recorded by the carrier, confirmed by the enterprise."""

from datetime import date
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from carriers import services as carriers
from innovation_voucher.casework import attachments, audit, deadlines
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.uploads import Rule

from .. import rules
from ..models import Order, ServiceRecord
from .common import lock, lock_for, tell_carrier, tell_enterprise
from .terms import start_term

#: Files that go with a service record.
RESULT = "service_result"
RESULT_RULE = Rule(("pdf", "jpg", "png"), 20 * 1024 * 1024)


@transaction.atomic
def record_service(
    order: Order, *, by: User, delivered_on: date, result: str, file: tuple[str, BinaryIO] | None = None
) -> ServiceRecord:
    """The carrier records what it delivered, with a file (name, content); the enterprise confirms."""
    order = lock_for(order, rules.for_carrier, by)
    require(rules.may_record(by, order))
    record = ServiceRecord.objects.create(
        order=order, delivered_on=delivered_on, result=result, recorded_by=by, recorded_at=timezone.now()
    )
    if file:
        attachments.attach(order, RESULT, name=file[0], data=file[1], rule=RESULT_RULE, by=by)
    order.deliver()
    order.delivered_at = record.recorded_at
    order.save()
    start_term(order, "completion")
    audit.record("order.delivered", order, by=by, region=order.region, after={"delivered_on": delivered_on})
    title = _("机构已登记完成，请您确认：%(title)s") % {"title": order.title}
    tell_enterprise(order, "order.delivered", title, sms=_("【创新券】%s。") % title, mark=str(record.pk))
    return record


@transaction.atomic
def confirm_completion(order: Order, *, by: User | None) -> Order:
    """The enterprise agrees that the service is done; `by=None` is the clock after the term."""
    if by is None:
        order = lock(order)
        if order.status != Order.State.DELIVERED:
            return order
    else:
        order = lock_for(order, rules.for_enterprise, by)
        require(rules.may_confirm_completion(by, order))
    return finish(order, by=by)


def finish(order: Order, *, by: User | None) -> Order:
    """Complete a locked order, from whichever state its rules let it be done."""
    order.complete()
    order.completed_at = timezone.now()
    order.save()
    deadlines.close(order)
    start_term(order, "rating")
    carriers.count_finished(order.carrier, order.service or order.instrument)
    audit.record("order.completed", order, by=by, region=order.region)
    tell_carrier(order, "order.completed", _("企业已确认完成：%(title)s") % {"title": order.title})
    return order


@transaction.atomic
def report_problem(order: Order, *, by: User, reason: str) -> Order:
    """有问题: the enterprise does not agree that it is done, and says why."""
    order = lock_for(order, rules.for_enterprise, by)
    require(rules.may_confirm_completion(by, order))
    order.reopen()
    order.delivered_at = None
    order.save()
    deadlines.close(order, "completion")
    audit.record("order.problem", order, by=by, region=order.region, reason=reason)
    title = _("企业反馈有问题：%(title)s") % {"title": order.title}
    tell_carrier(order, "order.problem", title, body=reason, mark=str(order.records.count()))
    return order
