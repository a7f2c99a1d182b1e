"""What the bureau decides about a claim; approve, return and reject are called by the chain in its transaction."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import calendar, deadlines, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.subjects import Target
from innovation_voucher.lib.money import format_yuan, yuan

from .. import claim_rules, ledger
from ..models import Claim, QuotaAccount
from ..rule_gaps import STAMPED
from .accounts import last_valid_day
from .claim_telling import record, tell
from .claimant import standing_of
from .granting import approved, credit, locked_claim, put_in_line
from .waiting import admit_later, lapse_claim

State = Claim.State


def approve_claim(
    claim: Claim, /, *, by: User, office: Office | None, amount: Decimal | None = None, reason: str = ""
) -> Claim:
    """Grant the asked amount, or a smaller one (yuan); with an empty budget the claim takes its place in the line.

    Caps are those of the rules under which it was submitted, against what the organization has now.
    Raises ClaimRefused when one of them bites; the bureau may then lower the amount.
    """
    claim = locked_claim(claim)
    require(claim_rules.may_decide(claim))
    agreed = claim.asked if amount is None else yuan(amount)
    if not 0 < agreed <= claim.asked:
        raise Refused(_("核定金额要大于 0，最多 %s 元") % format_yuan(claim.asked))
    found = standing_of(claim, day=calendar.today(), locked=True)
    require(claim_rules.in_time(claim, last_valid_day(claim.programme, found.policy, found.day), found.day))
    found.require_within(agreed)
    try:
        credit(claim, found, agreed, by=by)
    except ledger.InsufficientQuota as refused:
        if refused.code != "pool_empty":
            raise
        put_in_line(claim, found, agreed, by=by, office=office, reason=reason)
    else:
        approved(claim, "claim.approved", by=by, before=State.SUBMITTED, office=office, reason=reason)
    return claim


def return_claim(
    claim: Claim, /, *, by: User, office: Office | None, items: Sequence[Target], due: date, reason: str = ""
) -> None:
    """Back to the applicant with everything to mend, until the day `due`."""
    claim = locked_claim(claim)
    require(claim_rules.may_decide(claim))
    claim.return_()
    _decided(claim, "claim.returned", by=by, office=office, reason=reason)
    day = {"n": len(items), "month": due.month, "day": due.day}
    title = _("额度申领被退回：%(n)d 项需补正，%(month)d月%(day)d日前") % day
    tell(claim, title, body=reason, about=f"{claim.decided_at:%Y%m%d%H%M%S%f}")


def reject_claim(claim: Claim, /, *, by: User, office: Office | None, reason: str) -> None:
    """The bureau refuses; the reason goes to the applicant."""
    claim = locked_claim(claim)
    require(claim_rules.may_decide(claim))
    claim.reject()
    _decided(claim, "claim.rejected", by=by, office=office, reason=reason)
    tell(claim, _("额度申领 %s 未通过") % claim.number, body=reason)


def _decided(claim: Claim, verb: str, *, by: User, office: Office | None, reason: str) -> None:
    claim.decided_at = timezone.now()
    claim.save(update_fields=["status", "decided_at"])
    record(verb, claim, by=by, before=State.SUBMITTED, office=office, reason=reason)


@transaction.atomic
def revoke_claim(claim: Claim, *, by: User, office: Office | None, reason: str) -> Claim:
    """Take back what was granted by the claim and is not used; it goes to the budget, for the next in line."""
    claim = locked_claim(claim)
    require(claim_rules.may_revoke(by, claim), NotAllowed)
    require(claim_rules.is_granted(claim))
    if not reason.strip():
        raise Refused(_("写明收回额度的原因，企业会看到"))
    account = QuotaAccount.objects.select_for_update(of=("self",), no_key=True).get(claims=claim)
    unused = unused_of(claim, account)
    if not unused:
        raise Refused(_("这份申领的额度已全部使用或失效，没有可收回的"))
    claim.movements += 1
    claim.revoke()
    claim.save(update_fields=["status", "movements"])
    record("claim.revoked", claim, by=by, before=State.APPROVED, office=office, reason=reason, unused=unused)
    amount = format_yuan(unused)
    tell(claim, _("额度 %s 元已由科技局收回") % amount, body=reason)
    ledger.revoke(account, unused, reference=f"{claim.number}/{claim.movements}", by=by, pool=claim.pool)
    if claim.pool is not None:
        admit_later(claim.pool)
    return claim


def unused_of(claim: Claim, account: QuotaAccount) -> Decimal:
    """How much of what the claim granted nobody has used, yuan."""
    return min(claim.granted or Decimal(0), account.available)


# --- The clock --------------------------------------------------------------------------------


def expire_claim(claim: Claim, /, *, act: str = "") -> None:
    """Not stamped or not mended in time: over. A new one may be written."""
    fresh = Claim.objects.get(pk=claim.pk)
    if fresh.status in claim_rules.MENDING:
        lapse_claim(fresh, reason=_("没有在期限内上传盖章表") if act == STAMPED else _("没有在补正期限内重新提交"))


def remind_claim(claim: Claim, /, *, act: str = "") -> None:
    """The day until which to stamp or to mend comes near."""
    if act == STAMPED:
        _remind_of_stamp(claim)
        return
    case = reviews.live_case(claim)
    if case is None or case.return_due is None:
        return
    day = {"month": case.return_due.month, "day": case.return_due.day}
    words = _("额度申领补正期限将到：%(month)d月%(day)d日前重新提交") % day
    tell(claim, words, about=f"remind/{case.round}", sms=words)


def _remind_of_stamp(claim: Claim) -> None:
    awaited = deadlines.due(claim, STAMPED)
    if awaited is None:
        return
    day = {"month": awaited.due_on.month, "day": awaited.due_on.day}
    words = _("申领表盖章件上传期限将到：%(month)d月%(day)d日前上传") % day
    tell(claim, words, about=f"remind/{awaited.due_on}", sms=words)
