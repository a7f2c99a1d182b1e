"""Rows made out of rows, rows of a form that was taken back, and the moment that is acted for."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.utils import timezone

from innovation_voucher.casework import audit, calendar, inserts, messaging
from innovation_voucher.casework.bulk import insert_from
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.idempotency import new_token, once
from innovation_voucher.casework.models import AuditRow, CalendarDay, Message, Office, OneTimeToken, Outgoing
from innovation_voucher.lib.workdays import SHANGHAI
from innovation_voucher.tests import cast

pytestmark = pytest.mark.django_db


# --- insert_from ----------------------------------------------------------------------------------


def tokens_of(rows: Any, **columns: Any) -> int:
    """One token for each of the rows; its text is the row's name."""
    values = {"token": F("name"), "digest": "d", "redirect": "", "used_at": timezone.now(), **columns}
    return insert_from(OneTimeToken, rows, **values)


@pytest.fixture
def offices() -> list[Office]:
    return [cast.make_office("bureau", code, name=f"局{code}") for code in (cast.COUNTY, cast.OTHER_COUNTY)]


def test_every_row_brings_one_and_the_answer_counts_them(offices: list[Office]) -> None:
    assert tokens_of(Office.objects.filter(pk__in=[o.pk for o in offices])) == 2
    assert set(OneTimeToken.objects.values_list("token", flat=True)) == {o.name for o in offices}


def test_no_rows_bring_none() -> None:
    assert tokens_of(Office.objects.none() | Office.objects.filter(name="没有这个局")) == 0
    assert not OneTimeToken.objects.exists()


def test_an_expression_is_reckoned_by_the_database_row_by_row(offices: list[Office]) -> None:
    text = Concat(F("region__code"), Value("/"), F("name"))
    tokens_of(Office.objects.filter(pk__in=[o.pk for o in offices]), token=text)
    found = set(OneTimeToken.objects.values_list("token", flat=True))
    assert found == {f"{o.region.code}/{o.name}" for o in offices}


def test_a_plain_value_is_no_sql(offices: list[Office]) -> None:
    words = "'); DROP TABLE x; -- %s"
    tokens_of(Office.objects.filter(pk=offices[0].pk), redirect=words)
    assert OneTimeToken.objects.get().redirect == words
    assert Office.objects.filter(pk=offices[0].pk).exists()


def test_the_order_of_the_rows_costs_nothing_and_changes_nothing(offices: list[Office]) -> None:
    rows = Office.objects.filter(pk__in=[o.pk for o in offices]).order_by("-name")
    assert tokens_of(rows) == 2


def test_columns_that_are_not_the_models_are_refused(offices: list[Office]) -> None:
    with pytest.raises(KeyError, match="colour"):
        tokens_of(Office.objects.all(), colour="red")
    assert not OneTimeToken.objects.exists()


