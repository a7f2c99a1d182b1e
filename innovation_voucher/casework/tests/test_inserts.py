"""Rows of a form wait for its last statement, and vanish with the savepoint that they belong to."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from innovation_voucher.casework import audit, inserts, messaging
from innovation_voucher.casework.models import AuditRow, Message, Office, OneTimeToken, Outgoing
from innovation_voucher.tests import cast

pytestmark = pytest.mark.django_db
VERB = "office.saved"


@pytest.fixture
def office() -> Office:
    return cast.make_office()


def token(text: str) -> OneTimeToken:
    return OneTimeToken(token=text, digest="d", redirect="", used_at=timezone.now())


def texts() -> set[str]:
    return set(OneTimeToken.objects.values_list("token", flat=True))


@transaction.atomic
def breaking(text: str, *, deeper: bool = False) -> None:
    """An act that writes and then breaks."""
    if deeper:
        with transaction.atomic():
            inserts.add([token(text)])
    else:
        inserts.add([token(text)])
    raise ZeroDivisionError


@transaction.atomic
def changing_and_breaking(text: str) -> None:
    inserts.later("UPDATE casework_onetimetoken SET digest = %s WHERE token = %s", ["lost", text])
    raise ZeroDivisionError


def tell(person: Any, mark: str = "1") -> None:
    messaging.notify([person], kind="task", title="有新的待办", sms="有新的待办", dedupe=f"inserts:{mark}")


def test_outside_of_a_form_rows_are_there_at_once(office: Office) -> None:
    row = audit.record(VERB, office, by=None)
    assert AuditRow.objects.get(pk=row.pk).subject_id == office.pk


def test_in_a_form_rows_wait_until_they_are_flushed(office: Office) -> None:
    with transaction.atomic(), inserts.gathering():
        audit.record(VERB, office, by=None)
        assert not AuditRow.objects.filter(subject_id=office.pk, verb=VERB).exists()
        inserts.flush()
    assert AuditRow.objects.filter(subject_id=office.pk, verb=VERB).count() == 1


def test_all_of_a_form_is_one_statement(office: Office) -> None:
    person = cast.make_user()
    with transaction.atomic(), inserts.gathering():
        tell(person)
        audit.record(VERB, office, by=None)
        tell(person, "2")
        audit.record(VERB, office, by=person)
        with CaptureQueriesContext(connection) as queries:
            inserts.flush()
    assert len(queries) == 1
    assert Message.objects.filter(user=person).count() == 2
    assert Outgoing.objects.filter(to=person.phone).count() == 2
    assert list(AuditRow.objects.filter(verb=VERB).order_by("pk").values_list("actor_id", flat=True)) == [
        None,
        person.pk,
    ]


def test_what_comes_last_is_done_in_the_same_statement(office: Office) -> None:
    inserts.add([token("before")])
    with transaction.atomic(), inserts.gathering():
        audit.record(VERB, office, by=None)
        with CaptureQueriesContext(connection) as queries:
            inserts.flush(("UPDATE casework_onetimetoken SET redirect = %s WHERE token = %s", ["/there/", "before"]))
    assert len(queries) == 1
    assert OneTimeToken.objects.get(token="before").redirect == "/there/"
    assert AuditRow.objects.filter(verb=VERB).exists()


def test_a_later_statement_goes_with_the_rows(office: Office) -> None:
    inserts.add([token("before")])
    with transaction.atomic(), inserts.gathering():
        inserts.later("UPDATE casework_onetimetoken SET digest = %s WHERE token = %s", ["later", "before"])
        inserts.add([token("new")])
        assert OneTimeToken.objects.get(token="before").digest == "d"
        with CaptureQueriesContext(connection) as queries:
            inserts.flush()
    assert len(queries) == 1
    assert OneTimeToken.objects.get(token="before").digest == "later"
    assert texts() == {"before", "new"}


def test_a_later_statement_runs_at_once_outside_of_a_form() -> None:
    inserts.add([token("one")])
    inserts.later("UPDATE casework_onetimetoken SET digest = %s WHERE token = %s", ["at once", "one"])
    assert OneTimeToken.objects.get(token="one").digest == "at once"


def test_a_later_statement_of_an_act_that_was_taken_back_never_runs() -> None:
    inserts.add([token("one")])
    with transaction.atomic(), inserts.gathering():
        with pytest.raises(ZeroDivisionError):
            changing_and_breaking("one")
        inserts.flush()
    assert OneTimeToken.objects.get(token="one").digest == "d"


@pytest.mark.django_db(transaction=True)
def test_a_later_statement_that_nobody_flushes_stops_the_commit() -> None:
    with pytest.raises(inserts.NeverWrittenError, match="UPDATE"), transaction.atomic(), inserts.gathering():
        inserts.later("UPDATE casework_onetimetoken SET digest = %s", ["lost"])


def test_with_nothing_gathered_only_the_last_statement_runs() -> None:
    with transaction.atomic(), inserts.gathering(), CaptureQueriesContext(connection) as queries:
        inserts.flush()
        inserts.flush(("SELECT 1", []))
    assert [query["sql"] for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]] == ["SELECT 1"]


def test_rows_of_an_act_that_was_taken_back_are_never_written(office: Office) -> None:
    with transaction.atomic(), inserts.gathering():
        inserts.add([token("kept")])
        with pytest.raises(ZeroDivisionError):
            breaking("lost")
        inserts.add([token("later")])
        inserts.flush()
    assert texts() == {"kept", "later"}


def test_rows_of_an_inner_act_that_held_are_written(office: Office) -> None:
    with transaction.atomic(), inserts.gathering():
        with transaction.atomic():
            inserts.add([token("inner")])
        inserts.flush()
    assert texts() == {"inner"}


def test_an_inner_act_goes_with_the_outer_one() -> None:
    with transaction.atomic(), inserts.gathering():
        with pytest.raises(ZeroDivisionError):
            breaking("inner", deeper=True)
        inserts.flush()
    assert texts() == set()


def test_a_transaction_that_breaks_writes_nothing() -> None:
    with pytest.raises(ZeroDivisionError), inserts.gathering():
        breaking("lost")
    with transaction.atomic(), inserts.gathering():
        inserts.flush()
    assert texts() == set()


@pytest.mark.django_db(transaction=True)
def test_rows_that_nobody_flushes_stop_the_commit_loudly() -> None:
    forgotten = pytest.raises(inserts.NeverWrittenError, match="1 rows of OneTimeToken")
    with forgotten, transaction.atomic(), inserts.gathering():
        inserts.add([token("forgotten")])
    assert texts() == set()


def test_conflicts_are_passed_over_only_where_that_was_asked() -> None:
    inserts.add([token("twice")])
    with transaction.atomic(), inserts.gathering():
        inserts.add([token("twice"), token("new")], ignore_conflicts=True)
        inserts.flush()
    assert texts() == {"twice", "new"}


def test_a_message_is_still_written_once_per_mark() -> None:
    person = cast.make_user()
    tell(person)
    with transaction.atomic(), inserts.gathering():
        tell(person)
        tell(person)
        inserts.flush()
    assert Message.objects.filter(user=person).count() == 1


def test_nothing_to_add_is_nothing_to_write() -> None:
    with transaction.atomic(), inserts.gathering(), CaptureQueriesContext(connection) as queries:
        inserts.add([])
        inserts.flush()
    assert not [query for query in queries.captured_queries if "INSERT" in query["sql"]]


def test_the_statement_writes_what_the_orm_would(office: Office) -> None:
    said = {"before": {"金额": "1.00"}, "after": {"names": ["一", "%s"]}, "reason": "100%"}
    audit.record(VERB, office, by=None, region=office.region, **said)
    with transaction.atomic(), inserts.gathering():
        audit.record(VERB, office, by=None, region=office.region, **said)
        inserts.flush()
    first, second = AuditRow.objects.filter(verb=VERB).order_by("pk")
    skipped = {"id", "at"}
    names = [f.attname for f in AuditRow._meta.concrete_fields if f.attname not in skipped]
    assert [getattr(first, name) for name in names] == [getattr(second, name) for name in names]
