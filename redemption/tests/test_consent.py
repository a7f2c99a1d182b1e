"""通兑: a carrier's redemption waits until the enterprise agrees, or goes back with the reason."""

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from innovation_voucher.casework import calendar, deadlines, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Deadline, Message
from innovation_voucher.tests import cast
from orders.models import Order
from redemption import rules, services
from redemption.models import Pick, Redemption, RedemptionLine
from redemption.statuses import REDEMPTION
from redemption.tests import factories
from redemption.tests.consenting import fresh, make_programme, waiting
from vouchers.models import ProgrammeVersion, QuotaAccount, TermRow, Voucher
from vouchers.services import set_freeze
from vouchers.services.publishing import publish

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-9")]


@pytest.fixture(scope="module")
def built(kept: Path) -> Redemption:
    return waiting()


@pytest.fixture
def redemption(built: Redemption) -> Redemption:
    return deepcopy(built)


def voucher_of(redemption: Redemption) -> Voucher:
    return Voucher.objects.get(order__in=Order.objects.filter(voucher__carrier__organization=redemption.payee))


def buyer(redemption: Redemption) -> User:
    return cast.owner_of(voucher_of(redemption).organization)


def seller(redemption: Redemption) -> User:
    return cast.owner_of(redemption.payee)


def world() -> list[Any]:
    """Everything that a denied answer must leave alone."""
    tables = (Redemption, RedemptionLine, Pick, Voucher, Order, QuotaAccount, Deadline, AuditRow)
    return [list(model.objects.order_by("pk").values()) for model in tables]


def test_the_carrier_asks_and_no_review_begins(redemption: Redemption) -> None:
    assert (redemption.status, str(REDEMPTION["awaiting_consent"].label)) == ("awaiting_consent", "待企业确认")
    assert redemption.get_status_display() == "待企业确认"
    assert reviews.live_case(redemption) is None
    assert voucher_of(redemption).status == "redeeming"
    line = redemption.lines.get()
    assert (line.claimed, line.voucher.held) == (3_000, 3_000)
    due = deadlines.due(redemption, "consent")
    assert due is not None
    assert (due.due_on, due.on_expiry) == (calendar.add_working_days(calendar.today(), 5), "escalate")
    message = Message.objects.get(user=buyer(redemption), kind="redemption.consent")
    assert "3,000.00" in message.title
    assert message.link == f"/redeem/{redemption.number}/consent/"


def test_agreement_starts_the_review_and_ends_the_order(redemption: Redemption) -> None:
    asked = redemption.submitted_at
    done = services.agree_consent(redemption, by=buyer(redemption))
    assert done.status == "in_review"
    case = factories.case_of(done)
    assert (case.amount, case.status) == (3_000, "open")
    assert Order.objects.get().status == "completed"
    assert deadlines.due(redemption, "consent") is None
    assert fresh(redemption).submitted_at == asked
    assert Message.objects.filter(user=seller(redemption), kind="redemption.consent_given").count() == 1
    assert factories.decide(done).status == "payable"


def test_refusal_is_a_draft_at_the_carrier_with_the_reason(redemption: Redemption) -> None:
    back = services.refuse_consent(redemption, by=buyer(redemption), reason="报告还没有交付")
    voucher = voucher_of(redemption)
    assert (back.status, back.submitted_at) == ("draft", None)
    assert (voucher.status, voucher.held) == ("confirmed", 3_000)
    assert (redemption.lines.count(), Pick.objects.get().order.voucher) == (0, voucher)
    assert Order.objects.get().status == "delivered"
    assert Message.objects.get(user=seller(redemption), kind="redemption.consent_refused").body == "报告还没有交付"
    assert AuditRow.objects.get(verb="redemption.consent_refused").reason == "报告还没有交付"
    assert str(rules.shown(back).turn) == "carrier"


def test_what_was_refused_is_mended_and_asked_again(redemption: Redemption) -> None:
    services.refuse_consent(redemption, by=buyer(redemption), reason="发票金额不对")
    voucher = voucher_of(redemption)
    invoice = voucher.order.invoice_allocations.get().invoice
    services.remove_invoice(voucher, invoice, by=seller(redemption))
    factories.complete(voucher, 5_000)
    again = services.submit_voucher(Voucher.objects.get(pk=voucher.pk), by=seller(redemption))
    assert (again.pk, again.status) == (redemption.pk, "awaiting_consent")
    assert services.agree_consent(again, by=buyer(redemption)).status == "in_review"


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_refusal_says_why(redemption: Redemption, reason: str) -> None:
    before, person = world(), buyer(redemption)
    with pytest.raises(Refused, match="写明不同意的原因"):
        services.refuse_consent(redemption, by=person, reason=reason)
    assert world() == before


def test_only_the_enterprises_owner_and_handlers_answer(redemption: Redemption) -> None:
    enterprise = voucher_of(redemption).organization
    people = [
        seller(redemption),
        cast.owner_of(cast.rival()),
        cast.make_member(enterprise, role="viewer"),
        cast.make_member(enterprise, role="finance"),
        cast.make_officer(cast.COUNTY, "review_redemption", "view_cases"),
    ]
    before = world()
    for person in people:
        with pytest.raises(NotAllowed):
            services.agree_consent(redemption, by=person)
        with pytest.raises(NotAllowed):
            services.refuse_consent(redemption, by=person, reason="不同意")
    assert world() == before
    assert services.agree_consent(redemption, by=cast.make_member(enterprise)).status == "in_review"


