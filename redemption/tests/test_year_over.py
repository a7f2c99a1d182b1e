"""Redemptions across the year end: what was submitted is finished, what was not lets its vouchers go."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Organization, User
from innovation_voucher.casework import calendar, invariants, sweeps
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Redemption, RedemptionLine
from redemption.tests import factories
from redemption.things import payee_of
from vouchers import services as vouchers
from vouchers.models import Programme, QuotaAccount, Voucher
from vouchers.resolve import policy_of, snapshot
from vouchers.tests import factories as quota

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-10")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2027, 1, 1, tzinfo=SHANGHAI)
GRACE_LAST = datetime(2027, 3, 15, 23, 59, 59, tzinfo=SHANGHAI)
GRACE_OVER = datetime(2027, 3, 16, tzinfo=SHANGHAI)
ROUND = ("deadlines", "redemption.drafts", "vouchers.lapse", "quota.lapse")


@pytest.fixture(autouse=True)
def december(db: None) -> Iterator[None]:
    with calendar.acting_at(datetime(2026, 12, 10, 10, tzinfo=SHANGHAI)):
        yield


@pytest.fixture
def programme(december: None) -> Programme:
    return factories.make_programme(year=2026)


def clock(at: datetime) -> list[str]:
    """One round of the clock, in its order."""
    return [line for name in ROUND for line in sweeps.run(name, at=at)]


def state_of(redemption: Redemption) -> tuple[str, str]:
    """States of the redemption and of its voucher."""
    fresh = Redemption.objects.get(pk=redemption.pk)
    return fresh.status, str(fresh.lines.select_related("voucher").get().voucher.status)


def account_of(redemption: Redemption) -> QuotaAccount:
    voucher = RedemptionLine.objects.get(redemption=redemption).voucher
    assert voucher.account_id is not None
    return QuotaAccount.objects.get(pk=voucher.account_id)


def unsubmitted(programme: Programme, state: str) -> Redemption:
    """A redemption in draft or awaiting consent that holds its voucher."""
    voucher = factories.ready(cast.make_organization(), programme)
    payee = payee_of(voucher)
    row = Redemption.objects.create(
        number=f"DF-{state}",
        payee=payee,
        programme=programme,
        snapshot=voucher.snapshot,
        region=voucher.region,
        bank_account=payee.bank_accounts.get(active=True),
        created_by=cast.owner_of(payee),
    )
    RedemptionLine.objects.create(redemption=row, voucher=voucher, computed=voucher.amount, claimed=voucher.amount)
    vouchers.start_redeeming(voucher, by=row.created_by)
    if state == "awaiting_consent":
        row.ask_consent()
        row.save()
    return row


# --- What was submitted in time --------------------------------------------------------------


@pytest.mark.parametrize("make", ["submitted", "returned", "payable"])
def test_what_was_submitted_stays_over_every_end(programme: Programme, make: str) -> None:
    redemption = getattr(factories, make)(cast.enterprise(), programme)
    before = state_of(redemption)
    for at in (FIRST, GRACE_OVER):
        for name in ("redemption.drafts", "vouchers.lapse", "quota.lapse"):
            sweeps.run(name, at=at)
    assert state_of(redemption) == before
    assert before[1] == "redeeming"
    assert account_of(redemption).held == Decimal(14_000)


def test_it_is_decided_and_paid_after_the_grace_like_any_other(programme: Programme) -> None:
    first, second = factories.settler(), factories.countersigner()
    redemption = factories.submitted(cast.enterprise(), programme)
    clock(FIRST)
    clock(GRACE_OVER)
    with calendar.acting_at(datetime(2027, 4, 1, 10, tzinfo=SHANGHAI)):
        factories.decide(redemption)
        batch = services.create_batch(
            programme=programme,
            region=cast.make_region(factories.PROVINCE),
            period_from=date(2026, 1, 1),
            period_to=date(2027, 4, 1),
            by=first,
        )
        services.freeze_batch(batch, by=first, typed_total=services.preview_of(batch).total)
        services.countersign_batch(batch, by=second, typed_total=Decimal(14_000))
        services.export_batch(batch, by=first)
        batch.refresh_from_db()
        services.import_results(batch, by=first, name="r.xlsx", data=factories.answer(factories.paid_rows(batch)))
    assert state_of(redemption) == ("paid", "paid")
    account = account_of(redemption)
    assert (account.spent, account.held, account.available) == (Decimal(14_000), 0, 0)
    assert account.lapsed == Decimal(186_000)
    assert invariants.broken() == {}


@pytest.mark.parametrize("decision", ["reject", "lower"])
def test_what_is_not_paid_of_last_years_voucher_comes_back_to_nobody(programme: Programme, decision: str) -> None:
    redemption = factories.submitted(cast.enterprise(), programme)
    clock(FIRST)
    with calendar.acting_at(datetime(2027, 1, 20, 10, tzinfo=SHANGHAI)):
        if decision == "reject":
            factories.decide(redemption, "reject", reason="发票不符")
        else:
            factories.decide(redemption, amount=Decimal(10_000), reason="按核定范围")
    account = account_of(redemption)
    kept = 0 if decision == "reject" else 10_000
    assert (int(account.held), int(account.available), int(account.lapsed)) == (kept, 0, 200_000 - kept)


def test_one_that_expires_after_the_grace_takes_its_voucher_with_it(programme: Programme) -> None:
    """Returned in March, not mended within ten working days: the voucher is confirmed again and over at once."""
    redemption = factories.submitted(cast.enterprise(), programme)
    with calendar.acting_at(datetime(2027, 3, 12, 10, tzinfo=SHANGHAI)):
        factories.decide(redemption, "return", items=[("receipts", "回单不清楚")])
    clock(GRACE_OVER)
    assert state_of(redemption) == ("returned", "redeeming")
    clock(datetime(2027, 4, 20, tzinfo=SHANGHAI))
    assert state_of(redemption) == ("expired", "lapsed")
    assert account_of(redemption).lapsed == Decimal(200_000)


# --- What was not ----------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "awaiting_consent"])
@pytest.mark.parametrize(("at", "over"), [(FIRST, False), (GRACE_LAST, False), (GRACE_OVER, True)])
def test_a_draft_lets_its_voucher_go_after_the_grace(
    programme: Programme, state: str, at: datetime, over: bool
) -> None:
    redemption = unsubmitted(programme, state)
    clock(at)
    clock(at)
    assert state_of(redemption) == (("withdrawn", "lapsed") if over else (state, "redeeming"))
    rows = AuditRow.objects.filter(verb="redemption.withdrawn", actor_id=None)
    assert list(rows.values_list("reason", flat=True)) == ["兑付截止日已过，没有提交"] * int(over)


def test_a_rehearsal_names_the_draft_and_leaves_it(programme: Programme) -> None:
    redemption = unsubmitted(programme, "draft")
    lines = sweeps.run("redemption.drafts", at=GRACE_OVER, dry_run=True)
    assert lines == ["let go of redemption DF-draft, not submitted"]
    assert state_of(redemption) == ("draft", "redeeming")


def test_a_draft_that_was_submitted_between_query_and_turn_stays(programme: Programme) -> None:
    redemption = factories.submitted(cast.enterprise(), programme)
    assert services.lapse_draft(redemption, day=date(2027, 3, 16)) is None
    assert state_of(redemption) == ("in_review", "redeeming")


@pytest.mark.parametrize(("at", "allowed"), [(GRACE_LAST, True), (GRACE_OVER, False)])
def test_the_last_day_to_submit_is_the_last(programme: Programme, at: datetime, allowed: bool) -> None:
    """The clock has not run yet; the verb itself says no."""
    voucher = factories.ready(cast.enterprise(), programme)
    with calendar.acting_at(at):
        if allowed:
            assert services.submit_voucher(voucher, by=factories.payee_of(voucher)).status == "in_review"
        else:
            with pytest.raises(Refused, match="2027-03-15"):
                services.submit_voucher(voucher, by=factories.payee_of(voucher))
    voucher.refresh_from_db()
    assert voucher.status == ("redeeming" if allowed else "confirmed")


def test_one_that_is_withdrawn_after_the_grace_lapses_in_the_next_round(programme: Programme) -> None:
    redemption = factories.submitted(cast.enterprise(), programme)
    with calendar.acting_at(GRACE_OVER):
        services.withdraw_redemption(redemption, by=cast.owner_of(redemption.payee))
    clock(GRACE_OVER)
    assert state_of(redemption) == ("withdrawn", "lapsed")


# --- Scenarios -------------------------------------------------------------------------------


@pytest.mark.feature("ZJ-9")
def test_scenario_17_decembers_voucher_keeps_the_rule_of_december(december: None) -> None:
    """Scenario 17. Carriers redeem until 31 December, enterprises from 1 January: each voucher stays what it was."""
    programme = factories.make_programme(year=2026, redeemer="carrier", valid_days=60)
    quota.add_version(
        programme, day=date(2027, 1, 1), **{**quota.INSTANT, **factories.ASKING, "redeemer": "enterprise"}
    )
    enterprise, carrier = cast.enterprise(), quota.make_carrier()
    old = factories.make_voucher(enterprise, programme, carrier=carrier, redeemer="carrier")
    clock(FIRST)
    with calendar.acting_at(datetime(2027, 1, 5, 10, tzinfo=SHANGHAI)):
        assert policy_of(snapshot(programme, enterprise.region)).redeemer == "enterprise"
        with pytest.raises(Refused, match="兑付方"):
            factories.make_voucher(enterprise, programme, carrier=carrier, redeemer="carrier")
        factories.complete(old)
        with pytest.raises(NotAllowed):
            services.submit_voucher(old, by=cast.owner_of(enterprise))
        redemption = services.submit_voucher(old, by=cast.owner_of(carrier.organization))
        assert (redemption.payee, redemption.snapshot) == (carrier.organization, old.snapshot)
        new = factories.make_voucher(enterprise, programme, carrier=carrier, contract=8_000)
        factories.complete(new)
        assert services.submit_voucher(new, by=cast.owner_of(enterprise)).payee == enterprise
    assert policy_of(Voucher.objects.get(pk=old.pk).snapshot).redeemer == "carrier"


def test_scenario_3_in_january_the_row_stays_and_nothing_is_usable(
    programme: Programme, organization: Organization
) -> None:
    """Total 200,000, 14,000 used: the account is still listed, its figures explain where all of it went."""
    owner: User = cast.owner_of(organization)
    factories.make_voucher(organization, programme)
    clock(FIRST)
    with calendar.acting_at(FIRST):
        (row,) = vouchers.accounts_of(organization)
        found = vouchers.balance(organization, programme)
        assert list(vouchers.accounts_of(organization, day=date(2027, 1, 1))) == []
        with pytest.raises(Refused):
            vouchers.claim_instantly(organization, programme, amount=Decimal(1), by=owner)
    assert (row.status, row.granted, row.held, row.lapsed) == (
        "lapsed",
        Decimal(200_000),
        Decimal(14_000),
        Decimal(186_000),
    )
    assert (found.available, found.used, found.lapsed) == (0, Decimal(14_000), Decimal(186_000))


def test_a_whole_year_end_twice_leaves_the_books_whole(programme: Programme) -> None:
    """One of everything, two rounds at each end, and every check of the portal afterwards."""
    for make in (factories.submitted, factories.returned, factories.payable, factories.ready):
        make(cast.make_organization(), programme)
    unsubmitted(programme, "draft")
    quota.make_voucher(cast.make_organization(), programme)
    for at in (FIRST, FIRST, GRACE_OVER, GRACE_OVER):
        clock(at)
    with calendar.acting_at(GRACE_OVER):
        assert invariants.broken() == {}
    # Under review and payable: finished. Not mended, not submitted, a draft, not confirmed: over.
    assert Counter(Voucher.objects.values_list("status", flat=True)) == {"redeeming": 2, "lapsed": 4}
