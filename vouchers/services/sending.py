"""Handing a claim in: its case waits for the bureau, or nobody looks and quota is there."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.subjects import subject_for

from .. import claim_rules, ledger, rules
from ..claim_specs import asks_amount, missing_words, problems_of, unanswered
from ..models import Claim
from .claim_telling import record, tell
from .claimant import Standing
from .granting import approved, credit, put_in_line

State = Claim.State


def require_fit(found: Standing, claim: Claim, *, day: date, complete: bool = True) -> None:
    """Raise Refused with what stands against the claim; a draft may still lack answers."""
    require((not found.refusal, found.refusal))
    require((bool(found.class_key or not found.options), _("先选择以哪种资格申领")))
    require(claim_rules.is_drafted(found.policy))
    problems = problems_of(found.policy, claim.class_key, claim.answers, day)
    if problems:
        raise Refused("；".join(problems.values()), "answers")
    if complete:
        missing = unanswered(found.policy, claim.class_key, claim.answers)
        require((not missing, missing_words(missing)))
        require(rules.has_revenue(found.policy, claim.answers))
    if not asks_amount(found.policy) and not claim.asked:
        raise Refused(_("本年度的额度已全部获得，不用再次申领"))
    found.require_within(claim.asked)


def send(claim: Claim, found: Standing, *, by: User) -> None:
    """Submit a locked claim that fits. Quota that comes at once is granted by nobody: the rules decide."""
    before = claim.status
    claim.submit()
    claim.submitted_at = timezone.now()
    claim.save()
    record("claim.submitted", claim, by=by, before=before, asked=claim.asked)
    if claim_rules.is_at_once(found.policy):
        _grant(claim, found)
        return
    _open_case(claim, found, by)
    tell(claim, _("额度申领已提交，受理编号 %s") % claim.number)


def _grant(claim: Claim, found: Standing) -> None:
    try:
        credit(claim, found, claim.asked, by=None)
    except ledger.InsufficientQuota as refused:
        if refused.code != "pool_empty":
            raise
        put_in_line(claim, found, claim.asked, by=None)
    else:
        approved(claim, "claim.granted_instantly", by=None, before=State.SUBMITTED)


def _open_case(claim: Claim, found: Standing, by: User) -> None:
    reviews.open_case(
        claim,
        chain=found.policy.claim_chain or "",
        number=claim.number,
        title=claim.programme.name,
        applicant=claim.organization.name,
        region=claim.region,
        home=claim.programme.region,
        by=by,
        amount=claim.asked,
        checks=subject_for(claim).checks(claim),
    )


def send_again(claim: Claim, *, by: User) -> None:
    """Send a locked claim that was returned back to the step that returned it."""
    before = claim.status
    claim.submit()
    claim.save()
    reviews.resubmit(claim, by=by, amount=claim.asked, checks=subject_for(claim).checks(claim))
    record("claim.resubmitted", claim, by=by, before=before, asked=claim.asked)
    tell(claim, _("额度申领已重新提交，受理编号 %s") % claim.number, about=f"{timezone.now():%Y%m%d%H%M%S%f}")
