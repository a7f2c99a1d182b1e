"""The record of acts, its seal, and how tampering shows."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from innovation_voucher.casework import audit
from innovation_voucher.casework.models import AuditRow, Office
from innovation_voucher.tests import cast

pytestmark = pytest.mark.django_db

VERB = "trial.done"


@pytest.fixture(autouse=True)
def _words() -> Iterator[None]:
    audit.register_verbs({VERB: "试办", "trial.ended": "试办完成"})
    yield
    for verb in (VERB, "trial.ended"):
        audit._verbs.pop(verb)


@pytest.fixture
def office() -> Office:
    return cast.make_office()


def behind_the_back(sql: str, *parameters: object) -> None:
    """What somebody with the keys of the database could do, triggers switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, parameters)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.feature("X-11")
def test_an_act_is_kept_with_names_not_references(office: Office) -> None:
    person = cast.make_user("沈审核")
    token = audit.address.set("192.0.2.7")
    row = audit.record(
        VERB,
        office,
        by=person,
        region=office.region,
        office=office,
        before={"amount": Decimal("20000.00")},
        after={"amount": Decimal("18000.00")},
        reason="合同金额有误",
    )
    audit.address.reset(token)
    row.refresh_from_db()
    assert (row.actor_name, row.office_name, row.subject_label) == ("沈审核", office.name, office.name)
    assert (row.before, row.after) == ({"amount": "20000.00"}, {"amount": "18000.00"})
    assert (row.region_path, row.address) == (office.region.path, "192.0.2.7")


def test_an_unregistered_verb_is_refused(office: Office) -> None:
    with pytest.raises(LookupError):
        audit.record("trial.unknown", office, by=None)
    assert not AuditRow.objects.exists()


def test_the_timeline_is_newest_first_and_one_query(
    office: Office, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = cast.make_office("agency")
    audit.record(VERB, office, by=cast.make_user("沈审核"), office=office, reason="甲")
    audit.record("trial.ended", other, by=None)
    audit.record(VERB, cast.make_office("centre"), by=None)
    audit.timeline(office)
    with django_assert_num_queries(1):
        entries = audit.timeline(office, other)
    assert [entry.title for entry in entries] == ["试办完成", "试办"]
    assert (entries[1].who, entries[1].detail) == (f"{office.name} 沈审核", "甲")
    assert audit.timeline() == []


def test_sealing_numbers_without_gaps_and_goes_on(office: Office) -> None:
    for _ in range(3):
        audit.record(VERB, office, by=None)
    assert audit.seal(limit=2) == 2
    assert audit.seal() == 1
    assert audit.seal() == 0
    rows = list(AuditRow.objects.order_by("sequence"))
    assert [row.sequence for row in rows] == [1, 2, 3]
    assert [row.previous_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]
    assert list(audit.verify()) == []


def change() -> None:
    behind_the_back("UPDATE casework_auditrow SET reason = 'x' WHERE sequence = 2")


def remove() -> None:
    behind_the_back("DELETE FROM casework_auditrow WHERE sequence = 2")


def forge() -> None:
    """A changed row with a hash that fits it again, as somebody who knows the code would write."""
    change()
    row = AuditRow.objects.get(sequence=2)
    behind_the_back("UPDATE casework_auditrow SET hash = %s WHERE sequence = 2", audit.digest(row))


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [(change, "2 was changed"), (remove, "2 to 2 are missing"), (forge, "3 does not follow")],
)
def test_tampering_is_found(office: Office, tamper: Callable[[], None], problem: str) -> None:
    for number in range(3):
        audit.record(VERB, office, by=None, after={"b": number, "a": "中"})
    audit.seal()
    assert list(audit.verify()) == []
    tamper()
    assert problem in "\n".join(audit.verify())


def test_a_row_that_waits_too_long_is_an_alarm(office: Office) -> None:
    audit.record(VERB, office, by=None)
    assert not audit.overdue()
    assert audit.overdue(timezone.now() + timedelta(minutes=6))
    audit.seal()
    assert not audit.overdue(timezone.now() + timedelta(minutes=6))
