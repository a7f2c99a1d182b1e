"""The hash chain of the record: whole for any history, broken by any change of a sealed row."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy
from hypothesis import given, strategies as st

from innovation_voucher.casework import audit
from innovation_voucher.casework.models import AuditRow, Office
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import undone

from .examples import FEW

pytestmark = pytest.mark.django_db

VERB = "trial.chained"
WORDS = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]), max_size=20)
FACTS = st.dictionaries(WORDS, WORDS | st.integers(-(10**9), 10**9) | st.none() | st.booleans(), max_size=3)


@pytest.fixture(autouse=True)
def _words() -> Iterator[None]:
    audit.register_verbs({VERB: "连环"})
    yield
    audit._verbs.pop(VERB)


@pytest.fixture
def office() -> Office:
    return cast.make_office()


def act(office: Office, **said: Any) -> AuditRow:
    return audit.record(VERB, office, by=None, **said)


def behind_the_back(column: str, value: object, sequence: int) -> None:
    """A change by somebody with the keys of the database, triggers switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f'UPDATE casework_auditrow SET "{column}" = %s WHERE sequence = %s', [value, sequence])
        cursor.execute("SET LOCAL session_replication_role = origin")


# --- Any history ----------------------------------------------------------------------------


@FEW
@given(said=st.lists(st.tuples(WORDS, FACTS), max_size=6), batches=st.lists(st.integers(0, 4), max_size=6))
def test_any_history_sealed_in_any_batches_is_whole(
    office: Office, said: list[tuple[str, dict[str, Any]]], batches: list[int]
) -> None:
    with undone():
        for reason, facts in said:
            act(office, reason=reason, before=facts, after=facts)
        sealed = sum(audit.seal(limit) for limit in batches)
        assert sealed == min(sum(batches), len(said))
        assert audit.seal() == len(said) - sealed
        numbers = AuditRow.objects.order_by("id").values_list("sequence", flat=True)
        assert list(numbers) == list(range(1, len(said) + 1))
        assert list(audit.verify()) == []


@FEW
@given(count=st.integers(2, 6), data=st.data())
def test_whichever_row_is_changed_is_the_one_that_is_named(office: Office, count: int, data: st.DataObject) -> None:
    with undone():
        for number in range(count):
            act(office, reason=f"第 {number} 件")
        audit.seal()
        victim = data.draw(st.integers(1, count))
        behind_the_back("reason", "改过", victim)
        assert list(audit.verify()) == [f"audit: {victim} was changed after it was sealed"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "trial.other"),
        ("subject_id", 424242),
        ("subject_label", "另一件"),
        ("actor_id", 7),
        ("actor_name", "他人"),
        ("office_name", "他处"),
        ("region_path", "110000/"),
        ("before", '{"amount": "1.00"}'),
        ("after", '{"amount": "1.00"}'),
        ("reason", " "),
        ("address", "192.0.2.9"),
        ("policy_digest", "0" * 64),
        ("at", datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_no_column_of_a_sealed_row_changes_unseen(office: Office, column: str, value: object) -> None:
    for _ in range(2):
        act(office)
    audit.seal()
    assert list(audit.verify()) == []
    behind_the_back(column, value, 1)
    assert list(audit.verify()) == ["audit: 1 was changed after it was sealed"]


def test_two_rows_that_change_places_are_found(office: Office) -> None:
    for _ in range(3):
        act(office)
    audit.seal()
    for old, new in ((1, 99), (2, 1), (99, 2)):
        behind_the_back("sequence", new, old)
    assert len(list(audit.verify())) >= 2


def test_the_first_row_cannot_be_taken_away(office: Office) -> None:
    for _ in range(2):
        act(office)
    audit.seal()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM casework_auditrow WHERE sequence = 1")
    assert list(audit.verify()) == ["audit: 1 to 1 are missing", "audit: 2 does not follow the row before it"]


def test_rows_that_wait_for_their_seal_are_no_fault(office: Office) -> None:
    act(office)
    assert list(audit.verify()) == []
    assert audit.seal(limit=0) == 0
    assert AuditRow.objects.get().sequence is None


# --- What a row says ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_value", "kept"),
    [
        (Decimal("18000.00"), "18000.00"),
        (date(2028, 2, 29), "2028-02-29"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "2026-12-31T16:00:00Z"),
        (timedelta(days=1), "P1DT00H00M00S"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (gettext_lazy("审核通过"), "审核通过"),
        (["甲", ("乙", None)], ["甲", ["乙", None]]),
        ("𠮷野家 👩‍🔬", "𠮷野家 👩‍🔬"),
        (2**53, 2**53),
    ],
)
def test_facts_are_kept_as_json_keeps_them(office: Office, given_value: object, kept: object) -> None:
    row = act(office, after={"是": given_value})
    row.refresh_from_db()
    assert row.after == {"是": kept}
    assert row.before == {}


def test_what_json_cannot_say_writes_no_row(office: Office) -> None:
    with pytest.raises(TypeError):
        act(office, after={"who": office})
    assert not AuditRow.objects.exists()


def test_long_names_are_cut_and_never_refuse_an_act(office: Office) -> None:
    office.name = "局" * 300
    person = cast.make_user("名" * 50)
    row = audit.record(VERB, office, by=person)
    assert row.subject_label == "局" * 200
    assert row.actor_name == str(person)
    assert (row.actor_id, row.office_name, row.region_path) == (person.pk, "", "")


def test_the_clock_acts_without_name_and_address(office: Office) -> None:
    row = act(office)
    assert (row.actor_id, row.actor_name, row.address) == (None, "", "")
    assert audit.timeline(office)[0].who == ""


def test_a_timeline_shows_a_verb_of_a_removed_app_by_its_key(office: Office) -> None:
    audit.register_verbs({"trial.gone": "已撤去"})
    audit.record("trial.gone", office, by=None, after={"step": "初审"}, reason="因故")
    audit._verbs.pop("trial.gone")
    entry = audit.timeline(office)[0]
    assert (entry.title, entry.detail, entry.note, entry.by) == ("初审：trial.gone", "因故", "因故", "")


def test_every_verb_of_the_portal_has_words_and_a_dotted_key() -> None:
    assert all("." in verb and str(words).strip() for verb, words in audit.verbs().items())
    audit.verbs().clear()
    assert audit.words_of("review.opened") == "提交审核"


# --- The alarm ------------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "alarm"), [(299, False), (300, False), (301, True)])
def test_the_alarm_begins_after_five_minutes(office: Office, after: int, alarm: bool) -> None:
    with time_machine.travel(datetime(2026, 12, 31, 15, 58, tzinfo=UTC), tick=False):
        at = act(office).at
    assert audit.overdue(at + timedelta(seconds=after)) is alarm


def test_without_rows_nothing_is_overdue() -> None:
    assert not audit.overdue()
    assert not audit.overdue(timezone.now() + timedelta(days=365))
