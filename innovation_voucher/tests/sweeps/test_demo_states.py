"""Every scheme of the demo world in every state that its rules let it reach.

What a scheme cannot reach is named by a rule of its policy; any other state that it does not show fails.
"""

from collections.abc import Callable
from functools import cache

import pytest
from django.apps import apps

from innovation_voucher.tests.sweeps.test_machines import states_of
from innovation_voucher.tests.sweeps.world import World
from orders.roads import asked_with_order
from redemption import asked
from redemption.models import Redemption
from vouchers.models import PolicySnapshot, Programme
from vouchers.models.parameters import ClaimMode, Confirmation, Consent, OpenedBy
from vouchers.policy import Policy
from vouchers.resolve import policy_of

SCHEMES = ("zo", "zj", "js", "csj", "tj")
#: Where the programme stands, by model.
PROGRAMME = {
    "vouchers.Claim": "programme",
    "vouchers.Voucher": "programme",
    "orders.Order": "programme",
    "orders.Quote": "order__programme",
    "redemption.Redemption": "programme",
    "redemption.Publicity": "programme",
    "redemption.Objection": "publicity__programme",
    "redemption.SettlementBatch": "programme",
    "redemption.Payment": "batch__programme",
}
EVERY = "*"


def _per_order(policy: Policy) -> bool:
    return policy.claim_mode == ClaimMode.PER_ORDER


def _nobody_looks(policy: Policy) -> bool:
    return policy.claim_mode == ClaimMode.INSTANT


def _no_stamp(policy: Policy) -> bool:
    return not policy.stamped_form


def _no_use_review(policy: Policy) -> bool:
    return not policy.use_chain


def _issued_at_once(policy: Policy) -> bool:
    return not policy.use_chain and not asked_with_order(policy)


def _no_receiving(policy: Policy) -> bool:
    return policy.confirmation not in (Confirmation.CARRIER_RECEIVES, Confirmation.CARRIER_CONFIRMS)


def _no_consent(policy: Policy) -> bool:
    return policy.consent != Consent.ENTERPRISE_AGREES


def _nothing_to_write(policy: Policy) -> bool:
    return policy.redemption_opened_by == OpenedBy.REDEEMER and not asked.writes(policy)


def _not_shown(policy: Policy) -> bool:
    return not policy.publicity_days


def _always(policy: Policy) -> bool:
    """No verb leads there: the states are those of acts that the portal does not have yet, or never stays in."""
    return isinstance(policy, Policy)


Rule = Callable[[Policy], bool]
#: What a scheme cannot reach when the rule holds in all its policies.
BEYOND: dict[str, list[tuple[Rule, set[str]]]] = {
    "vouchers.Claim": [
        (_always, {"imported", "offered", "declined"}),
        (_per_order, {EVERY}),
        (_nobody_looks, {"draft", "submitted", "returned", "rejected"}),
        (_no_stamp, {"awaiting_stamp"}),
    ],
    "vouchers.Voucher": [
        (_no_use_review, {"returned", "refused"}),
        (_issued_at_once, {"requested"}),
        (_no_receiving, {"issued", "returned_by_carrier"}),
    ],
    "redemption.Redemption": [
        (_always, {"recovered"}),
        (_no_consent, {"awaiting_consent"}),
        (_nothing_to_write, {"draft"}),
        (_not_shown, {"approved", "in_publicity", "contested"}),
    ],
    "redemption.Publicity": [(_not_shown, {EVERY})],
    "redemption.Objection": [(_not_shown, {EVERY})],
}


@cache
def _policies(scheme: str) -> tuple[Policy, ...]:
    """The policies under which anything of the scheme was claimed or ordered."""
    labels = ("vouchers.Claim", "vouchers.Voucher", "orders.Order", "redemption.Redemption")
    found = {
        pk
        for label in labels
        for pk in apps.get_model(label)
        ._default_manager.filter(programme__family=scheme)
        .values_list("snapshot", flat=True)
    }
    return tuple(policy_of(row) for row in PolicySnapshot.objects.filter(pk__in=found - {None}))


def reachable(label: str, scheme: str) -> set[str]:
    states, policies = set(states_of(label)), _policies(scheme)
    for rule, beyond in BEYOND.get(label, []):
        if all(map(rule, policies)):
            states -= states if EVERY in beyond else beyond
    return states


def shown(label: str, scheme: str) -> set[str]:
    rows = apps.get_model(label)._default_manager.filter(**{f"{PROGRAMME[label]}__family": scheme})
    return set(rows.values_list("status", flat=True))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("label", sorted(PROGRAMME))
def test_a_scheme_shows_every_state_that_its_rules_let_it_reach(world: World, label: str, scheme: str) -> None:
    assert reachable(label, scheme) - shown(label, scheme) == set()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("label", sorted(PROGRAMME))
def test_no_rule_of_the_table_is_belied_by_the_world(world: World, label: str, scheme: str) -> None:
    assert shown(label, scheme) <= reachable(label, scheme)


def test_the_schemes_are_those_of_the_world(world: World) -> None:
    assert set(Programme.objects.values_list("family", flat=True)) == set(SCHEMES)


@pytest.mark.parametrize("scheme", ["js", "csj", "tj"])
def test_a_voucher_is_asked_for_again_after_it_was_taken_back_and_expired(world: World, scheme: str) -> None:
    late = Redemption.objects.get(programme__family=scheme, status="expired")
    voucher = late.lines.get().voucher
    asked_for = Redemption.objects.filter(lines__voucher=voucher).order_by("pk").values_list("status", flat=True)
    assert list(asked_for) == ["withdrawn", "expired", "rejected"]
