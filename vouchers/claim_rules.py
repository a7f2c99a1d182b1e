"""What may be done with a claim in which state, and by whom."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.rules import may_see_organization
from innovation_voucher.casework import rights
from innovation_voucher.casework.rules import ALLOWED, Answer

from .models import Claim, Programme
from .models.parameters import ClaimMode
from .policy import Policy

State = Claim.State

REVIEW = "review_claim"
#: States in which the applicant writes.
OPEN = frozenset({State.DRAFT, State.RETURNED})
#: The filled-in form waits for its stamped scan.
TO_STAMP = frozenset({State.AWAITING_STAMP})
#: With a case that was returned: what is mended may have to be stamped anew.
MENDING = frozenset({State.RETURNED, State.AWAITING_STAMP})
#: A claim on its way: one of an organization under a programme at a time.
RUNNING = frozenset({State.DRAFT, State.AWAITING_STAMP, State.SUBMITTED, State.RETURNED, State.WAITLISTED})
LAPSABLE = RUNNING | {State.OFFERED}


def is_instant(policy: Policy) -> Answer:
    """Whether quota comes at once, without a review."""
    if not is_at_once(policy):
        return False, _("这项创新券需经审核，不能即时申领")
    return not policy.stamped_form, _("这项创新券需先填写申领表，不能即时申领")


def is_reviewed(policy: Policy) -> Answer:
    """Whether the bureau reviews claims, by a chain that the policy names."""
    if policy.claim_mode != ClaimMode.REVIEWED:
        return False, _("这项创新券不经审核，填好金额即可申领")
    if not policy.claim_chain:
        return False, _("这项创新券还没有设置申领审核流程，联系科技主管部门")
    return ALLOWED


def is_at_once(policy: Policy) -> bool:
    """Whether a claim that is handed in is granted by the rules alone."""
    return policy.claim_mode == ClaimMode.INSTANT


def goes_by_draft(policy: Policy) -> bool:
    """Whether a claim is written first and handed in later."""
    return policy.claim_mode == ClaimMode.REVIEWED or bool(policy.stamped_form)


def is_drafted(policy: Policy) -> Answer:
    """Whether claims are written as a draft first: where somebody reviews them, or a form is stamped."""
    if is_at_once(policy) and policy.stamped_form:
        return ALLOWED
    return is_reviewed(policy)


def running(organization: Organization, programme: Programme) -> Claim | None:
    """The claim of the organization that is on its way under the programme (one query)."""
    return Claim.objects.filter(organization=organization, programme=programme, status__in=RUNNING).first()


def runs_none(organization: Organization, programme: Programme) -> Answer:
    """Whether a new claim may begin."""
    found = running(organization, programme)
    if found is None:
        return ALLOWED
    words = _("申领 %(number)s 还在办理（%(state)s），办结后才能再次申领")
    return False, words % {"number": found.number, "state": found.get_status_display()}


def may_edit(claim: Claim) -> Answer:
    """Whether the applicant may change the claim: as a draft, and what a return reopened."""
    return _in(claim, OPEN, _("修改"))


def may_stamp(claim: Claim) -> Answer:
    """Whether the stamped scan of the form is awaited."""
    return _in(claim, TO_STAMP, _("上传盖章表"))


def has_form(claim: Claim) -> Answer:
    """Whether there is a filled-in form to print: not before everything is filled in."""
    if claim.status != State.DRAFT:
        return ALLOWED
    return False, _("申领表填写完成、检查提交后才能下载")


def may_withdraw(claim: Claim) -> Answer:
    """Whether the applicant may still take the claim back: before quota was granted."""
    return _in(claim, RUNNING, _("撤回"))


def may_decide(claim: Claim) -> Answer:
    """Whether the claim waits for the bureau."""
    return _in(claim, frozenset({State.SUBMITTED}), _("审核"))


def may_lapse(claim: Claim) -> Answer:
    """Whether the claim's time can be over."""
    return _in(claim, LAPSABLE, _("失效"))


def may_revoke(user: Any, claim: Claim) -> Answer:
    """Whether the person of the bureau may take back what the claim granted."""
    if rights.holds(user, REVIEW, claim.region):
        return ALLOWED
    who = "、".join(office.name for office in rights.offices_with(REVIEW, claim.region)[:3])
    return False, _("收回额度由%(who)s办理") % {"who": who or claim.region.name}


def is_granted(claim: Claim) -> Answer:
    """Whether the claim has brought quota that could be taken back."""
    return _in(claim, frozenset({State.APPROVED}), _("收回"))


def in_time(claim: Claim, last_day: date, day: date) -> Answer:
    """Whether quota granted on the day could still be used."""
    if day <= last_day:
        return ALLOWED
    return False, _("%(programme)s的额度有效期已于 %(day)s 结束，不能再发放") % {
        "programme": claim.programme.name,
        "day": last_day,
    }


def may_see(user: Any, claim: Claim) -> bool:
    """Members of the organization, and people with a right to review or look where it was accepted."""
    if may_see_organization(user, claim.organization):
        return True
    if claim.status == State.DRAFT:
        return False
    return any(rights.holds(user, right, claim.region) for right in (REVIEW, "view_cases"))


def _in(claim: Claim, states: frozenset[Any], act: str) -> Answer:
    if claim.status in states:
        return ALLOWED
    return False, _("这份申领%(state)s，不能%(act)s") % {"state": claim.get_status_display(), "act": act}
