"""Lists for the public: drawn up, opened, closed by the clock; what was shown is what is paid."""

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from innovation_voucher.casework import calendar, invariants, sweeps
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import begins
from redemption import services
from redemption.models import Publicity, PublicityRow, Redemption, RedemptionLine
from redemption.services.publishing import last_day
from redemption.tests import factories, notices
from vouchers.models import Programme

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-8"), pytest.mark.feature("JS-13")]


@pytest.fixture
def programme() -> Programme:
    return notices.make_programme()


@pytest.fixture
def by() -> User:
    return notices.publisher()


def shown() -> Publicity:
    """Two redemptions before the public."""
    return notices.opened(notices.make_programme())


def approved() -> Redemption:
    """One that waits for its list."""
    return notices.approved(notices.make_programme())


@pytest.fixture
def publicity(begun: Publicity) -> Publicity:
    return deepcopy(begun)


@pytest.fixture
def row(begun: Redemption) -> Redemption:
    return deepcopy(begun)


# --- Drawing up ---------------------------------------------------------------------------------


@begins(approved)
def test_an_approved_redemption_waits_for_a_list_and_its_payee_is_told(row: Redemption) -> None:
    assert row.status == "approved"
    assert Message.objects.get(kind="redemption.approved").title.endswith("等待公示")
    assert list(services.awaiting(row.programme, cast.make_region())) == [row]


@begins(approved)
def test_a_draft_takes_its_redemptions_off_the_waiting_list(row: Redemption, by: User) -> None:
    publicity = notices.draft(row.programme, row, by=by)
    assert (publicity.status, publicity.opens_on, publicity.rows.count()) == ("draft", None, 0)
    assert not services.awaiting(row.programme, cast.make_region()).exists()
    assert notices.state(row) == "approved"
    with pytest.raises(Refused, match="不在待公示之列"):
        notices.draft(row.programme, row, by=by)


def test_what_is_not_approved_stands_on_no_list(programme: Programme, by: User) -> None:
    waiting = factories.submitted(programme=programme)
    for rows in ((waiting,), ()):
        with pytest.raises(Refused, match="不在待公示之列"):
            services.create_publicity(programme, cast.make_region(), rows, title="名单", by=by)
    assert not Publicity.objects.exists()


def test_another_county_publishes_nothing_here(programme: Programme) -> None:
    row, stranger = notices.approved(programme), notices.publisher(region_code=cast.OTHER_COUNTY)
    with pytest.raises(NotAllowed, match="发布公示"):
        notices.draft(programme, row, by=stranger)
    publicity = notices.draft(programme, row)
    with pytest.raises(NotAllowed, match="发布公示"):
        services.open_publicity(publicity, by=stranger)
    assert notices.state(row) == "approved"


# --- Opening ------------------------------------------------------------------------------------


@begins(approved)
def test_an_open_list_shows_who_is_paid_how_much(row: Redemption) -> None:
    publicity = notices.opened(row.programme, row)
    (shown,) = publicity.rows.all()
    line = row.lines.get()
    assert (shown.position, shown.payee, shown.amount) == (1, row.payee.name, Decimal("14000.00"))
    assert (shown.carrier, shown.service) == (line.voucher.carrier.name, line.voucher.service_title)
    assert (shown.contract, shown.line) == (Decimal("18000.00"), line)
    assert (publicity.status, notices.state(row)) == ("open", "in_publicity")
    assert Message.objects.filter(kind="redemption.published", user=cast.owner_of(row.payee)).count() == 1


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        (date(2026, 11, 18), date(2026, 11, 24)),  # Wednesday: the day itself is the first
        (date(2026, 10, 26), date(2026, 10, 30)),  # Monday to Friday
        (date(2026, 11, 21), date(2026, 11, 27)),  # Saturday: Monday is the first
    ],
)
def test_the_last_day_is_the_fifth_working_day(opens: date, closes: date) -> None:
    assert last_day(opens, 5) == closes


