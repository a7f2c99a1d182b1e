"""Quota of the shared scheme in the demo world: named on the list, claimed, approved by the region."""

from decimal import Decimal
from typing import Any

from vouchers import services as vouchers
from vouchers.policy import FieldSpec
from vouchers.resolve import policy_of, snapshot

from .csj_claims import kind
from .js_claims import LISTED
from .world import World, decide

_BY_TYPE = {"yuan": "32000000.00", "integer": "48", "date": "2026-03-18"}


def grant(world: World, firm: str, name: str, amount: str) -> None:
    """Ask for quota of a kind and let the region approve it; yuan."""
    programme, organization = kind(name), world.firms[firm]
    policy = policy_of(snapshot(programme, organization.region, class_key=LISTED))
    claim = vouchers.draft_claim(
        organization,
        programme,
        amount=Decimal(amount),
        by=world.owners[firm],
        answers=answers_to(policy.fields_of("claim", LISTED), contact_phone=world.phone_of(firm)),
    )
    decide(world, vouchers.hand_in_claim(claim, by=world.owners[firm]), "approve")


def answers_to(rows: tuple[FieldSpec, ...], **said: Any) -> dict[str, Any]:
    """Something to every question, and these words to some."""
    return {row.key: said.get(row.key, _BY_TYPE.get(row.type, f"{row.label}见附件说明")) for row in rows}
