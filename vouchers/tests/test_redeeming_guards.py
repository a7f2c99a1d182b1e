"""What redemption may do with a voucher: a part of it in a batch binds it, and amounts must agree."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from vouchers import invariants, services
from vouchers.models import LedgerEntry, QuotaAccount, Voucher

from . import factories

pytestmark = pytest.mark.django_db


def world() -> list[Any]:
    return [list(Voucher.objects.values()), list(QuotaAccount.objects.values()), LedgerEntry.objects.count()]


def nothing_is_broken() -> bool:
    return all(list(check()) == [] for check in invariants.CHECKS.values())


@pytest.fixture
def redeeming() -> Voucher:
    """14,000 yuan held and redeeming; 6,000 are left."""
    return factories.make_voucher(state="redeeming")


@pytest.fixture
def in_batch(redeeming: Voucher) -> Voucher:
    """All of it in a batch."""
    return services.freeze_voucher(redeeming, amount=Decimal(14_000), by=None)


ENDINGS: dict[str, Callable[[Voucher], object]] = {
    "withdraw": lambda v: services.stop_redeeming(v, by=None),
    "reject": lambda v: services.reject_redeeming(v, by=None, reason="材料不符"),
}


@pytest.mark.feature("X-4")
@pytest.mark.parametrize("act", ENDINGS)
@pytest.mark.parametrize("part", [Decimal("0.01"), Decimal(14_000)])
def test_while_a_part_is_in_a_batch_the_redemption_cannot_end(redeeming: Voucher, act: str, part: Decimal) -> None:
    services.freeze_voucher(redeeming, amount=part, by=None)
    before = world()
    with pytest.raises(Refused, match="撤出批次后才能办理"):
        ENDINGS[act](redeeming)
    assert world() == before


@pytest.mark.parametrize(("act", "status"), [("withdraw", "confirmed"), ("reject", "terminated")])
def test_once_out_of_the_batch_it_can(in_batch: Voucher, act: str, status: str) -> None:
    services.unfreeze_voucher(in_batch, amount=Decimal(14_000), by=None)
    ENDINGS[act](in_batch)
    in_batch.refresh_from_db()
    assert in_batch.status == status
    assert nothing_is_broken()


@pytest.mark.feature("X-4")
@pytest.mark.parametrize("amount", ["13999.99", "14000.01", "0", "-14000"])
def test_the_bank_pays_what_is_in_the_batch_and_nothing_else(in_batch: Voucher, amount: str) -> None:
    before = world()
    with pytest.raises(Refused, match=r"与列入批次的 14,000\.00 元不一致"):
        services.pay_voucher(in_batch, amount=Decimal(amount), by=None)
    assert world() == before


def test_without_a_batch_nothing_is_paid(redeeming: Voucher) -> None:
    with pytest.raises(Refused, match=r"列入批次的 0\.00 元"):
        services.pay_voucher(redeeming, amount=Decimal(14_000), by=None)
    redeeming.refresh_from_db()
    assert (redeeming.status, redeeming.paid_amount) == ("redeeming", None)


def test_what_is_held_beside_the_payment_comes_back(redeeming: Voucher) -> None:
    services.freeze_voucher(redeeming, amount=Decimal(9_000), by=None)
    paid = services.pay_voucher(redeeming, amount=Decimal(9_000), by=None)
    account = QuotaAccount.objects.get()
    assert (paid.status, paid.paid_amount, paid.held, paid.in_batch) == ("paid", 9_000, 0, 0)
    assert (account.available, account.held, account.spent) == (11_000, 0, 9_000)
    assert nothing_is_broken()


def test_a_payment_after_the_year_lets_the_rest_lapse(redeeming: Voucher) -> None:
    services.freeze_voucher(redeeming, amount=Decimal(9_000), by=None)
    account = QuotaAccount.objects.get()
    factories.end_year(account)
    services.pay_voucher(redeeming, amount=Decimal(9_000), by=None)
    account.refresh_from_db()
    assert (account.available, account.lapsed, account.spent) == (6_000, 5_000, 9_000)


@pytest.mark.parametrize(
    ("to", "available", "rows"),
    [("14000", 6_000, 0), ("12000.50", Decimal("7999.50"), 1), ("0", 20_000, 1)],
)
def test_a_reduction_frees_the_difference_and_says_so(
    redeeming: Voucher, to: str, available: Decimal, rows: int
) -> None:
    reduced = services.reduce_hold(redeeming, to=Decimal(to), by=None)
    assert reduced.held == Decimal(to)
    assert QuotaAccount.objects.get().available == available
    assert AuditRow.objects.filter(verb="voucher.hold_reduced").count() == rows
    assert reduced.amount == 14_000


def test_a_reduction_never_gives_back_more_than_once(redeeming: Voucher) -> None:
    for _n in range(2):
        services.reduce_hold(redeeming, to=Decimal(5_000), by=None)
    account = QuotaAccount.objects.get()
    assert (account.available, account.held) == (15_000, 5_000)
    with pytest.raises(Refused, match="不能超过券额"):
        services.reduce_hold(redeeming, to=Decimal("5000.01"), by=None)


def test_a_failed_line_can_be_paid_by_the_next_batch(in_batch: Voucher) -> None:
    for _n in range(3):
        services.unfreeze_voucher(in_batch, amount=Decimal(14_000), by=None)
        services.freeze_voucher(in_batch, amount=Decimal(14_000), by=None)
    services.pay_voucher(in_batch, amount=Decimal(14_000), by=None)
    kinds = list(LedgerEntry.objects.values_list("kind", flat=True))
    assert [kinds.count(kind) for kind in ("freeze", "unpay", "pay")] == [4, 3, 1]
    assert QuotaAccount.objects.get().spent == 14_000
    assert nothing_is_broken()


def test_every_movement_of_a_voucher_has_its_own_reference(in_batch: Voucher) -> None:
    services.pay_voucher(in_batch, amount=Decimal(14_000), by=None)
    references = list(
        LedgerEntry.objects.filter(reference__startswith=in_batch.code).values_list("reference", flat=True)
    )
    assert references == [f"{in_batch.code}/{n}" for n in (1, 2, 3)]
    in_batch.refresh_from_db()
    assert in_batch.movements == 3


def test_a_refused_redemption_keeps_its_reason(redeeming: Voucher) -> None:
    ended = services.reject_redeeming(redeeming, by=None, reason="发票与合同不符")
    assert (ended.status, ended.end_reason, ended.held) == ("terminated", "发票与合同不符", 0)
    assert ended.ended_at is not None
    assert AuditRow.objects.get(verb="voucher.redemption_rejected").reason == "发票与合同不符"
    assert QuotaAccount.objects.get().available == 20_000


class TestFrozen:
    """A voucher that the bureau looks into stands still, whoever asks."""

    ACTS: dict[str, tuple[str, Callable[[Voucher, User], object]]] = {
        "void": ("issued", lambda v, by: services.void_voucher(v, by=by, reason="x")),
        "confirm": ("issued", lambda v, by: services.confirm_voucher(v, by=by)),
        "carrier": ("issued", lambda v, by: services.return_by_carrier(v, by=by, reason="x")),
        "redeem": ("confirmed", lambda v, by: services.start_redeeming(v, by=by)),
    }

    @pytest.mark.parametrize("act", ACTS)
    def test_it_is_refused_with_the_reason(self, act: str) -> None:
        state, verb = self.ACTS[act]
        voucher = factories.make_voucher(state=state)
        Voucher.objects.update(frozen_reason="核查合同真实性")
        before = world()
        with pytest.raises(Refused, match="这张券已冻结：核查合同真实性。请联系科技主管部门"):
            verb(voucher, cast.owner_of(voucher.organization))
        assert world() == before

    def test_the_bureau_may_still_end_it(self) -> None:
        voucher = factories.make_voucher(state="confirmed")
        Voucher.objects.update(frozen_reason="核查中")
        officer = cast.make_officer(cast.COUNTY, "terminate_voucher")
        ended = services.terminate_voucher(voucher, by=officer, office=None, reason="查实")
        assert (ended.status, ended.held) == ("terminated", 0)

    def test_the_clock_still_ends_it(self) -> None:
        voucher = factories.make_voucher()
        Voucher.objects.update(frozen_reason="核查中")
        assert services.lapse_voucher(voucher).status == "lapsed"
        assert QuotaAccount.objects.get().available == 20_000
