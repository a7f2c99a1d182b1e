"""One form, one effect: files, strange answers, anonymous people, time, and many clicks at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect, JsonResponse
from django.test import RequestFactory
from hypothesis import given, strategies as st

from innovation_voucher.casework.idempotency import FIELD, KEPT, new_token, once, prune
from innovation_voucher.casework.models import NumberRow, OneTimeToken
from innovation_voucher.casework.numbers import next_number
from innovation_voucher.tests.cast import make_user
from innovation_voucher.tests.kept import undone

from .examples import FEW
from .test_review_race import together

NOW = datetime(2028, 2, 29, 12, tzinfo=UTC)
ANSWERS: dict[str, Any] = {
    "found": lambda: HttpResponseRedirect("/there/?页=1"),
    "moved": lambda: HttpResponsePermanentRedirect("/there/"),
    "page": lambda: HttpResponse("好"),
    "json": lambda: JsonResponse({"ok": True}),
    "refused": lambda: HttpResponse(status=422),
}


@once
def act(request: HttpRequest, answer: str = "found") -> HttpResponse:
    """Counts every effect and answers as it is asked to."""
    next_number("edges")
    response: HttpResponse = ANSWERS[request.POST.get("answer", answer)]()
    return response


def effects() -> int:
    return NumberRow.objects.filter(key="edges").values_list("value", flat=True).first() or 0


def post(data: dict[str, Any], user: Any = None, path: str = "/edges/") -> HttpResponse:
    request = RequestFactory().post(path, data)
    request.user = user or AnonymousUser()
    return act(request)


# --- What is remembered ---------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "remembered"), [("found", 1), ("moved", 0), ("page", 0), ("json", 0), ("refused", 0)]
)
def test_only_a_redirect_ends_the_life_of_a_token(answer: str, remembered: int) -> None:
    body = {FIELD: new_token(), "answer": answer}
    first, second = post(body), post(body)
    assert first.status_code == second.status_code
    assert OneTimeToken.objects.count() == remembered
    assert effects() == 2 - remembered


@pytest.mark.django_db
def test_a_redirect_in_any_script_comes_back_as_it_was() -> None:
    body = {FIELD: new_token()}
    assert post(body)["Location"] == post(body)["Location"] == "/there/?%E9%A1%B5=1"


@pytest.mark.django_db
def test_somebody_who_did_not_sign_in_is_one_person_and_a_member_another() -> None:
    body = {FIELD: new_token()}
    assert [post(body).status_code, post(body).status_code] == [302, 302]
    assert post(body, make_user()).status_code == 422
    assert effects() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("order", ["as sent", "reversed"])
def test_several_files_under_one_name_count_each(order: str) -> None:
    token = new_token()

    def papers(*contents: bytes) -> dict[str, Any]:
        return {FIELD: token, "papers": [SimpleUploadedFile(f"{n}.pdf", c) for n, c in enumerate(contents)]}

    assert post(papers(b"one", b"two")).status_code == 302
    same = papers(b"one", b"two") if order == "as sent" else papers(b"two", b"one")
    assert post(same).status_code == 302
    assert post(papers(b"one")).status_code == 422
    assert post(papers(b"one", b"two", b"two")).status_code == 422
    assert effects() == 1


@pytest.mark.django_db
def test_an_empty_file_is_not_no_file() -> None:
    token = new_token()
    assert post({FIELD: token, "paper": SimpleUploadedFile("a.pdf", b"")}).status_code == 302
    assert post({FIELD: token}).status_code == 422


@pytest.mark.django_db
def test_a_text_is_not_mistaken_for_another_field() -> None:
    token = new_token()
    assert post({FIELD: token, "a": "x'\nfield b='y"}).status_code == 302
    assert post({FIELD: token, "a": "x", "b": "y"}).status_code == 422


TEXTS = st.text(st.characters(blacklist_characters="\x00\r\n", blacklist_categories=["Cs"]), max_size=6)
BODIES = st.dictionaries(st.sampled_from("abc"), st.lists(TEXTS, min_size=1, max_size=2), max_size=3)


@pytest.mark.django_db
@FEW
@given(first=BODIES, second=BODIES)
def test_two_bodies_are_the_same_when_their_fields_are(
    first: dict[str, list[str]], second: dict[str, list[str]]
) -> None:
    with undone():
        token = new_token()
        assert post({FIELD: token, **first}).status_code == 302
        alike = {k: sorted(v) for k, v in first.items()} == {k: sorted(v) for k, v in second.items()}
        assert post({FIELD: token, **second}).status_code == (302 if alike else 422)
        assert effects() == 1


# --- Tokens ---------------------------------------------------------------------------------


def test_tokens_are_long_safe_in_a_form_and_never_alike() -> None:
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) == 200
    assert all(len(token) == 43 and token.replace("-", "").replace("_", "").isalnum() for token in tokens)


@pytest.mark.django_db
@pytest.mark.parametrize("length", [0, 1, 42, 44, 500])
def test_a_token_of_another_length_is_none(length: int) -> None:
    response = post({FIELD: "x" * length})
    assert response.status_code == 422
    assert "页面已过期" in response.content.decode()
    assert effects() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/ent/quota/?a=1", "/ent/quota/?a=1"),
        ("http://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("//evil.example/", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_stays_inside_the_portal(referer: str, back: str) -> None:
    request = RequestFactory().post("/edges/", {}, headers={"referer": referer})
    request.user = AnonymousUser()
    page = act(request).content.decode()
    assert f'href="{referer if back != "/" else "/"}"' in page
    assert "evil.example" not in page
    assert "javascript:" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("age", "dry", "left", "lines"),
    [
        (KEPT, False, 1, []),
        (KEPT + timedelta(microseconds=1), False, 0, ["1 tokens"]),
        (KEPT + timedelta(microseconds=1), True, 1, ["1 tokens"]),
        (timedelta(0), False, 1, []),
    ],
)
def test_tokens_are_kept_for_two_years_to_the_moment(age: timedelta, dry: bool, left: int, lines: list[str]) -> None:
    OneTimeToken.objects.create(token=new_token(), digest="", redirect="/", used_at=NOW - age)
    assert prune(NOW, dry) == lines
    assert OneTimeToken.objects.count() == left


# --- Many clicks at once --------------------------------------------------------------------


def at_once(bodies: list[dict[str, Any]]) -> list[int]:
    """Post all bodies at the same moment, each over a connection of its own."""
    clicks: list[Callable[[], int]] = [partial(lambda body: post(body).status_code, body) for body in bodies]
    return together(clicks)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_five_clicks_at_once_are_one_act() -> None:
    token = new_token()
    assert at_once([{FIELD: token} for _ in range(5)]) == [302] * 5
    assert effects() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_different_bodies_at_once_one_is_carried_out() -> None:
    token = new_token()
    assert sorted(at_once([{FIELD: token, "a": "1"}, {FIELD: token, "a": "2"}])) == [302, 422]
    assert effects() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_click_after_a_refused_one_is_carried_out() -> None:
    token = new_token()
    codes = at_once([{FIELD: token, "answer": "refused"}, {FIELD: token, "answer": "refused"}])
    assert codes == [422, 422]
    assert post({FIELD: token}).status_code == 302
    assert OneTimeToken.objects.count() == 1
