"""A region's window takes one gathered request of each payee: said on the page, kept by the verb and the database."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization, User
from innovation_voucher.casework import calendar, invariants
from innovation_voucher.casework.errors import Refused
from innovation_voucher.tests import cast
from orders.models import Order
from redemption import services
from redemption.models import Redemption
from redemption.services import handing
from redemption.tests import factories, gathered
from redemption.tests.pages import client_of, post, text_of
from vouchers.models import PolicySnapshot, Programme, ProgrammeVersion, QuotaAccount, Voucher
from vouchers.policy import Policy
from vouchers.resolve import snapshot
from vouchers.services.publishing import publish

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-12")]
YEAR = calendar.today().year
#: Open all the year, so that the tests can be run on any day of it.
WHOLE = {"window_from": "01-01", "window_to": "12-31"}


@pytest.fixture
def programme() -> Programme:
    return gathered.make_programme(**WHOLE)


@pytest.fixture
def by(organization: Organization) -> User:
    return cast.owner_of(organization)


def complete(organization: Organization, programme: Programme, by: User, **values: object) -> Redemption:
    """A draft of one order that lacks nothing but perhaps its window."""
    order = gathered.make_order(organization, programme, **values)  # type: ignore[arg-type]
    draft = services.gather([order], by=by)
    gathered.invoice(order, 3_000)
    gathered.complete(draft, by=by)
    draft.refresh_from_db()
    return draft


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), timezone.get_current_timezone())


# --- When windows open --------------------------------------------------------------------------

OPENINGS = [
    ("01-01", "12-20", date(2026, 11, 22), date(2026, 1, 1), date(2027, 1, 1)),
    ("01-01", "12-20", date(2026, 1, 1), date(2026, 1, 1), date(2027, 1, 1)),
    ("01-01", "12-20", date(2026, 12, 21), None, date(2027, 1, 1)),
    ("03-01", "12-31", date(2026, 2, 28), None, date(2026, 3, 1)),
    ("11-01", "03-15", date(2026, 12, 31), date(2026, 11, 1), date(2027, 11, 1)),
    ("11-01", "03-15", date(2027, 1, 1), date(2026, 11, 1), date(2027, 11, 1)),
    ("11-01", "03-15", date(2027, 3, 15), date(2026, 11, 1), date(2027, 11, 1)),
    ("11-01", "03-15", date(2027, 3, 16), None, date(2027, 11, 1)),
    ("02-29", "03-10", date(2028, 2, 29), date(2028, 2, 29), date(2029, 3, 1)),
    ("02-29", "03-10", date(2026, 3, 1), date(2026, 3, 1), date(2027, 3, 1)),
    ("", "", date(2026, 7, 1), None, None),
]


@pytest.mark.parametrize(("start", "end", "day", "opened", "following"), OPENINGS)
def test_a_window_is_known_by_its_first_day(
    start: str, end: str, day: date, opened: date | None, following: date | None
) -> None:
    policy = Policy(window_from=start, window_to=end)
    assert services.opened_on(policy, day) == opened
    assert services.opens_next(policy, day) == following


# --- One request --------------------------------------------------------------------------------


def test_a_second_request_names_the_first_and_the_next_window(
    organization: Organization, programme: Programme, by: User
) -> None:
    first = services.submit_draft(complete(organization, programme, by), by=by)
    assert first.window_opened == date(YEAR, 1, 1)
    second = complete(organization, programme, by)
    words = rf"本窗口期已提交兑付 {first.number}（审核中）。下一窗口期 {YEAR + 1}年1月1日开放"
    with pytest.raises(Refused, match=words):
        services.submit_draft(second, by=by)
    second.refresh_from_db()
    assert (second.status, second.window_opened, second.picks.count()) == ("draft", None, 1)
    assert QuotaAccount.objects.get().held == Decimal(1_500)
    assert Voucher.objects.count() == 1
    assert invariants.broken() == {}


def test_the_page_of_the_draft_says_it_before_the_button(
    organization: Organization, programme: Programme, by: User
) -> None:
    first = services.submit_draft(complete(organization, programme, by), by=by)
    second = complete(organization, programme, by)
    client: Client = client_of(organization)
    page = text_of(client.get(reverse("redeem-draft", args=[second.number])))
    assert f"本窗口期已提交兑付 {first.number}（审核中）" in page
    assert "检查并提交" not in page
    answer = post(client, reverse("redeem-draft-check", args=[second.number]))
    assert answer.status_code == 422
    assert "每个窗口期集中申请一次" in text_of(answer)
    assert Redemption.objects.get(pk=second.pk).status == "draft"


def test_what_was_taken_back_leaves_the_window_free(organization: Organization, programme: Programme, by: User) -> None:
    first = services.submit_draft(complete(organization, programme, by), by=by)
    services.withdraw_redemption(first, by=by)
    second = services.submit_draft(complete(organization, programme, by), by=by)
    assert (second.status, second.window_opened) == ("in_review", date(YEAR, 1, 1))


@pytest.mark.parametrize(("decision", "state"), [("approve", "payable"), ("reject", "rejected")])
def test_what_was_decided_keeps_its_window(
    organization: Organization, programme: Programme, by: User, decision: str, state: str
) -> None:
    first = services.submit_draft(complete(organization, programme, by), by=by)
    assert factories.decide(first, decision, reason="见意见").status == state
    label = Redemption.objects.get(pk=first.pk).get_status_display()
    with pytest.raises(Refused, match=f"已提交兑付 {first.number}（{label}）"):
        services.submit_draft(complete(organization, programme, by), by=by)


def test_what_came_back_is_handed_in_again_in_its_own_window(
    organization: Organization, programme: Programme, by: User
) -> None:
    first = services.submit_draft(complete(organization, programme, by), by=by)
    factories.decide(first, "return", items=[("", "补写创新性")])
    assert services.resubmit_redemption(first, by=by).status == "in_review"


def test_what_came_back_is_mended_after_its_window_is_over(organization: Organization, by: User) -> None:
    today = calendar.today()
    programme = gathered.make_programme(window_from=f"{today:%m-%d}", window_to=f"{today:%m-%d}")
    first = services.submit_draft(complete(organization, programme, by), by=by)
    factories.decide(first, "return", items=[("", "补写创新性")])
    with calendar.acting_at(noon(calendar.add_working_days(today, 2))):
        assert services.resubmit_redemption(first, by=by).status == "in_review"
        order = gathered.make_order(organization, programme)
        assert "window" in {gap.key for gap in services.gaps(order)}


def test_the_next_window_takes_another(organization: Organization, programme: Programme, by: User) -> None:
    first = services.submit_draft(complete(organization, programme, by), by=by)
    second = complete(organization, programme, by)
    assert [gap.key for gap in services.draft_gaps(second)] == ["window"]
    with calendar.acting_at(noon(date(YEAR + 1, 1, 1))):
        assert services.draft_gaps(second) == []
    assert services.draft_gaps(first) == [], "a request does not stand in its own way"


def test_another_enterprise_has_a_window_of_its_own(organization: Organization, programme: Programme, by: User) -> None:
    services.submit_draft(complete(organization, programme, by), by=by)
    rival = cast.rival()
    assert services.submit_draft(complete(rival, programme, cast.owner_of(rival)), by=cast.owner_of(rival)).status == (
        "in_review"
    )


def test_without_a_window_nothing_is_counted(organization: Organization, by: User) -> None:
    programme = gathered.make_programme()
    rows = [services.submit_draft(complete(organization, programme, by), by=by) for _index in range(2)]
    assert {(row.status, row.window_opened) for row in rows} == {("in_review", None)}


@pytest.mark.feature("YRD-14")
def test_what_was_never_ordered_here_is_redeemed_one_by_one(
    organization: Organization, programme: Programme, by: User
) -> None:
    services.submit_draft(complete(organization, programme, by), by=by)
    quick = [complete(organization, programme, by, channel=Order.Channel.QUICK) for _index in range(2)]
    assert len({row.pk for row in quick}) == 2
    assert [services.submit_draft(row, by=by).window_opened for row in quick] == [None, None]


def test_an_order_placed_under_newer_rules_joins_the_draft_that_is_there(
    organization: Organization, programme: Programme, by: User
) -> None:
    draft = complete(organization, programme, by)
    order = gathered.make_order(organization, programme)
    order.snapshot = newer(programme, organization)
    order.save(update_fields=["snapshot"])
    assert order.snapshot != draft.snapshot
    assert services.gather([order], by=by) == draft


def newer(programme: Programme, organization: Organization) -> PolicySnapshot:
    """The rules after a new version that changed nothing about the road."""
    latest = programme.versions.latest("number")
    values = {name: getattr(latest, name) for name in latest.parameter_names()}
    version = ProgrammeVersion.objects.create(
        programme=programme, number=latest.number + 1, effective_from=latest.effective_from, **values | {"ban_years": 5}
    )
    publish(version, by=None)
    return snapshot(Programme.objects.get(pk=programme.pk), organization.region)


# --- The database behind ------------------------------------------------------------------------


def test_who_passed_the_check_at_the_same_moment_meets_the_database(
    organization: Organization, programme: Programme, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = gathered.two_drafts(organization, programme)
    services.submit_draft(one, by=by)
    monkeypatch.setattr(handing, "draft_gaps", lambda _redemption: [])
    with pytest.raises(Refused, match=f"本窗口期已提交兑付 {one.number}（审核中）"):
        services.submit_draft(other, by=by)
    other.refresh_from_db()
    assert (other.status, other.window_opened, other.picks.count()) == ("draft", None, 1)
    assert Voucher.objects.filter(status="redeeming").count() == 1
    assert QuotaAccount.objects.get().held == Decimal(1_500)


def test_the_database_takes_no_second_request_of_a_window(
    organization: Organization, programme: Programme, by: User
) -> None:
    first = services.submit_draft(complete(organization, programme, by), by=by)
    second = Redemption.objects.filter(pk=complete(organization, programme, by).pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        second.update(window_opened=first.window_opened)
    services.withdraw_redemption(first, by=by)
    assert second.update(window_opened=first.window_opened) == 1
