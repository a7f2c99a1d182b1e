"""Officers answer an objection: dismissed, the redemption goes on; upheld, it is reviewed again or refused."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.rules import require

from .. import notice_rules
from ..models import Objection, Redemption
from .handing import start_review
from .publishing import lock_publicity, release
from .redeeming import lock, reject, tell_payee
from .selection import approved_amount


def _locked(objection: Objection, by: User, answer: str) -> tuple[Objection, Redemption]:
    """List, redemption, then the objection: each fresh, and the right asked."""
    publicity = lock_publicity(objection.publicity)
    redemption = lock(objection.redemption)
    fresh: Objection = Objection.objects.select_for_update().get(pk=objection.pk)
    fresh.publicity, fresh.redemption = publicity, redemption
    require(notice_rules.may_answer(by, fresh), NotAllowed)
    if fresh.status != Objection.State.RECEIVED:
        raise Refused(_("这件异议已答复：%(state)s。") % {"state": fresh.get_status_display()}, "answered")
    if not answer.strip():
        raise Refused(_("写明答复和理由，提出人会看到。"), "no_answer")
    return fresh, redemption


def _keep(objection: Objection, by: User, office: Office | None, answer: str) -> None:
    objection.answer, objection.answered_by, objection.answered_at = answer.strip(), by, timezone.now()
    objection.save(update_fields=["status", "answer", "answered_by", "answered_at"])
    verb = f"objection.{objection.status}"
    region = objection.publicity.region
    audit.record(verb, objection, by=by, office=office, region=region, reason=objection.answer)


@transaction.atomic
def dismiss_objection(objection: Objection, *, by: User, office: Office | None, answer: str) -> Objection:
    """Not right: the redemption goes on, unless another objection to it is open."""
    fresh, redemption = _locked(objection, by, answer)
    fresh.dismiss()
    _keep(fresh, by, office, answer)
    others = redemption.objections.filter(status=Objection.State.RECEIVED)
    if redemption.status == Redemption.State.CONTESTED and not others.exists():
        redemption.resume_publicity()
        redemption.save(update_fields=["status"])
        audit.record("redemption.resumed", redemption, by=by, office=office, region=redemption.region)
        words = _("兑付申请 %(number)s 的异议不成立，继续办理")
        tell_payee(redemption, "resumed", words % {"number": redemption.number}, mark=fresh.number)
        release(redemption, by=by)
    return fresh


@transaction.atomic
def uphold_objection(
    objection: Objection, *, by: User, office: Office | None, answer: str, refuse: bool = False
) -> Objection:
    """Right: the redemption is reviewed again from the first step, or refused for good when `refuse`."""
    fresh, redemption = _locked(objection, by, answer)
    fresh.uphold()
    _keep(fresh, by, office, answer)
    if redemption.status != Redemption.State.CONTESTED:
        return fresh
    if refuse:
        reject(redemption, by=by, office=office, reason=fresh.answer)
        return fresh
    redemption.review_again()
    redemption.save(update_fields=["status"])
    start_review(redemption, amount=approved_amount(redemption), by=by)
    audit.record("redemption.reopened", redemption, by=by, office=office, region=redemption.region, reason=fresh.answer)
    words = _("兑付申请 %(number)s 的异议成立，将重新审核")
    tell_payee(redemption, "reopened", words % {"number": redemption.number}, mark=fresh.number, body=fresh.answer)
    return fresh
