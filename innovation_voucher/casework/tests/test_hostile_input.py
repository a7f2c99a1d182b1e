"""What no browser sends by itself: it is answered by a page, never by an error of the server."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from innovation_voucher.casework import reviews
from innovation_voucher.casework.idempotency import FIELD, new_token
from innovation_voucher.casework.models import OneTimeToken, ReviewCase
from innovation_voucher.tests import cast

from . import trial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject")]


@pytest.fixture
def officer() -> User:
    return cast.make_officer(cast.COUNTY, trial.RIGHT)


@pytest.fixture
def case(officer: User) -> ReviewCase:
    trial.make_chain({"name": "初审"})
    return trial.open_case(number="SB-1")


@pytest.fixture
def desk(client: Client, officer: User, case: ReviewCase) -> Client:
    client.force_login(officer)
    return client


@pytest.mark.parametrize(
    "url",
    [
        "/desk/search/?q=%00",
        "/desk/search/?q=SB%00",
        "/inbox/?kind=%00",
        "/inbox/?view=%00&page=%00",
        "/desk/trial/?q=%00",
        "/desk/trial/?step=%00",
        "/desk/trial/?view=%00",
        "/desk/trial/SB-1%00/",
        "/desk/trial/%00/notice/",
        "/desk/trial/SB-1/?file=%00&page=%00",
        "/files/%00/",
        "/files/%00/pages/1/",
    ],
)
def test_a_null_character_is_no_error_of_the_server(desk: Client, url: str) -> None:
    assert desk.get(url).status_code in {200, 400, 404, 422}


@pytest.mark.parametrize("token", ["\x00" * 43, "x" * 42 + "\x00", "券" * 43, " " * 43, "x" * 42 + "\n"])
def test_a_token_of_strange_characters_carries_nothing_out(desk: Client, case: ReviewCase, token: str) -> None:
    response = desk.post("/desk/trial/SB-1/take/", {FIELD: token})
    assert response.status_code == 422
    assert trial.open_task(case).holder is None
    assert not OneTimeToken.objects.exists()


@pytest.mark.parametrize("words", ["云" * 100, "a" * 100, "%" * 100, "<b>" * 33])
def test_the_longest_filter_is_carried_along_by_an_act(desk: Client, case: ReviewCase, words: str) -> None:
    response = desk.post("/desk/trial/SB-1/take/", {FIELD: new_token()}, query_params={"q": words, "view": "free"})
    assert response.status_code == 302
    assert desk.get(response["Location"]).status_code == 200
    assert trial.open_task(case).holder is not None


def test_the_answer_to_a_long_address_is_remembered_whole(desk: Client) -> None:
    body = {FIELD: new_token()}
    first, second = (
        desk.post("/desk/trial/SB-1/take/", body, query_params={"q": "云" * 100, "x": "y" * 900}) for _ in range(2)
    )
    assert first["Location"] == second["Location"]
    assert len(first["Location"]) > 1800


@pytest.mark.parametrize("page", ["0", "-1", "1.5", "x", "999999999999999999999", "１", "%00", "1e3"])
def test_any_page_number_shows_some_page(desk: Client, page: str) -> None:
    for url in ("/inbox/", "/desk/trial/", "/desk/trial/SB-1/"):
        assert desk.get(f"{url}?page={page}").status_code in {200, 400}


@pytest.mark.parametrize("number", ["9" * 30, "0"])
def test_a_number_beyond_any_row_does_not_exist(desk: Client, number: str) -> None:
    assert desk.get(f"/inbox/{number}/").status_code == 404
    assert desk.post(f"/inbox/{number}/open/").status_code == 404
    assert desk.post(f"/inbox/{number}/delete/").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "approve", "task": "x"},
        {"decision": "approve"},
        {"decision": "burn"},
        {"decision": ""},
        {},
        {"decision": "reject", "reason": "\x00"},
        {"decision": "reject", "reason": "理" * 1001},
        {"decision": "return", "words_1": "\x00"},
        {"decision": "return", "words_1": "补" * 301},
        {"decision": "return", "words_7": "没有第七项"},
        {"decision": "approve", "words_1": "又要补正"},
    ],
)
def test_a_decision_that_cannot_be_read_is_asked_again(desk: Client, case: ReviewCase, body: dict[str, str]) -> None:
    task = {} if body == {"decision": "approve"} else {"task": trial.open_task(case).pk}
    response = desk.post("/desk/trial/SB-1/", {FIELD: new_token(), **task, **body})
    assert response.status_code == 422
    case.refresh_from_db()
    assert case.status == "open"
    assert trial.said(case.subject) == ""


@pytest.mark.parametrize("url", ["/desk/trial/SB-1/", "/desk/trial/SB-1/take/", "/desk/trial/start/"])
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_change_nothing(desk: Client, case: ReviewCase, url: str, method: str) -> None:
    assert getattr(desk, method)(url).status_code == 405
    assert trial.open_task(case).holder is None


@pytest.mark.parametrize("url", ["/desk/trial/SB-1/take/", "/desk/trial/start/"])
def test_acts_are_no_links(desk: Client, case: ReviewCase, url: str) -> None:
    assert desk.get(url).status_code == 405
    assert trial.open_task(case).holder is None


def test_words_of_the_reviewer_are_shown_as_text(desk: Client, case: ReviewCase, officer: User) -> None:
    items = [("name", "<script>alert(1)</script>")]
    reviews.decide(trial.open_task(case), by=officer, office=None, decision="return", items=items, reason="<b>细看</b>")
    letter, page = (desk.get(f"/desk/trial/SB-1/{part}").content.decode() for part in ("notice/", ""))
    assert "&lt;script&gt;alert(1)" in letter
    assert "<script>alert" not in letter + page
    assert "<b>细看</b>" not in letter + page


def test_names_of_the_applicant_are_shown_as_text(desk: Client) -> None:
    other: Any = trial.make_applicant("<i>斜体</i>公司")
    trial.open_case(other, number="SB-2")
    for url in ("/desk/trial/", "/desk/trial/SB-2/", "/desk/search/?q=SB"):
        page = desk.get(url).content.decode()
        assert "<i>斜体</i>" not in page
        assert "&lt;i&gt;斜体" in page