def test_a_list_is_opened_once(programme: Programme, by: User) -> None:
    publicity = notices.opened(programme, by=by)
    with pytest.raises(NotAllowed, match="已发布"):
        services.open_publicity(publicity, by=by)
    assert publicity.rows.count() == 2


@begins(approved)
def test_a_redemption_that_left_meanwhile_stops_the_opening(row: Redemption, by: User) -> None:
    publicity = notices.draft(row.programme, row, by=by)
    Redemption.objects.filter(pk=row.pk).update(status="payable")
    with pytest.raises(Refused, match=row.number):
        services.open_publicity(publicity, by=by)
    assert Publicity.objects.get().status == "draft"
    assert not PublicityRow.objects.exists()


# --- What was shown is what is paid -------------------------------------------------------------


@begins(shown)
@pytest.mark.parametrize("column", ["approved", "claimed", "computed"])
def test_no_amount_changes_after_approval(publicity: Publicity, column: str) -> None:
    lines = RedemptionLine.objects.filter(redemption__publicities=publicity)
    with pytest.raises(IntegrityError), transaction.atomic():
        lines.update(**{column: 1})
    assert lines.filter(approved=1).count() == 0


@begins(shown)
@pytest.mark.parametrize("values", [{"amount": 1}, {"payee": "别家"}, {"position": 9}])
def test_no_row_of_a_list_changes(publicity: Publicity, values: dict[str, Any]) -> None:
    for act in (lambda: publicity.rows.update(**values), lambda: publicity.rows.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert publicity.rows.count() == 2


@begins(shown)
@pytest.mark.parametrize("values", [{"title": "别的"}, {"closes_on": date(2026, 1, 1)}, {"opens_on": None}])
def test_title_and_days_of_an_open_list_stay(publicity: Publicity, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Publicity.objects.filter(pk=publicity.pk).update(**values)


@begins(shown)
def test_the_batch_pays_what_the_list_showed(publicity: Publicity) -> None:
    settler = factories.settler()
    assert services.preview_of(factories.draft(settler, publicity.programme)).total == 0
    sweeps.run("redemption.lists", at=notices.noon(publicity, 1))
    shown = sum(row.amount for row in publicity.rows.all())
    assert factories.frozen(settler, publicity.programme).total == shown == Decimal("22000.00")
    assert invariants.broken() == {}


# --- Closing ------------------------------------------------------------------------------------


@begins(shown)
def test_the_clock_closes_after_the_last_day_and_not_on_it(publicity: Publicity) -> None:
    assert sweeps.run("redemption.lists", at=notices.noon(publicity, 0)) == []
    assert sweeps.run("redemption.lists", at=notices.noon(publicity, 1), dry_run=True) == [f"close {publicity.number}"]
    assert Publicity.objects.get().status == "open"
    assert sweeps.run("redemption.lists", at=notices.noon(publicity, 1)) == [f"closed {publicity.number}"]
    assert set(Redemption.objects.values_list("status", flat=True)) == {"payable"}
    assert Message.objects.filter(kind="redemption.released").count() == 2
    assert sweeps.run("redemption.lists", at=notices.noon(publicity, 2)) == []


@begins(shown)
def test_nobody_closes_a_list_early(publicity: Publicity) -> None:
    assert services.close_publicity(publicity, day=calendar.today()) is None
    assert Publicity.objects.get().status == "open"


@begins(approved)
def test_every_step_stands_in_the_audit(row: Redemption, by: User) -> None:
    publicity = notices.opened(row.programme, row, by=by)
    sweeps.run("redemption.lists", at=notices.noon(publicity, 1))
    said = AuditRow.objects.filter(verb__startswith="publicity.").order_by("id")
    assert [(line.verb, line.actor_name) for line in said] == [
        ("publicity.created", by.name),
        ("publicity.opened", by.name),
        ("publicity.closed", ""),
    ]
    mine = AuditRow.objects.filter(subject_id=row.pk, verb__in=("redemption.published", "redemption.released"))
    assert mine.count() == 2
