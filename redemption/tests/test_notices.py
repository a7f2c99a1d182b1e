"""Who is told what when a redemption moves: in the inbox and by a short SMS."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest

from accounts.models import User
from innovation_voucher.casework.models import Message, Outgoing
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Redemption
from redemption.tests import factories

pytestmark = pytest.mark.django_db

#: One SMS has 70 characters.
ONE_SMS = 70


def _answered(failed: int) -> Callable[[Redemption], None]:
    def run(redemption: Redemption) -> None:
        factories.decide(redemption)
        settler = factories.settler()
        batch = factories.exported(settler, factories.countersigner(), redemption.programme)
        factories.import_rows(batch, settler, factories.paid_rows(batch, failed=failed))

    return run


def _returned(redemption: Redemption) -> None:
    factories.decide(redemption, "return", items=[("receipts", "回单日期与合同不符")])


def _reminded(redemption: Redemption) -> None:
    _returned(redemption)
    services.remind(redemption, act="resubmit")


#: Kind of message -> what brings it, and a word of its title.
EVENTS: dict[str, tuple[Callable[[Redemption], object], str]] = {
    "approved": (factories.decide, "已核定 14,000.00 元"),
    "returned": (_returned, "需补正"),
    "rejected": (lambda r: factories.decide(r, "reject", reason="不在范围内"), "不予兑付"),
    "reminder": (_reminded, "补正期限将到"),
    "paid": (_answered(0), "已拨付 14,000.00 元"),
    "sent_back": (_answered(1), "请更新收款账户"),
}


@pytest.fixture(scope="module")
def built(kept: Path) -> Redemption:
    return factories.submitted()


@pytest.fixture
def redemption(built: Redemption) -> Redemption:
    return deepcopy(built)


@pytest.mark.feature("JS-14")
@pytest.mark.parametrize("kind", EVENTS)
def test_an_event_is_told_once_to_those_who_may_act_on_it(kind: str, redemption: Redemption) -> None:
    finance = cast.make_member(redemption.payee, role="finance")
    viewer = cast.make_member(redemption.payee, role="viewer")
    carrier = cast.owner_of(redemption.lines.get().voucher.carrier.organization)
    run, words = EVENTS[kind]
    run(redemption)
    found = Message.objects.filter(kind=f"redemption.{kind}")
    assert set(found.values_list("user", flat=True)) == {cast.owner_of(redemption.payee).pk, finance.pk}
    assert not found.filter(user__in=[viewer, carrier]).exists()
    assert {words in row.title and redemption.number in row.title for row in found} == {True}
    assert {row.link for row in found} == {f"/redeem/{redemption.number}/"}


@pytest.mark.feature("JS-14")
@pytest.mark.parametrize("kind", EVENTS)
def test_the_sms_of_an_event_is_one_message_long(kind: str, redemption: Redemption) -> None:
    before = set(Outgoing.objects.values_list("pk", flat=True))
    EVENTS[kind][0](redemption)
    texts = [row.body for row in Outgoing.objects.exclude(pk__in=before) if row.body.startswith("【创新券】兑付")]
    assert any(EVENTS[kind][1] in text for text in texts)
    assert [text for text in texts if len(text) > ONE_SMS] == []


def test_nobody_is_told_of_what_was_refused(redemption: Redemption) -> None:
    before = Message.objects.count()
    people: list[User] = [cast.owner_of(cast.rival()), cast.make_member(redemption.payee, role="viewer")]
    for person in people:
        outcome = services.submit_many([redemption.lines.get().voucher], by=person)
        assert (len(outcome.done), len(outcome.refused)) == (0, 1)
    assert Message.objects.count() == before
