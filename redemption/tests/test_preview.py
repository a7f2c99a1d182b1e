"""What a batch would take, and why the rest stays out."""

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import BankAccount, User
from innovation_voucher.casework import calendar
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import begins
from redemption import services
from redemption.models import Redemption
from redemption.tests import factories
from vouchers.models import Programme, Voucher
from vouchers.services import terminate_voucher

pytestmark = pytest.mark.django_db


def test_a_preview_takes_what_is_payable_and_sums_it(programme: Programme, settler: Any) -> None:
    organization = cast.enterprise()
    rows = [factories.payable(organization, programme), factories.payable(organization, programme)]
    rows.append(factories.payable(cast.rival(), programme, contract=8_000))
    found = services.preview_of(factories.draft(settler, programme))
    assert [row.redemption for row in found.included] == rows
    assert found.total == Decimal("36000.00")
    assert [(g.count, g.total) for g in found.by_payee] == [(2, Decimal(28_000)), (1, Decimal(8_000))]
    assert [(g.count, g.total) for g in found.by_region] == [(3, Decimal(36_000))]


def test_other_regions_schemes_and_months_stay_out(programme: Programme, settler: Any) -> None:
    factories.payable(programme=programme)
    factories.payable(programme=factories.make_programme(kind="B"))
    batch = factories.draft(settler, programme)
    assert len(services.preview_of(batch).included) == 1
    elsewhere = cast.make_region(cast.OTHER_COUNTY)
    assert services.preview_of(factories.draft(settler, programme, elsewhere)).included == []
    Redemption.objects.update(decided_at=timezone.now() - timedelta(days=800))
    assert services.preview_of(batch).included == []


def test_the_last_day_of_the_period_counts_whole(programme: Programme, settler: Any) -> None:
    factories.payable(programme=programme)
    today = calendar.today()
    values = {"programme": programme, "region": cast.make_region("330000"), "by": settler}
    inside = services.create_batch(period_from=today, period_to=today, **values)
    day_before = today - timedelta(days=1)
    outside = services.create_batch(period_from=day_before, period_to=day_before, **values)
    assert len(services.preview_of(inside).included) == 1
    assert services.preview_of(outside).included == []


def _terminated(redemption: Redemption, _settler: Any) -> None:
    officer = cast.make_officer(cast.COUNTY, "terminate_voucher", name="郑终止")
    voucher = Voucher.objects.get(lines__redemption=redemption)
    terminate_voucher(voucher, by=officer, office=None, reason="合同无效")


def _without_account(redemption: Redemption, _settler: Any) -> None:
    BankAccount.objects.filter(organization=redemption.payee).update(active=False)


def _frozen(redemption: Redemption, _settler: Any) -> None:
    Redemption.objects.filter(pk=redemption.pk).update(frozen_reason="核查中")


def _of_the_settler(redemption: Redemption, settler: Any) -> None:
    cast.make_member(redemption.payee, user=settler, role="viewer")


def _in_another_batch(redemption: Redemption, settler: Any) -> None:
    factories.frozen(factories.settler("另一制单"), redemption.programme)


def payable() -> tuple[User, Redemption]:
    """One that may be paid, and who settles."""
    programme, settler = factories.make_programme(), factories.settler()
    return settler, factories.payable(programme=programme)


REASONS = [
    (_terminated, "创新券已终止"),
    (_without_account, "收款账户缺失"),
    (_frozen, "已冻结：核查中"),
    (_of_the_settler, "制单人发起或审核过这一件，或是其成员，须由他人制单"),
    (_in_another_batch, "已在其他批次"),
]


@begins(payable)
@pytest.mark.parametrize(("change", "reason"), REASONS)
def test_what_stays_out_says_why(change: Any, reason: str, begun: tuple[User, Redemption]) -> None:
    settler, redemption = deepcopy(begun)
    change(redemption, settler)
    found = services.preview_of(factories.draft(settler, redemption.programme))
    assert found.included == []
    assert [(row.redemption, row.reason) for row in found.excluded] == [(redemption, reason)]
    assert found.total == 0


def test_who_reviewed_a_redemption_does_not_prepare_its_payment(programme: Programme) -> None:
    both = factories.settler()
    cast.make_office("bureau", cast.COUNTY, rights=("review_redemption",)).group.user_set.add(both)
    factories.decide(factories.submitted(programme=programme), by=both)
    found = services.preview_of(factories.draft(both, programme))
    assert [row.reason for row in found.excluded] == ["制单人发起或审核过这一件，或是其成员，须由他人制单"]


def test_in_publicity_and_contested_ones_are_listed_as_waiting(programme: Programme, settler: Any) -> None:
    factories.payable(programme=programme)
    other = factories.make_programme(kind="B", publicity_days=5)
    redemption = factories.payable(programme=other)
    redemption.publish()
    redemption.save()
    batch = factories.draft(settler, other)
    assert [row.reason for row in services.preview_of(batch).excluded] == ["公示未满"]
    redemption.contest()
    redemption.save()
    assert [row.reason for row in services.preview_of(batch).excluded] == ["异议处理中"]


def test_a_preview_takes_the_same_queries_for_one_and_for_ten(
    programme: Programme, settler: Any, django_assert_max_num_queries: Any
) -> None:
    batch = factories.draft(settler, programme)
    counts = []
    for number in (1, 9):
        for _index in range(number):
            factories.payable(programme=programme)
        with django_assert_max_num_queries(8) as captured:
            assert services.preview_of(batch).total
        counts.append(len(captured))
    assert counts[0] == counts[1]
