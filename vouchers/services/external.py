"""Quota that another platform granted: the one verb behind the file of the admin and the message of a platform."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from innovation_voucher.casework import calendar, locks, numbers
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rules import require

from .. import claim_rules, external_rules, rules
from ..external_rows import ExternalFacts
from ..models import Claim, Programme
from .accounts import last_valid_day
from .claim_telling import record
from .claimant import Standing, lock_claimant, locked_standing
from .claims import PREFIX
from .granting import approved, credit

State = Claim.State


@transaction.atomic
def import_external_claim(
    programme: Programme, facts: ExternalFacts, *, region: Region, by: User | None, source: str
) -> tuple[Claim, bool]:
    """Credit what another platform granted to an organization of the region, once per number of that platform.

    Answers the claim and whether it is new; the same facts again change nothing. `by` is None for
    a platform that calls; `source` names its token, or the file. Raises NotAllowed for people
    without the right, Refused with the sentence for what cannot be taken.
    """
    if by is not None:
        require(external_rules.may_import(by, region), NotAllowed)
    # Two who bring one number at once: the second finds what the first has made.
    locks.wait_for(f"external {programme.pk} {facts.external_number}")
    organization = _claimant(facts, region)
    known = Claim.objects.filter(programme=programme, external_number=facts.external_number)
    before = known.select_related("organization").first()
    if before is not None:
        require(external_rules.is_the_same(before, facts))
        return before, False
    return _credited(organization, programme, facts, by=by, source=source), True


def _claimant(facts: ExternalFacts, region: Region) -> Organization:
    rows = Organization.objects.select_related("region", "bureau").filter(bureau__path__startswith=region.path)
    organization = rows.filter(credit_code=facts.credit_code).first()
    if organization is None:
        raise Refused(external_rules.nobody_words(region, facts.credit_code), "unknown_organization")
    require(external_rules.has_name(organization, facts))
    return lock_claimant(organization, by=None)


def _credited(
    organization: Organization, programme: Programme, facts: ExternalFacts, *, by: User | None, source: str
) -> Claim:
    found = locked_standing(organization, programme)
    claim = Claim(
        number=numbers.case_number(PREFIX),
        organization=organization,
        programme=found.programme,
        region=organization.bureau,
        snapshot=found.snapshot,
        asked=facts.amount,
        external_number=facts.external_number,
        external_on=facts.approved_on,
        submitted_at=timezone.now(),
        status=State.IMPORTED,
    )
    _require(claim, found, facts)
    claim.save()
    after: dict[str, Any] = {"source": source, "external": facts.external_number, "asked": facts.amount}
    record("claim.imported", claim, by=by, before="", **after)
    credit(claim, found, facts.amount, by=by)
    approved(claim, "claim.external_approved", by=by, before=State.IMPORTED, reason=_("其他平台核定"))
    return claim


def _require(claim: Claim, found: Standing, facts: ExternalFacts) -> None:
    """The rules of the programme, but for what the other platform has decided: class and revenue."""
    participates = bool(getattr(found.programme, "participates", False))
    require(rules.is_known(found.organization))
    require(rules.takes_part(found.organization, found.programme, participates))
    require(external_rules.is_external(found.policy, found.programme))
    require(external_rules.is_dated(facts, found.programme, calendar.today()))
    require(claim_rules.in_time(claim, last_valid_day(found.programme, found.policy, found.day), found.day))
    require(rules.is_unfrozen(found.accounts, found.programme, found.day))
    found.require_within(facts.amount)
