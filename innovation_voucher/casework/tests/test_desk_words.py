"""Due days in words, counts of the inbox, search and the choice of the role, at their edges."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from innovation_voucher.casework import calendar, reviews
from innovation_voucher.casework.desk import queues
from innovation_voucher.casework.models import ReviewCase, ReviewTask
from innovation_voucher.casework.web import ROLE_KEY
from innovation_voucher.tests import cast

from . import trial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject")]

# A Thursday; the next two working days are Friday the 1st and Monday the 4th.
EVE = datetime(2026, 12, 31, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _new_years_eve() -> Any:
    with time_machine.travel(EVE, tick=False):
        yield


@pytest.fixture
def officer() -> User:
    return cast.make_officer(cast.COUNTY, trial.RIGHT)


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    trial.make_chain({"name": "初审"})
    client.force_login(officer)
    return client


def due_on(number: str, day: date, **fields: Any) -> ReviewTask:
    task = trial.open_task(trial.open_case(number=number))
    ReviewTask.objects.filter(pk=task.pk).update(due_on=day, **fields)
    return task


# --- Days in words --------------------------------------------------------------------------


@pytest.mark.feature("X-9")
@pytest.mark.parametrize(
    ("due", "words"),
    [
        (None, ("", "")),
        (date(2026, 12, 30), ("逾期 1 个工作日", "late")),
        (date(2025, 12, 31), ("逾期 248 个工作日", "late")),
        (date(2026, 12, 31), ("今天到期", "soon")),
        (date(2027, 1, 1), ("还剩 1 个工作日", "soon")),
        (date(2028, 2, 29), ("还剩 303 个工作日", "")),
    ],
)
def test_a_due_day_is_said_in_working_days_from_today(due: date | None, words: tuple[str, str]) -> None:
    assert queues.due_words(due) == words


def test_the_words_turn_at_midnight_in_shanghai() -> None:
    due = date(2026, 12, 31)
    with time_machine.travel(datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), tick=False):
        assert queues.due_words(due) == ("今天到期", "soon")
    with time_machine.travel(datetime(2026, 12, 31, 16, 0, tzinfo=UTC), tick=False):
        assert queues.due_words(due) == ("逾期 1 个工作日", "late")


@pytest.mark.parametrize(
    ("day", "late", "soon"),
    [
        (date(2026, 12, 30), 1, 0),
        (date(2026, 12, 31), 0, 1),
        (date(2027, 1, 1), 0, 1),
        (date(2027, 1, 4), 0, 1),  # the second working day from today
        (date(2027, 1, 5), 0, 0),
    ],
)
def test_the_inbox_counts_late_and_soon_by_working_days(desk: Client, day: date, late: int, soon: int) -> None:
    due_on("SB-1", day)
    totals = desk.get("/desk/").context["totals"]
    assert totals == {"total": 1, "late": late, "soon": soon, "mine": 0}


def test_a_tally_names_the_oldest_and_the_next_due(desk: Client, officer: User) -> None:
    due_on("SB-1", date(2027, 1, 20))
    due_on("SB-2", date(2027, 1, 7), holder=officer)
    ReviewCase.objects.filter(number="SB-1").update(submitted_at=EVE - timedelta(days=9))
    tally = desk.get("/desk/").context["tallies"][0]
    assert (tally.total, tally.mine, tally.due) == (2, 1, date(2027, 1, 7))
    assert tally.oldest == EVE - timedelta(days=9)
    assert tally.url == "/desk/trial/"


@pytest.mark.parametrize("view", ["late", "today", "mine", "free", "", "nonsense", "LATE"])
def test_an_unknown_view_is_the_whole_queue(desk: Client, view: str) -> None:
    due_on("SB-1", calendar.today() + timedelta(days=3), holder=cast.make_user())
    response = desk.get("/desk/trial/", {"view": view})
    known = view in {"late", "today", "mine", "free"}
    assert response.context["queue"].view == (view if known else "")
    assert len(response.context["rows"]) == (0 if known else 1)


# --- Search ---------------------------------------------------------------------------------


def found(client: Client, words: str) -> list[str]:
    response = client.get("/desk/search/", {"q": words})
    if response.status_code == 302:
        return [response["Location"].rstrip("/").rpartition("/")[2]]
    return [case.number for case, _url, _subject in response.context["found"]]


@pytest.mark.parametrize("words", ["", " ", "\u3000", "\t\n"])
def test_no_words_find_nothing(desk: Client, words: str) -> None:
    trial.open_case(number="SB-1")
    assert found(desk, words) == []


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("sb-2027-01", ["SB-2027-01"]),
        (" SB-2027-01 ", ["SB-2027-01"]),
        ("100%", ["SB-2027-02"]),
        ("%", ["SB-2027-02"]),
        ("_", ["SB-2027-03"]),
        ("\\", []),
        ("'; DROP TABLE--", []),
        ("𠮷", ["SB-2027-03"]),
        ("SB-2027", ["SB-2027-03", "SB-2027-02", "SB-2027-01"]),
    ],
)
def test_words_are_taken_as_they_are(desk: Client, words: str, numbers: list[str]) -> None:
    for n, name in enumerate(["云帆甲", "云帆100%乙", "𠮷野_丙"], 1):
        trial.open_case(trial.make_applicant(name), number=f"SB-2027-{n:02d}")
    assert found(desk, words) == numbers


def test_cases_of_other_regions_are_not_found_and_finished_ones_are(desk: Client, officer: User) -> None:
    trial.open_case(number="SB-FAR", region=cast.make_region(cast.OTHER_COUNTY))
    near = trial.open_case(number="SB-NEAR")
    reviews.decide(trial.open_task(near), by=officer, office=None, decision="approve")
    assert found(desk, "SB") == ["SB-NEAR"]


def test_a_case_of_two_rounds_is_found_once(desk: Client, officer: User) -> None:
    case = trial.open_case(number="SB-1")
    reviews.decide(trial.open_task(case), by=officer, office=None, decision="return", items=[("", "补正")])
    reviews.resubmit(case.subject, by=None)
    trial.open_case(number="SB-2")
    assert found(desk, "SB") == ["SB-2", "SB-1"]


def test_at_most_thirty_are_listed_and_the_page_says_so(desk: Client) -> None:
    for n in range(31):
        trial.open_case(number=f"SB-{n:02d}")
    response = desk.get("/desk/search/?q=SB")
    assert len(response.context["found"]) == 30
    assert response.context["full"]
    assert response.context["found"][0][0].number == "SB-30"


# --- Roles ----------------------------------------------------------------------------------


@pytest.fixture
def two_desks(client: Client, officer: User) -> Client:
    officer.groups.add(cast.make_office("agency", name="评测中心").group)
    client.force_login(officer)
    return client


def role_keys(client: Client) -> list[str]:
    return [role.key for role in client.get("/role/").context["roles"]]


def test_a_chosen_role_is_kept_and_leads_on(two_desks: Client) -> None:
    first, second = role_keys(two_desks)
    response = two_desks.post("/role/", {"role": second, "next": "/inbox/?view=unread"})
    assert (response.status_code, response["Location"]) == (302, "/inbox/?view=unread")
    assert two_desks.session[ROLE_KEY] == second
    assert two_desks.get("/desk/").context["viewer"].role.key == second
    two_desks.post("/role/", {"role": first})
    assert two_desks.get("/desk/").context["viewer"].role.key == first


@pytest.mark.parametrize("role", ["", "office:0", "office:999999", "admin", "organization:1", "\x00"])
def test_a_role_of_others_is_not_taken(two_desks: Client, role: str) -> None:
    response = two_desks.post("/role/", {"role": role})
    assert response.status_code == 422
    assert ROLE_KEY not in two_desks.session


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "\\\\evil"])
def test_the_way_on_stays_inside_the_portal(two_desks: Client, target: str) -> None:
    response = two_desks.post("/role/", {"role": role_keys(two_desks)[0], "next": target})
    assert response["Location"] == "/"


def test_a_role_that_was_lost_is_not_kept(two_desks: Client, officer: User) -> None:
    second = role_keys(two_desks)[1]
    two_desks.post("/role/", {"role": second})
    officer.groups.remove(officer.groups.get(name="评测中心"))
    assert two_desks.get("/desk/").context["viewer"].role.key != second


def test_looking_at_the_roles_changes_none(two_desks: Client) -> None:
    two_desks.get("/role/?role=admin")
    assert ROLE_KEY not in two_desks.session
