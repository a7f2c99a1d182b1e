"""Every verb of a redemption × every state × every role: who may, when, and that a no changes nothing."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from accounts.models import User
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow, Message
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import begins
from redemption import services
from redemption.models import Redemption
from redemption.tests import factories
from vouchers.models import LedgerEntry, QuotaAccount, Voucher

pytestmark = pytest.mark.django_db

ROLES = ("owner", "handler", "finance", "viewer", "rival", "carrier", "officer", "settler", "superuser")
PAYEE = ("owner", "handler", "finance")


def person(role: str, redemption: Redemption) -> User:
    """Somebody who stands to the redemption as the role says."""
    voucher = redemption.lines.get().voucher
    people: dict[str, Callable[[], User]] = {
        "owner": lambda: cast.owner_of(redemption.payee),
        "rival": lambda: cast.owner_of(cast.rival()),
        "carrier": lambda: cast.owner_of(voucher.carrier.organization),
        "officer": factories.officer,
        "settler": factories.settler,
        "superuser": lambda: User.objects.create_superuser(username="root", password=cast.PASSWORD),
    }
    return people.get(role, lambda: cast.make_member(redemption.payee, role=role))()


def _rejected() -> Redemption:
    return factories.decide(factories.submitted(), "reject", reason="不在范围内")


def _withdrawn() -> Redemption:
    redemption = factories.submitted()
    return services.withdraw_redemption(redemption, by=cast.owner_of(redemption.payee))


def _expired() -> Redemption:
    redemption = factories.returned()
    services.expire(redemption, act="resubmit")
    return Redemption.objects.get()


def _paid() -> Redemption:
    redemption = factories.payable()
    settler = factories.settler("赵制单")
    batch = factories.exported(settler, factories.countersigner(), redemption.programme)
    factories.import_rows(batch, settler, factories.paid_rows(batch))
    return Redemption.objects.get()


STATES: dict[str, Callable[[], Redemption]] = {
    "in_review": factories.submitted,
    "returned": factories.returned,
    "payable": factories.payable,
    "paid": _paid,
    "rejected": _rejected,
    "withdrawn": _withdrawn,
    "expired": _expired,
}

each_state = pytest.mark.parametrize(("state", "begun"), STATES.items(), indirect=["begun"], ids=STATES)
each_other_state = pytest.mark.parametrize(
    ("state", "begun"),
    [(state, build) for state, build in STATES.items() if state != "returned"],
    indirect=["begun"],
    ids=[state for state in STATES if state != "returned"],
)

VERBS: dict[str, tuple[Callable[[Redemption, User], Any], tuple[str, ...], str]] = {
    "withdraw": (lambda r, by: services.withdraw_redemption(r, by=by), ("in_review", "returned"), "withdrawn"),
    "resubmit": (lambda r, by: services.resubmit_redemption(r, by=by), ("returned",), "in_review"),
}


@pytest.fixture
def redemption(begun: Redemption) -> Redemption:
    return deepcopy(begun)


def everything() -> tuple[Any, ...]:
    """All rows that a verb could change."""
    return (
        list(Redemption.objects.order_by("pk").values()),
        list(Voucher.objects.order_by("pk").values()),
        list(QuotaAccount.objects.order_by("pk").values()),
        LedgerEntry.objects.count(),
        AuditRow.objects.filter(verb__startswith="redemption.").count(),
        Message.objects.count(),
    )


@each_state
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_works_exactly_in_its_states(verb: str, state: str, redemption: Redemption) -> None:
    run, states, target = VERBS[verb]
    by, before = cast.owner_of(redemption.payee), everything()
    if state in states:
        assert run(redemption, by).status == target
    else:
        with pytest.raises(Refused):
            run(redemption, by)
        assert everything() == before


@begins(factories.returned)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_the_payees_alone(verb: str, role: str, redemption: Redemption) -> None:
    run, _states, target = VERBS[verb]
    by, before = person(role, redemption), everything()
    if role in PAYEE:
        assert run(redemption, by).status == target
    else:
        with pytest.raises(Refused):
            run(redemption, by)
        assert everything() == before


@each_state
def test_the_same_voucher_is_handed_in_again_only_where_it_came_back(state: str, redemption: Redemption) -> None:
    voucher, before = Voucher.objects.get(), everything()
    if state in ("withdrawn", "expired"):
        again = services.submit_voucher(voucher, by=cast.owner_of(redemption.payee))
        assert (again.status, Redemption.objects.count()) == ("in_review", 2)
    else:
        with pytest.raises(Refused):
            services.submit_voucher(voucher, by=cast.owner_of(redemption.payee))
        assert everything() == before


@each_other_state
def test_the_clock_leaves_every_state_but_returned_alone(state: str, redemption: Redemption) -> None:
    before = everything()
    services.expire(redemption, act="resubmit")
    assert everything() == before


@begins(factories.submitted)
@pytest.mark.parametrize("role", ROLES)
def test_a_decision_needs_the_right_to_review(role: str, redemption: Redemption) -> None:
    by, before = person(role, redemption), everything()
    if role == "officer":
        assert factories.decide(redemption, by=by).status == "payable"
    else:
        with pytest.raises(Refused):
            factories.decide(redemption, by=by)
        assert everything() == before


@begins(_withdrawn)
@pytest.mark.parametrize("role", ROLES)
def test_handing_in_is_the_payees_alone(role: str, redemption: Redemption) -> None:
    by, before = person(role, redemption), everything()
    voucher = Voucher.objects.get()
    if role in PAYEE:
        assert services.submit_voucher(voucher, by=by).status == "in_review"
    else:
        with pytest.raises(Refused):
            services.submit_voucher(voucher, by=by)
        assert everything() == before
