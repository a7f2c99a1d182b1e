"""A region's recognition of a carrier: asking for it, the bureau's decision, and what follows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services.organizations import people_of
from innovation_voucher.casework import audit, messaging, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Office, Region
from innovation_voucher.casework.numbers import case_number
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.subjects import subject_for

from .. import rules
from ..models import Carrier, CarrierRecognition
from .profiles import locked
from .standings import refresh_standings

CHAIN = "recognition"
#: Room in the subject of a message, and in a short message behind its signature.
MESSAGE_TITLE = 100
SMS_WORDS = 60
State = CarrierRecognition.State


@dataclass
class Applied:
    """What became of an application to several regions: the new rows, and the reasons of the rest."""

    made: list[CarrierRecognition] = field(default_factory=list)
    refused: list[tuple[Region, str]] = field(default_factory=list)


# --- The carrier ----------------------------------------------------------------------------


@transaction.atomic
def apply_for_recognition(carrier: Carrier, region: Region, *, by: Any, statement: str = "") -> CarrierRecognition:
    """Ask one region's bureau; opens a case of the chain "recognition" there."""
    carrier = locked(carrier)
    require(rules.may_manage(by, carrier), NotAllowed)
    require(rules.may_apply(carrier, region))
    recognition = CarrierRecognition.objects.create(
        number=case_number("RK"), carrier=carrier, region=region, statement=statement
    )
    _step(recognition, "submit", "submitted_at")
    reviews.open_case(
        recognition,
        chain=CHAIN,
        number=recognition.number,
        title=_("机构入库：%(name)s") % {"name": carrier.name},
        applicant=carrier.organization.name,
        region=region,
        home=region,
        by=by,
        checks=subject_for(recognition).checks(recognition),
    )
    audit.record("recognition.submitted", recognition, by=by, region=region, reason=statement)
    return recognition


def apply_for_regions(carrier: Carrier, regions: Iterable[Region], *, by: Any, statement: str = "") -> Applied:
    """Ask several regions, each in a transaction of its own; a refusal of one leaves the others."""
    result = Applied()
    for region in regions:
        try:
            result.made.append(apply_for_recognition(carrier, region, by=by, statement=statement))
        except NotAllowed:
            raise
        except Refused as refused:
            result.refused.append((region, str(refused.message)))
    return result


@transaction.atomic
def resubmit_recognition(recognition: CarrierRecognition, *, by: Any, statement: str) -> CarrierRecognition:
    """Hand in again what the bureau returned; the case is locked first, as by a decision."""
    require(rules.may_manage(by, recognition.carrier), NotAllowed)
    require(rules.may_resubmit(recognition))
    reviews.lock_case_of(recognition)
    recognition = _locked(recognition)
    require(rules.may_resubmit(recognition))
    before = recognition.statement
    recognition.statement = statement
    _step(recognition, "submit", "submitted_at")
    audit.record(
        "recognition.resubmitted",
        recognition,
        by=by,
        region=recognition.region,
        before={"statement": before},
        after={"statement": statement},
    )
    reviews.resubmit(recognition, by=by, checks=subject_for(recognition).checks(recognition))
    return recognition


@transaction.atomic
def withdraw_recognition(recognition: CarrierRecognition, *, by: Any) -> CarrierRecognition:
    """Take an application back before it is decided; the case is locked first, as by a decision."""
    require(rules.may_manage(by, recognition.carrier), NotAllowed)
    require(rules.may_withdraw(recognition))
    if recognition.status != State.DRAFT:
        reviews.withdraw(recognition, by=by)
    recognition = _locked(recognition)
    require(rules.may_withdraw(recognition))
    _step(recognition, "withdraw")
    audit.record("recognition.withdrawn", recognition, by=by, region=recognition.region)
    return recognition


# --- The chain's decision: called in its transaction, which has checked the right ---------------


@transaction.atomic
def recognize(
    recognition: CarrierRecognition,
    *,
    by: Any,
    office: Office | None,
    amount: Decimal | None = None,  # noqa: ARG001 - the engine passes it to every subject
    reason: str = "",
) -> None:
    """The region's enterprises may book from now on."""
    row = _locked(recognition)
    _decide(row, "recognize", "recognition.recognized", by=by, office=office, reason=reason)
    _tell(row, _("%(region)s已同意本机构入库，当地企业可以用券预约"))


@transaction.atomic
def return_recognition(
    recognition: CarrierRecognition,
    *,
    by: Any,
    office: Office | None,
    items: Sequence[tuple[str, Any]],
    due: date,
    reason: str = "",
) -> None:
    """Back to the carrier with everything to mend; `items` stand in the case."""
    words = reason or "；".join(str(text) for _target, text in items)
    row = _locked(recognition)
    _decide(row, "return_", "recognition.returned", by=by, office=office, reason=words)
    _tell(row, _("%(region)s的入库申请被退回：%(count)s 项需补正（%(due)s 前）"), count=len(items), due=due.isoformat())


