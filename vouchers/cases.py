"""What the desks know about a claim: the system's checks, who may see it, where it stands."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Membership, User, Verification
from accounts.people import people_of
from accounts.qualified import flags_of
from innovation_voucher.casework import attachments, calendar
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.subjects import Check, Subject, Target
from innovation_voucher.lib.money import format_yuan

from . import claim_rules, rules, services
from .answers import answered
from .claim_specs import AMOUNT, asks_amount, evidence_of, fields_of, rules_of
from .models import Claim
from .resolve import classes_under
from .services.budgets import left_words
from .services.claimant import Standing, standing_of


def checks(claim: Claim) -> list[Check]:
    """What the system compares before a person looks: who asks, how much, and what is left."""
    return list(_checks(claim, standing_of(claim, day=calendar.today())))


def _checks(claim: Claim, found: Standing) -> Iterator[Check]:
    organization = claim.organization
    here = bool(organization.verified_at) and organization.bureau_id == claim.region_id
    words = _("已通过") if here else _("没有在本地区通过")
    yield Check(_("在本地区通过实名认证"), _("已通过"), words, ok=here)
    allowed, reason = rules.has_class(
        found.policy, classes_under(found.policy, organization, found.day), claim.class_key
    )
    yield Check(_("申领资格"), _("符合"), reason or _("符合"), ok=allowed)
    for flag in flags_of(organization).filter(class_key=claim.class_key) if claim.class_key else ():
        yield Check(_("资格名单"), _("在名单内"), flag.flag_reason, ok=False)
    problem = found.problem(claim.asked)
    most = problem.words if problem else _("在上限以内")
    yield Check(_("申领金额在各项上限以内"), _("在上限以内"), most, ok=problem is None)
    left = found.pool_left()
    if left is not None and found.pool is not None:
        enough = left >= claim.asked
        words = left_words(found.pool) + ("" if enough else _("，通过后排队等候"))
        yield Check(_("地区预算余额"), format_yuan(claim.asked), words, ok=enough)


def files_of(claim: Claim) -> list[Attachment]:
    """The claim's own files, then those of the verification that says who asks."""
    verification = verified_by(claim)
    return attachments.files(claim) + (attachments.files(verification) if verification else [])


def verified_by(claim: Claim) -> Verification | None:
    """The verification that holds for the organization now; None for one that was taken over from elsewhere."""
    rows = Verification.objects.filter(organization=claim.organization_id, status=Verification.State.APPROVED)
    return rows.select_related("organization__bureau").first()


def targets_of(claim: Claim) -> list[Target]:
    """What a return may be pinned to: the amount, fields and evidence of the claim."""
    asked: list[Target] = [(AMOUNT, _("申领金额"))] if asks_amount(rules_of(claim)) else []
    answers = [(row.key, row.label) for row in fields_of(claim)]
    return asked + answers + [(row.key, row.label) for row in evidence_of(claim)]


def parties(claim: Claim) -> list[User]:
    """Everybody of the organization, readers too: none of them decides about it."""
    return people_of(claim.organization, roles=tuple(Membership.Role.values))


def answers(claim: Claim) -> list[tuple[Any, Any]]:
    """What the claim declares, as its page shows it."""
    rows = [(row["label"], row["value"]) for row in answered(fields_of(claim), claim.answers)]
    return [(_("申领金额"), format_yuan(claim.asked)), *rows]


SUBJECT = Subject(
    model=Claim,
    key="claim",
    label=gettext_lazy("额度申领"),
    approve=services.approve_claim,
    return_=services.return_claim,
    reject=services.reject_claim,
    may_see=claim_rules.may_see,
    facts_template="vouchers/_claim_facts.html",
    checks=checks,
    parties=parties,
    targets=targets_of,
    answers=answers,
    region=lambda claim: claim.region,
    url=lambda claim: reverse("ent-claim", args=[claim.number]),
    files_of=files_of,
    expire=services.expire_claim,
    remind=services.remind_claim,
    withdraw=services.withdraw_claim,
)
