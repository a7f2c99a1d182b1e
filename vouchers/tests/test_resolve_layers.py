"""Which row has the last word: version, class and region, on which day, in which zone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from innovation_voucher.casework import calendar
from innovation_voucher.tests import cast
from vouchers import resolve
from vouchers.models import Override, PolicySnapshot, Programme, TermRow
from vouchers.policy import Policy
from vouchers.resolve import policy_of, programme_for, snapshot
from vouchers.services.publishing import publish

from . import factories

pytestmark = pytest.mark.django_db

PROVINCE, CITY = "330000", "330100"


def rules(programme: Programme, code: str = cast.COUNTY, **extra: Any) -> Policy:
    return policy_of(snapshot(programme, cast.make_region(code), **extra))


#: (region, class) -> cap; the nearest region wins, in one region the class.
LAYERS = [
    (PROVINCE, "", 10),
    ("", "talent", 20),
    (PROVINCE, "talent", 30),
    (CITY, "", 40),
    (CITY, "talent", 50),
    (cast.COUNTY, "", 60),
    (cast.COUNTY, "talent", 70),
]
ORDER = ["", "talent", PROVINCE, f"{PROVINCE} talent", CITY, f"{CITY} talent", cast.COUNTY, f"{cast.COUNTY} talent"]


@pytest.mark.parametrize("depth", range(1, len(ORDER)))
def test_of_two_layers_the_nearer_has_the_last_word(programme: Programme, depth: int) -> None:
    caps = {f"{region} {key}".strip(): (region, key, cap) for region, key, cap in LAYERS}
    for name in ORDER[depth - 1 : depth + 1]:
        if name:
            region, key, cap = caps[name]
            place = cast.make_region(region) if region else None
            factories.add_override(programme, place, class_key=key, cap_year=Decimal(cap))
    assert rules(programme, class_key="talent").cap_year == caps[ORDER[depth]][2]


def test_layers_set_only_what_they_say(programme: Programme) -> None:
    factories.add_override(programme, cast.make_region(PROVINCE), cap_claim=Decimal(1), cap_holding=Decimal(1))
    factories.add_override(programme, cast.make_region(CITY), cap_holding=Decimal(2))
    factories.add_override(programme, cast.make_region(cast.COUNTY), redeemer="carrier")
    found = rules(programme)
    assert (found.cap_claim, found.cap_holding, found.redeemer, found.cap_year) == (1, 2, "carrier", 200_000)


def test_of_one_scope_the_newest_day_wins_and_then_the_higher_number(programme: Programme) -> None:
    region, start = cast.make_region(), programme.opens_on
    for day, cap in [(start + timedelta(days=2), 30), (start, 10), (start, 20)]:
        factories.add_override(programme, region, day=day, cap_year=Decimal(cap))
    assert rules(programme, day=start).cap_year == 20
    assert rules(programme, day=start + timedelta(days=1)).cap_year == 20
    assert rules(programme, day=start + timedelta(days=2)).cap_year == 30


def test_a_new_version_forgets_what_the_old_one_set(programme: Programme) -> None:
    day = calendar.today()
    factories.add_version(programme, day=day, claim_mode="instant")
    assert rules(programme, day=day).cap_year is None
    assert rules(programme, day=day - timedelta(days=1)).cap_year == 200_000


def test_of_two_versions_of_a_day_the_higher_number_counts(programme: Programme) -> None:
    for cap in (1, 2):
        factories.add_version(programme, **{**factories.INSTANT, "cap_year": Decimal(cap)})
    assert rules(programme).cap_year == 2


def test_rows_come_from_the_version_of_the_day_in_their_order(programme: Programme) -> None:
    draft = programme.versions.create(number=2, effective_from=calendar.today(), **factories.INSTANT)
    for position, act in [(2, "second"), (1, "first")]:
        TermRow.objects.create(version=draft, act=act, days=1, unit="d", on_expiry="lapse", position=position)
    assert rules(programme).terms == ()
    publish(draft, by=None)
    programme.refresh_from_db()
    assert [term.act for term in rules(programme).terms] == ["first", "second"]


def test_two_overrides_of_one_scope_and_number_cannot_stand_beside_each_other(programme: Programme) -> None:
    values = {"programme": programme, "class_key": "talent", "number": 1, "effective_from": calendar.today()}
    Override.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Override.objects.create(**values)


def test_an_override_of_neither_region_nor_class_is_none(programme: Programme) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Override.objects.create(programme=programme, number=1, effective_from=calendar.today())


def test_the_day_is_that_of_shanghai(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 16:00 UTC a new day has begun where the rules are made."""
    turn = date(programme.year, 7, 1)
    factories.add_version(programme, day=turn, **{**factories.INSTANT, "cap_year": Decimal(7)})
    for hour, minute, cap in [(15, 59, 200_000), (16, 0, 7)]:
        moment = datetime(programme.year, 6, 30, hour, minute, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert rules(programme).cap_year == cap


def test_a_programme_is_open_from_its_first_to_its_last_day(programme: Programme) -> None:
    region = cast.make_region()
    days = [programme.opens_on, programme.closes_on]
    assert [programme_for(region, day=day) for day in days] == [[programme], [programme]]
    outside = [programme.opens_on - timedelta(days=1), programme.closes_on + timedelta(days=1)]
    assert [programme_for(region, day=day) for day in outside] == [[], []]


@pytest.mark.parametrize(
    ("listed", "inside", "outside"),
    [
        ([], [PROVINCE, CITY, cast.COUNTY], ["320102"]),
        ([CITY], [CITY, cast.COUNTY, cast.OTHER_COUNTY], [PROVINCE, "330200"]),
        ([cast.COUNTY], [cast.COUNTY], [CITY, cast.OTHER_COUNTY]),
        (["320102"], ["320102"], [cast.COUNTY]),
    ],
)
def test_who_takes_part(programme: Programme, listed: list[str], inside: list[str], outside: list[str]) -> None:
    programme.participating.set([cast.make_region(code) for code in listed])
    assert [code for code in [*inside, *outside] if programme_for(cast.make_region(code))] == inside


class TestSnapshots:
    def test_rules_that_come_back_come_back_to_their_snapshot(self, programme: Programme) -> None:
        first = snapshot(programme, cast.make_region())
        factories.add_version(programme, **{**factories.INSTANT, "cap_year": Decimal(1)})
        second = snapshot(programme, cast.make_region())
        factories.add_version(programme, **factories.INSTANT)
        assert snapshot(programme, cast.make_region()) == first != second
        assert PolicySnapshot.objects.count() == 2

    def test_what_is_stored_reads_back_to_the_same_digest(self, programme: Programme) -> None:
        row = snapshot(programme, cast.make_region())
        assert Policy.from_json(PolicySnapshot.objects.get(pk=row.pk).data).digest == row.digest

    def test_an_answer_of_a_transaction_that_failed_is_not_kept(self, programme: Programme) -> None:
        before = dict(resolve._answers)
        mark = transaction.savepoint()
        snapshot(programme, cast.make_region())
        transaction.savepoint_rollback(mark)
        assert dict(resolve._answers) == before
        assert not PolicySnapshot.objects.exists()

    def test_a_long_build_asks_once_and_forgets_at_its_end(self, programme: Programme) -> None:
        region = cast.make_region()
        with resolve.kept_early():
            first = snapshot(programme, region)
            with CaptureQueriesContext(connection) as queries:
                assert snapshot(programme, region) is first
            factories.add_version(programme, **{**factories.INSTANT, "cap_year": Decimal(1)})
            assert snapshot(programme, region) != first
        assert len(queries) == 0
        assert resolve._answers == {}
        with CaptureQueriesContext(connection) as queries:
            snapshot(programme, region)
        assert len(queries) > 0

    def test_a_build_that_fails_forgets_too(self, programme: Programme) -> None:
        def build() -> None:
            with resolve.kept_early():
                snapshot(programme, cast.make_region())
                raise RuntimeError("halfway")

        with pytest.raises(RuntimeError, match="halfway"):
            build()
        assert resolve._answers == {}

    def test_what_is_kept_in_memory_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(resolve, "_answers", {})
        monkeypatch.setattr(resolve, "_KEPT", 3)
        for number in range(10):
            resolve._keep(("x", number), number)
        assert 0 < len(resolve._answers) <= 3
        assert resolve._answers["x", 9] == 9