@transaction.atomic
def reject(recognition: CarrierRecognition, *, by: Any, office: Office | None, reason: str) -> None:
    """Refused; the carrier may apply anew."""
    row = _locked(recognition)
    _decide(row, "reject", "recognition.rejected", by=by, office=office, reason=reason)
    _tell(row, _("%(region)s的入库申请未通过：%(reason)s"))


# --- The bureau, afterwards -----------------------------------------------------------------------


@transaction.atomic
def suspend_recognition(
    recognition: CarrierRecognition, *, by: Any, office: Office | None = None, reason: str
) -> CarrierRecognition:
    """No new bookings by voucher from the region until it is resumed; running orders go on."""
    recognition = _for_bureau(recognition, by, rules.may_suspend)
    _decide(recognition, "suspend", "recognition.suspended", by=by, office=office, reason=reason)
    _tell(recognition, _("%(region)s暂停认可本机构：%(reason)s"))
    return recognition


@transaction.atomic
def resume_recognition(
    recognition: CarrierRecognition, *, by: Any, office: Office | None = None, reason: str = ""
) -> CarrierRecognition:
    """Open again after a suspension."""
    recognition = _for_bureau(recognition, by, rules.may_resume)
    _decide(recognition, "resume", "recognition.resumed", by=by, office=office, reason=reason)
    _tell(recognition, _("%(region)s恢复认可本机构"))
    return recognition


@transaction.atomic
def end_recognition(
    recognition: CarrierRecognition, *, by: Any, office: Office | None = None, reason: str
) -> CarrierRecognition:
    """For good; the carrier may apply anew."""
    recognition = _for_bureau(recognition, by, rules.may_end)
    _decide(recognition, "end", "recognition.ended", by=by, office=office, reason=reason)
    _tell(recognition, _("%(region)s终止认可本机构：%(reason)s"))
    return recognition


@transaction.atomic
def recognize_directly(
    carrier: Carrier, region: Region, *, by: Any, office: Office | None = None, reason: str
) -> CarrierRecognition:
    """Recognize without an application, as a province does with the carriers that it lists itself."""
    carrier = locked(carrier)
    require(rules.may_decide_in(by, region), NotAllowed)
    require(rules.may_apply(carrier, region))
    recognition = CarrierRecognition.objects.create(number=case_number("RK"), carrier=carrier, region=region)
    _step(recognition, "submit", "submitted_at")
    _decide(recognition, "recognize", "recognition.recognized", by=by, office=office, reason=reason)
    return recognition


# --- Parts -----------------------------------------------------------------------------------------


def _locked(recognition: CarrierRecognition) -> CarrierRecognition:
    """Carrier first, then the recognition, both fresh."""
    carrier = locked(recognition.carrier)
    row = CarrierRecognition.objects.select_for_update(of=("self",)).select_related("region").get(pk=recognition.pk)
    row.carrier = carrier
    return row


def _for_bureau(recognition: CarrierRecognition, by: Any, may: Any) -> CarrierRecognition:
    recognition = _locked(recognition)
    require(rules.may_decide(by, recognition), NotAllowed)
    require(may(recognition))
    return recognition


def _step(recognition: CarrierRecognition, transition: str, stamp: str = "") -> None:
    """One transition, saved, with the time in the column that tells of it."""
    getattr(recognition, transition)()
    if stamp:
        setattr(recognition, stamp, timezone.now())
    recognition.save()


def _decide(
    recognition: CarrierRecognition, transition: str, verb: str, *, by: Any, office: Office | None, reason: str
) -> None:
    """A bureau's act on the recognition; the carrier's place in the catalogue follows."""
    before = recognition.status
    recognition.reason = reason[:500]
    _step(recognition, transition, "decided_at")
    refresh_standings(recognition.carrier)
    audit.record(
        verb,
        recognition,
        by=by,
        office=office,
        region=recognition.region,
        before={"status": before},
        after={"status": recognition.status},
        reason=reason,
    )


def _tell(recognition: CarrierRecognition, title: str, **words: Any) -> None:
    """Message and SMS to the carrier's people; a retry of the same act sends nothing twice."""
    line = title % {"region": recognition.region.name, "reason": recognition.reason, **words}
    messaging.notify(
        people_of(recognition.carrier.organization),
        kind="recognition",
        title=line[:MESSAGE_TITLE],
        body=recognition.reason,
        link=reverse("carrier-cert"),
        sms=_("【创新券】%(line)s") % {"line": line[:SMS_WORDS]},
        dedupe=f"recognition:{recognition.pk}:{recognition.decided_at:%Y%m%d%H%M%S%f}",
    )
