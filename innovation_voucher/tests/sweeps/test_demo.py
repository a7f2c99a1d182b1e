"""The demo world: what it holds, that it holds together, and how the command speaks."""

import json

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from accounts.models import User
from innovation_voucher.casework import invariants
from innovation_voucher.casework.models import ReviewCase
from innovation_voucher.demo.casts import CARRIERS, EXPERTS, FIRMS, OFFICES
from innovation_voucher.demo.people import PASSWORD
from innovation_voucher.tests.sweeps.test_machines import MACHINES, states_of
from innovation_voucher.tests.sweeps.world import World, digest, user
from redemption.models import Redemption
from vouchers.models import QuotaAccount, Voucher

#: The states that rows of the world show, by model.
SHOWN: dict[str, set[str]] = {
    "accounts.Verification": {
        "approved",
        "rejected",
        "draft",
        "submitted",
        "returned",
        "withdrawn",
        "expired",
        "superseded",
    },
    "carriers.CarrierRecognition": {
        "recognized",
        "submitted",
        "returned",
        "rejected",
        "withdrawn",
        "suspended",
        "ended",
    },
    "casework.Panel": {"scoring", "ended", "concluded"},
    "casework.PanelSeat": {"invited", "declared", "submitted", "recused", "replaced"},
    "casework.ReviewCase": {"approved", "open", "returned", "rejected", "withdrawn", "expired"},
    "casework.ReviewTask": {"done", "open", "skipped", "waiting"},
    "orders.Order": {"placed", "accepted", "delivered", "completed", "declined", "cancelled", "lapsed"},
    "orders.Quote": {"offered", "accepted", "withdrawn", "expired"},
    "redemption.Objection": {"received", "upheld", "dismissed"},
    "redemption.Payment": {"pending", "sent", "paid", "failed"},
    "redemption.Publicity": {"draft", "open", "closed"},
    "redemption.Redemption": {
        *("draft", "awaiting_consent", "in_review", "returned", "rejected", "withdrawn", "payable", "paid"),
        *("approved", "in_publicity", "contested", "expired"),
    },
    "redemption.SettlementBatch": {"draft", "frozen", "countersigned", "exported", "reconciled", "cancelled"},
    "vouchers.Claim": {
        "approved",
        "awaiting_stamp",
        "draft",
        "submitted",
        "returned",
        "rejected",
        "withdrawn",
        "waitlisted",
        "lapsed",
        "revoked",
    },
    "vouchers.Programme": {"draft", "open"},
    "vouchers.QuotaAccount": {"active"},
    "vouchers.Voucher": {
        "requested",
        "returned",
        "refused",
        "issued",
        "confirmed",
        "redeeming",
        "paid",
        "voided",
        "returned_by_carrier",
        "terminated",
        "lapsed",
    },
}


@pytest.mark.parametrize("label", sorted(SHOWN))
def test_the_world_shows_rows_in_each_of_these_states(world: World, label: str) -> None:
    assert set(apps.get_model(label)._default_manager.values_list("status", flat=True)) == SHOWN[label]


#: States that no row of the world shows yet, and why. A state that is neither shown nor listed fails.
LACKING: dict[str, set[str]] = {
    "carriers.CarrierRecognition": {"draft"},  # handed in by the verb that makes it
    "redemption.Redemption": {"recovered"},
    "vouchers.Claim": {
        *("imported", "offered", "declined"),
    },
    "vouchers.Programme": {"closed", "archived"},
    "vouchers.QuotaAccount": {"lapsed"},
}


@pytest.mark.parametrize("label", sorted(SHOWN))
def test_every_state_is_shown_or_said_to_be_lacking(label: str) -> None:
    lacking = set(states_of(label)) - SHOWN[label]
    assert lacking == LACKING.get(label, set())


def test_every_machine_is_in_the_world() -> None:
    assert set(SHOWN) == set(MACHINES)


#: How far redemptions of a scheme go in the world, as people read it.
ROADS = {
    "tj": {
        *("草稿", "审核中", "待补正", "市级形式审查受理", "评审通过", "公示中", "异议处理中", "待拨付", "已拨付"),
        *("不予兑付", "已撤回", "已过期"),
    },
    "js": {
        *("草稿", "审核中", "待补正", "核定通过", "公示中", "异议处理中", "待拨付", "已拨付"),
        *("不予兑付", "已撤回", "已过期"),
    },
}


@pytest.mark.parametrize("family", sorted(ROADS))
def test_redemptions_of_a_scheme_go_as_far_as_paid(world: World, family: str) -> None:
    rows = Redemption.objects.filter(programme__family=family)
    assert {row.get_status_display() for row in rows} == ROADS[family]
    paid = rows.filter(status="paid")
    assert all(row.lines.get().voucher.paid_amount == row.lines.get().approved for row in paid)


def test_what_only_waits_for_its_paper_is_in_the_world(world: World) -> None:
    waiting = Redemption.objects.filter(status="in_publicity", publicities__status="closed", paper_received_at=None)
    assert [row.programme.family for row in waiting] == ["tj"]


def test_a_frozen_voucher_is_in_the_world(world: World) -> None:
    assert Voucher.objects.exclude(frozen_reason="").count() == 1


def test_a_frozen_account_is_in_the_world(world: World) -> None:
    account = QuotaAccount.objects.exclude(frozen_reason="").get()
    assert account.organization.memberships.get(role="owner").user == user("hegu")


def test_a_use_granted_for_less_than_asked_is_in_the_world(world: World) -> None:
    less = [voucher for voucher in Voucher.objects.filter(status="issued") if voucher.amount < voucher.contract_amount]
    assert [(voucher.contract_amount, voucher.amount) for voucher in less if voucher.programme.family == "zo"] == [
        (900, 600)
    ]


def test_a_mended_use_waits_for_its_second_look(world: World) -> None:
    rounds = (
        ReviewCase.objects.filter(status="open", chain__key="zo-use").order_by("round").values_list("round", flat=True)
    )
    assert list(rounds) == [1, 2]


def test_it_holds_together(world: World) -> None:
    assert invariants.names()
    assert invariants.broken() == {}


def test_the_command_refuses_a_database_that_holds_people(world: World) -> None:
    before = digest()
    with pytest.raises(CommandError, match="needs an empty one"):
        call_command("demo")
    assert digest() == before


def test_it_prints_every_sign_in_as_json(world: World) -> None:
    rows = json.loads(world.printed)
    people = [username for office in OFFICES for username, _name in office.people]
    experts = [row.username for row in EXPERTS]
    assert [row["username"] for row in rows] == people + [row.key for row in (*CARRIERS, *FIRMS)] + experts
    assert {row["password"] for row in rows} == {PASSWORD}
    assert all(row["name"] and row["role"] and row["id"] and row["url"] for row in rows)


@pytest.mark.parametrize("username", ["wang-bj", "chengguang", "donghai", "qian-zd"])
def test_the_printed_password_signs_in(world: World, username: str) -> None:
    assert user(username).check_password(PASSWORD)


def test_everybody_has_a_phone_of_their_own(world: World) -> None:
    phones = list(User.objects.filter(username__in=[row["username"] for row in json.loads(world.printed)]))
    assert len({person.phone for person in phones}) == len(phones) == len(json.loads(world.printed))