def test_who_asked_for_the_money_does_not_agree_to_it(redemption: Redemption) -> None:
    person = seller(redemption)
    cast.make_member(voucher_of(redemption).organization, user=person)
    before = world()
    with pytest.raises(NotAllowed, match="由本单位的其他人确认"):
        services.agree_consent(redemption, by=person)
    assert world() == before


def test_an_answer_is_given_once(redemption: Redemption) -> None:
    person = buyer(redemption)
    services.agree_consent(redemption, by=person)
    before = world()
    for answer in (
        lambda: services.agree_consent(redemption, by=person),
        lambda: services.refuse_consent(redemption, by=person, reason="改主意"),
    ):
        with pytest.raises(Refused, match="审核中"):
            answer()
    assert world() == before


def test_who_agreed_decides_nothing_in_the_review(redemption: Redemption) -> None:
    person = buyer(redemption)
    done = services.agree_consent(redemption, by=person)
    office = cast.make_office("bureau", cast.COUNTY, rights=("review_redemption",), name="本县科技局")
    person.groups.add(office.group)
    with pytest.raises(NotAllowed):
        factories.decide(done, by=person)


def test_the_carrier_takes_it_back_while_it_waits(redemption: Redemption) -> None:
    gone = services.withdraw_redemption(redemption, by=seller(redemption))
    assert (gone.status, voucher_of(redemption).status) == ("withdrawn", "confirmed")
    assert deadlines.due(redemption, "consent") is None
    with pytest.raises(Refused, match="已撤回"):
        services.agree_consent(redemption, by=buyer(redemption))


def test_a_frozen_voucher_goes_nowhere(redemption: Redemption) -> None:
    officer = cast.make_officer(cast.COUNTY, "terminate_voucher")
    set_freeze(voucher_of(redemption), by=officer, office=None, reason="核查中", until=None)
    person, before = buyer(redemption), world()
    with pytest.raises(Refused, match="核查中"):
        services.agree_consent(redemption, by=person)
    assert world() == before


def test_without_that_rule_the_carriers_redemption_goes_straight_to_review(db: None) -> None:
    assert waiting(make_programme(consent="none")).status == "in_review"


def test_an_enterprise_that_redeems_itself_asks_nobody(db: None) -> None:
    assert waiting(make_programme(redeemer="enterprise"), redeemer="enterprise").status == "in_review"


# --- The clock ------------------------------------------------------------------------------


def after(days: int) -> Any:
    return timezone.now() + timedelta(days=days)


def with_term(on_expiry: str) -> Redemption:
    """Two days to answer, and then what the scheme says."""
    programme = make_programme()
    version = programme.versions.get()
    copied = {name: getattr(version, name) for name in version.parameter_names()}
    later = ProgrammeVersion.objects.create(
        programme=programme, number=2, effective_from=version.effective_from, **copied
    )
    TermRow.objects.create(version=later, act="consent", days=2, unit="d", remind_before=1, on_expiry=on_expiry)
    publish(later, by=None)
    programme.refresh_from_db()
    return waiting(programme)


def test_the_enterprise_is_reminded_and_its_bureau_told(redemption: Redemption) -> None:
    officer = cast.make_officer(cast.COUNTY, "view_cases")
    due = deadlines.due(redemption, "consent")
    assert due is not None
    days = (due.due_on - calendar.today()).days
    deadlines.run_due(after(days))
    assert Message.objects.filter(user=buyer(redemption), kind="redemption.consent_reminder").count() == 1
    deadlines.run_due(after(days + 1))
    assert Message.objects.filter(user=officer, kind="redemption.consent_overdue").count() == 1
    assert Message.objects.filter(user=buyer(redemption), kind="redemption.consent_overdue").count() == 1
    assert fresh(redemption).status == "awaiting_consent"
    assert services.agree_consent(redemption, by=buyer(redemption)).status == "in_review"


@pytest.mark.parametrize(("on_expiry", "status"), [("default", "in_review"), ("lapse", "draft")])
def test_a_scheme_may_let_the_clock_answer(db: None, on_expiry: str, status: str) -> None:
    redemption = with_term(on_expiry)
    deadlines.run_due(after(3))
    assert fresh(redemption).status == status
    assert AuditRow.objects.filter(verb__startswith="redemption.consent_", actor_id=None).count() == 1


def test_what_waits_beyond_the_last_day_is_let_go(redemption: Redemption) -> None:
    last = voucher_of(redemption).redeem_until
    services.lapse_draft(redemption, day=last + timedelta(days=1))
    assert (fresh(redemption).status, voucher_of(redemption).status) == ("withdrawn", "confirmed")
    assert deadlines.due(redemption, "consent") is None


def test_the_claimed_sum_is_what_is_reviewed(redemption: Redemption) -> None:
    done = services.agree_consent(redemption, by=buyer(redemption))
    approved = factories.decide(done, amount=Decimal(2_000), reason="部分不合规")
    assert approved.lines.get().approved == 2_000
    assert QuotaAccount.objects.get().held == 2_000
