"""The second signature: by another person, with the total typed again."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import begins
from redemption import services
from redemption.models import SettlementBatch
from redemption.tests import factories
from redemption.tests.factories import fresh, locked
from vouchers.models import Programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(begun: tuple[User, SettlementBatch]) -> tuple[User, SettlementBatch]:
    return deepcopy(begun)


@begins(locked)
def test_a_second_person_countersigns(desk: tuple[User, SettlementBatch]) -> None:
    _settler, batch = desk
    second = factories.countersigner()
    services.countersign_batch(batch, by=second, typed_total=Decimal(14_000))
    batch = fresh(batch)
    assert (batch.status, batch.countersigned_by) == ("countersigned", second)
    assert batch.countersigned_at is not None


def test_who_prepared_does_not_countersign_even_with_both_rights(programme: Programme) -> None:
    both = factories.settler()
    cast.make_office("province", "330000", rights=("countersign",), name="复核处").group.user_set.add(both)
    factories.payable(programme=programme)
    batch = factories.frozen(both, programme)
    with pytest.raises(NotAllowed, match="制单人不能复核自己的批次"):
        services.countersign_batch(batch, by=both, typed_total=batch.total)
    assert fresh(batch).status == "frozen"
    with pytest.raises(IntegrityError), transaction.atomic():
        SettlementBatch.objects.filter(pk=batch.pk).update(countersigned_by=both, countersigned_at=timezone.now())


def test_who_reviewed_a_redemption_does_not_countersign(programme: Programme, settler: Any, second: Any) -> None:
    cast.make_office("bureau", cast.COUNTY, rights=("review_redemption",)).group.user_set.add(second)
    factories.decide(factories.submitted(programme=programme), by=second)
    batch = factories.frozen(settler, programme)
    with pytest.raises(NotAllowed, match="您审核过本批次的兑付"):
        services.countersign_batch(batch, by=second, typed_total=batch.total)
    assert fresh(batch).status == "frozen"


@begins(locked)
@pytest.mark.parametrize("who", ["settler", "officer", "other province"])
def test_others_do_not_countersign(who: str, desk: tuple[User, SettlementBatch]) -> None:
    _settler, batch = desk
    people: dict[str, Any] = {
        "settler": lambda: factories.settler("另一制单"),
        "officer": factories.officer,
        "other province": lambda: factories.countersigner(region_code="320000"),
    }
    with pytest.raises(NotAllowed, match="复核结算批次"):
        services.countersign_batch(batch, by=people[who](), typed_total=batch.total)
    assert (fresh(batch).status, fresh(batch).countersigned_by) == ("frozen", None)


@begins(locked)
def test_a_wrong_total_is_not_countersigned(desk: tuple[User, SettlementBatch]) -> None:
    _settler, batch = desk
    second = factories.countersigner()
    with pytest.raises(Refused, match=r"批次合计 14,000\.00 元不一致"):
        services.countersign_batch(batch, by=second, typed_total=Decimal(13_999))
    assert fresh(batch).status == "frozen"


def test_a_draft_is_not_countersigned(programme: Programme, settler: Any, second: Any) -> None:
    batch = factories.draft(settler, programme)
    with pytest.raises(Refused, match="现在是“草稿”"):
        services.countersign_batch(batch, by=second, typed_total=Decimal(0))
    assert fresh(batch).status == "draft"
