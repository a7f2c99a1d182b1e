"""Tags of the reviewer's view of a claim."""

from typing import Any

from django import template

from accounts import pages
from accounts.models import Qualification
from accounts.qualified import flags_of
from vouchers import claim_pages, claim_rules
from vouchers.cases import verified_by
from vouchers.models import Claim

register = template.Library()


@register.simple_tag
def claim_facts(claim: Claim) -> list[dict[str, Any]]:
    """What was asked and answered, as label and value."""
    return claim_pages.facts(claim)


@register.simple_tag
def claim_verification(claim: Claim) -> list[dict[str, Any]]:
    """The sections of the verification that holds now, secrets masked; empty when none was made here."""
    verification = verified_by(claim)
    return pages.summaries(verification) if verification else []


@register.simple_tag
def claim_flags(claim: Claim) -> list[Qualification]:
    """What was granted to the organization as one of the claim's class, when no list carries it any more."""
    flags = flags_of(claim.organization).filter(class_key=claim.class_key) if claim.class_key else ()
    return [flag for flag in flags if flag.source == claim.number]


@register.simple_tag(takes_context=True)
def may_revoke(context: template.Context, claim: Claim) -> bool:
    """Whether the reader may take the granted quota back."""
    request = context.get("request")
    return bool(request and claim_rules.is_granted(claim)[0] and claim_rules.may_revoke(request.user, claim)[0])
