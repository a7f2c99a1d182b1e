"""Who reaches which page of a desk, in whatever way they ask; what is refused changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from innovation_voucher.casework import reviews, rights
from innovation_voucher.casework.idempotency import FIELD, new_token
from innovation_voucher.casework.models import AuditRow, Office, Region, ReviewCase, ReviewTask
from innovation_voucher.tests import cast

from . import trial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject")]

CASE = "/desk/trial/SB-1/"

ROLES: dict[str, Callable[[], User | None]] = {
    "stranger": lambda: None,
    "firm": lambda: cast.owner_of(cast.rival()),
    "operator": lambda: cast.make_user(is_staff=True, is_superuser=True),
    "reviewer": lambda: cast.make_officer(cast.COUNTY, trial.RIGHT),
    "viewer": lambda: cast.make_officer(cast.COUNTY, "view_cases", kind="centre"),
    "other right": lambda: cast.make_officer(cast.COUNTY, "review_use", kind="third_party"),
    "other kind": lambda: cast.make_officer(cast.COUNTY, trial.RIGHT, kind="agency"),
    "neighbour": lambda: cast.make_officer(cast.OTHER_COUNTY, trial.RIGHT),
    "city": lambda: cast.make_officer("330100", trial.RIGHT),
    "province": lambda: cast.make_officer("330000", trial.RIGHT),
}
#: Answers to: the inbox, the queue, the case, a decision, taking the case, the letter.
ANSWERS = {
    "stranger": (302, 302, 302, 302, 302, 302),
    "firm": (403, 403, 403, 403, 403, 404),
    "operator": (403, 403, 403, 403, 403, 404),
    "reviewer": (200, 200, 200, 302, 302, 404),
    "viewer": (200, 200, 200, 403, 403, 404),
    "other right": (200, 200, 403, 403, 403, 404),
    "other kind": (200, 200, 403, 403, 403, 404),
    "neighbour": (200, 200, 404, 404, 404, 404),
    "city": (200, 200, 200, 302, 302, 404),
    "province": (200, 200, 200, 302, 302, 404),
}


@pytest.fixture
def case() -> ReviewCase:
    trial.make_chain({"name": "初审"}, {"name": "复审"})
    return trial.open_case(number="SB-1")


def client_of(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def rows() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (ReviewCase, ReviewTask, AuditRow)]


def decide(client: Client, case: ReviewCase) -> Any:
    return client.post(CASE, {FIELD: new_token(), "task": trial.open_task(case).pk, "decision": "approve"})


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_the_answers_of_the_table(case: ReviewCase, role: str) -> None:
    client, before = client_of(ROLES[role]()), rows()
    pages = [client.get(url).status_code for url in ("/desk/", "/desk/trial/", CASE)]
    letter = client.get(f"{CASE}notice/").status_code
    taken = client.post(f"{CASE}take/", {FIELD: new_token()}).status_code
    decided = decide(client, case).status_code
    assert (*pages, decided, taken, letter) == ANSWERS[role]
    if role not in {"reviewer", "city", "province"}:
        assert rows() == before


@pytest.mark.parametrize("role", ["viewer", "neighbour", "other kind", "other right"])
def test_a_queue_lists_nothing_that_the_reader_may_not_take(case: ReviewCase, role: str) -> None:
    client = client_of(ROLES[role]())
    assert client.get("/desk/trial/").context["rows"] == []
    assert client.get("/desk/").context["totals"]["total"] == 0
    assert client.get("/desk/search/?q=SB-1").context["found"] == []
    assert client.post("/desk/trial/start/", {FIELD: new_token()})["Location"] == "/desk/trial/"
    assert trial.open_task(case).holder is None


def test_the_letter_is_for_the_desk_and_the_applicant_alone(case: ReviewCase) -> None:
    officer = cast.make_officer(cast.COUNTY, trial.RIGHT)
    applicant = cast.make_user()
    applicant.groups.add(Office.objects.get(pk=case.subject_id).group)
    reviews.decide(trial.open_task(case), by=officer, office=None, decision="return", items=[("", "补正")])
    answers = {
        role: client_of(make()).get(f"{CASE}notice/").status_code for role, make in ROLES.items() if role != "stranger"
    }
    assert answers == {
        "firm": 404,
        "operator": 404,
        "reviewer": 200,
        "viewer": 200,
        "other right": 404,
        "other kind": 200,  # the trial subject is seen by all who hold its right
        "neighbour": 404,
        "city": 200,
        "province": 200,
    }
    assert client_of(applicant).get(f"{CASE}notice/").status_code == 200
    assert client_of(applicant).get(CASE).status_code == 404


def test_a_step_at_the_programmes_own_node_is_for_its_people(subject: Any) -> None:
    trial.make_chain({"name": "核定", "scope": "programme", "office_kind": "province"})
    case = trial.open_case(number="SB-1", home=Region.objects.get(code="320000"))
    far = cast.make_officer("320000", trial.RIGHT, kind="province")
    near = cast.make_officer("330000", trial.RIGHT, kind="province")
    assert client_of(far).get(CASE).status_code == 200
    assert client_of(near).get(CASE).status_code == 403
    assert decide(client_of(near), case).status_code == 403
    assert decide(client_of(far), case).status_code == 302
    assert ReviewCase.objects.get().status == "approved"


def test_a_case_of_another_queue_is_not_found_under_this_one(case: ReviewCase) -> None:
    client = client_of(ROLES["reviewer"]())
    assert client.get("/desk/verification/SB-1/").status_code == 404
    assert client.post("/desk/verification/SB-1/take/", {FIELD: new_token()}).status_code == 404
    assert trial.open_task(case).holder is None


def test_a_right_that_ends_while_the_page_is_open_ends_the_decision(case: ReviewCase) -> None:
    user = cast.make_officer(cast.COUNTY, trial.RIGHT)
    client = client_of(user)
    assert client.get(CASE).status_code == 200
    rights.revoke(Office.objects.get(group__user=user), trial.RIGHT, case.region)
    before = rows()
    assert decide(client, case).status_code == 404
    assert rows() == before


def test_the_second_step_names_who_did_the_first(case: ReviewCase) -> None:
    office = cast.make_office("bureau", rights=(trial.RIGHT,))
    first, second = (cast.make_officer(name=name, office=office) for name in ("王审核员", "李审核员"))
    assert decide(client_of(first), case).status_code == 302
    page = client_of(first).get(CASE).content.decode()
    assert "您已办理过此件的另一步骤" in page
    assert decide(client_of(first), case).status_code == 403
    assert decide(client_of(second), case).status_code == 302
    assert trial.states(case) == ["done", "done"]


def test_a_case_of_ones_own_is_shown_without_a_form(case: ReviewCase) -> None:
    user = cast.make_officer(cast.COUNTY, trial.RIGHT)
    trial.open_case(number="SB-2", by=user)
    page = client_of(user).get("/desk/trial/SB-2/").content.decode()
    assert "这是您本单位的申请" in page
    assert 'name="decision"' not in page


def test_a_case_that_is_decided_is_read_and_decided_no_more(case: ReviewCase) -> None:
    office = cast.make_office("bureau", rights=(trial.RIGHT,))
    people = [cast.make_officer(name=name, office=office) for name in ("王审核员", "李审核员")]
    old = trial.open_task(case)
    for person in people:
        decide(client_of(person), case)
    client = client_of(people[0])
    assert 'name="decision"' not in client.get(CASE).content.decode()
    late = client.post(CASE, {FIELD: new_token(), "task": old.pk, "decision": "reject", "reason": "改主意"})
    assert late.status_code == 409
    assert client.post(f"{CASE}take/", {FIELD: new_token()}).status_code == 409
    assert ReviewCase.objects.get().status == "approved"