def test_all_or_nothing_where_one_of_them_is_there_already(offices: list[Office]) -> None:
    OneTimeToken.objects.create(token=offices[0].name, digest="d", redirect="", used_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        tokens_of(Office.objects.filter(pk__in=[o.pk for o in offices]))
    assert OneTimeToken.objects.count() == 1


# --- A form that is taken back --------------------------------------------------------------------


@pytest.fixture
def office() -> Office:
    return cast.make_office()


def act(office: Office, words: str, *, refused: bool = False) -> None:
    """A verb that records and tells, and may find only then that it must not be."""
    with transaction.atomic():
        audit.record("office.saved", office, by=None, after={"words": words})
        people = [cast.make_user()]
        messaging.notify(people, kind="task", title=words, sms=words, dedupe=f"bulk:{words}")
        if refused:
            raise Refused("现在不能办理")


def send(view: Any, token: str = "") -> HttpResponse:
    request = RequestFactory().post("/form/", {"_token": token or new_token(), "a": "1"})
    request.user = cast.make_user()
    answer = once(view)(request)
    assert isinstance(answer, HttpResponse)
    return answer


def traces() -> tuple[int, int, int]:
    """Audit rows of the verb, messages and what goes out."""
    return AuditRow.objects.filter(verb="office.saved").count(), Message.objects.count(), Outgoing.objects.count()


def test_a_refused_form_leaves_neither_record_nor_message(office: Office) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        try:
            act(office, "拒绝", refused=True)
        except Refused:
            return HttpResponse(status=422)
        return HttpResponseRedirect("/done/")

    assert send(view).status_code == 422
    assert traces() == (0, 0, 0)
    assert not OneTimeToken.objects.exists(), "the same form may be mended and sent again"


def test_a_form_that_breaks_leaves_nothing_at_all(office: Office) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        act(office, "先成")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        send(view)
    assert traces() == (0, 0, 0)
    assert not OneTimeToken.objects.exists()


def test_of_two_acts_the_refused_one_leaves_no_trace_and_the_other_all(office: Office) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        act(office, "第一件")
        with pytest.raises(Refused):
            act(office, "第二件", refused=True)
        act(office, "第三件")
        return HttpResponseRedirect("/done/")

    assert send(view).status_code == 302
    assert list(Message.objects.order_by("pk").values_list("title", flat=True)) == ["第一件", "第三件"]
    said = AuditRow.objects.filter(verb="office.saved").order_by("pk")
    assert [row.after["words"] for row in said] == ["第一件", "第三件"]


def test_rows_of_a_form_keep_the_order_in_which_they_were_written(office: Office) -> None:
    words = [f"第{n}件" for n in range(1, 8)]

    def view(request: HttpRequest) -> HttpResponse:
        for word in words:
            act(office, word)
        return HttpResponseRedirect("/done/")

    send(view)
    said = AuditRow.objects.filter(verb="office.saved").order_by("pk")
    assert [row.after["words"] for row in said] == words
    assert list(Message.objects.order_by("pk").values_list("title", flat=True)) == words


def test_the_second_sending_writes_nothing_more(office: Office) -> None:
    token, person = new_token(), cast.make_user()

    def view(request: HttpRequest) -> HttpResponse:
        act(office, "一次")
        return HttpResponseRedirect("/done/")

    for _n in range(2):
        request = RequestFactory().post("/form/", {"_token": token, "a": "1"})
        request.user = person
        answer = once(view)(request)
        assert answer["Location"] == "/done/"
        assert traces() == (1, 1, 1)


def test_gathering_ends_with_the_form_that_began_it(office: Office) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        act(office, "表单")
        assert traces() == (0, 0, 0), "within the form they wait"
        return HttpResponseRedirect("/done/")

    send(view)
    act(office, "之后")
    assert traces() == (2, 2, 2)
    inserts.flush()
    assert traces() == (2, 2, 2)


# --- The moment that is acted for -----------------------------------------------------------------

NEW_YEAR = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)


def test_everything_inside_takes_the_moment_for_now() -> None:
    real = calendar.today()
    with calendar.acting_at(NEW_YEAR):
        assert calendar.now() == NEW_YEAR
        assert calendar.today() == date(2027, 1, 1), "half past midnight in Shanghai"
    assert calendar.today() == real


def test_moments_within_moments_come_back_one_by_one() -> None:
    earlier = NEW_YEAR - timedelta(hours=1)
    with calendar.acting_at(NEW_YEAR):
        with calendar.acting_at(earlier):
            assert calendar.today() == date(2026, 12, 31)
        assert calendar.now() == NEW_YEAR


def test_a_sweep_that_breaks_gives_the_time_back() -> None:
    with pytest.raises(ZeroDivisionError), calendar.acting_at(NEW_YEAR):
        raise ZeroDivisionError
    assert abs(calendar.now() - timezone.now()) < timedelta(seconds=10)


def test_the_moment_of_a_sweep_is_not_that_of_another_thread() -> None:
    found: list[datetime] = []
    with calendar.acting_at(NEW_YEAR):
        thread = threading.Thread(target=lambda: found.append(calendar.now()))
        thread.start()
        thread.join()
    assert abs(found[0] - timezone.now()) < timedelta(minutes=1)


def test_what_happened_is_stamped_with_the_real_time(office: Office) -> None:
    with calendar.acting_at(NEW_YEAR):
        act(office, "年末")
    row = AuditRow.objects.get(verb="office.saved")
    assert abs(row.at - timezone.now()) < timedelta(minutes=1)


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
def test_an_offset_moves_days_and_terms_alike(settings: Any, days: int) -> None:
    real = calendar.today()
    due = calendar.add_working_days(real, 5)
    settings.CLOCK_OFFSET = timedelta(days=days)
    assert calendar.today() == real + timedelta(days=days)
    left = calendar.working_days_left(due)
    assert (left > 5, left < 5) == (days < -3, days > 3) or abs(days) == 1
    with calendar.acting_at(NEW_YEAR):
        assert calendar.now() == NEW_YEAR, "an asked moment is exact"


def test_days_left_are_reckoned_from_the_day_that_is_acted_for() -> None:
    CalendarDay.objects.filter(day__year=2027).delete()
    CalendarDay.objects.create(day=date(2027, 1, 1), workday=False)
    due = date(2027, 1, 6)
    for moment, left in ((datetime(2026, 12, 31, 12, tzinfo=SHANGHAI), 3), (NEW_YEAR, 3)):
        with calendar.acting_at(moment):
            assert calendar.working_days_left(due) == left
