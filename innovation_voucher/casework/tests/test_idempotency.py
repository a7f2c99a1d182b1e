"""A form takes effect once, whatever the network, the browser or the finger does."""

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from innovation_voucher.casework import idempotency
from innovation_voucher.casework.idempotency import FIELD, new_token, once
from innovation_voucher.casework.models import NumberRow, OneTimeToken
from innovation_voucher.casework.numbers import next_number
from innovation_voucher.tests.cast import make_user


@once
def act(request):
    """Counts every effect; a negative amount is refused, an absurd one breaks."""
    if request.method != "POST":
        return HttpResponse(f"token {request.once_token!r}")
    number = next_number("acts")
    amount = int(request.POST.get("amount", "0"))
    if amount > 1000:
        raise ZeroDivisionError
    if amount < 0:
        return HttpResponse("金额", status=422)
    return HttpResponseRedirect(f"/acts/{number}/")


def effects() -> int:
    return NumberRow.objects.filter(key="acts").values_list("value", flat=True).first() or 0


def post(data, user=None, path="/acts/"):
    request = RequestFactory().post(path, data)
    request.user = user or make_user()
    return act(request)


@pytest.fixture
def user(db):
    return make_user()


def test_the_second_click_gets_the_answer_of_the_first(user) -> None:
    body = {FIELD: new_token(), "amount": "5"}
    first, second = post(body, user), post(body, user)
    assert (first.status_code, first.url) == (second.status_code, second.url) == (302, "/acts/1/")
    assert effects() == 1


def test_a_new_token_is_a_new_act(user) -> None:
    assert post({FIELD: new_token()}, user).url == "/acts/1/"
    assert post({FIELD: new_token()}, user).url == "/acts/2/"


@pytest.mark.parametrize("change", [{"amount": "6"}, {"more": "1"}, {"amount": ["5", "5"]}])
def test_another_body_under_the_same_token_is_not_carried_out(user, change) -> None:
    body = {FIELD: new_token(), "amount": "5"}
    post(body, user)
    answer = post({**body, **change}, user)
    assert answer.status_code == 422
    assert "这一页已提交过" in answer.content.decode()
    assert effects() == 1


def test_another_path_or_person_under_the_same_token_is_not_carried_out(user) -> None:
    body = {FIELD: new_token()}
    post(body, user)
    assert post(body, user, path="/other/").status_code == 422
    assert post(body, make_user()).status_code == 422
    assert effects() == 1


def test_the_order_of_fields_and_the_csrf_token_do_not_count(user) -> None:
    token = new_token()
    first = post({FIELD: token, "a": "1", "b": "2", "csrfmiddlewaretoken": "x"}, user)
    second = post({"b": "2", "csrfmiddlewaretoken": "y", "a": "1", FIELD: token}, user)
    assert first.url == second.url
    assert effects() == 1


def test_the_content_of_a_file_counts(user) -> None:
    token = new_token()

    def send(content: bytes):
        return post({FIELD: token, "file": SimpleUploadedFile("a.pdf", content)}, user)

    assert send(b"one").url == send(b"one").url == "/acts/1/"
    assert send(b"two").status_code == 422


def test_the_view_reads_a_file_from_its_beginning(user) -> None:
    @once
    def keep(request):
        return HttpResponseRedirect(f"/{len(request.FILES['file'].read())}/")

    request = RequestFactory().post("/", {FIELD: new_token(), "file": SimpleUploadedFile("a", b"12345")})
    request.user = user
    assert keep(request).url == "/5/"


@pytest.mark.parametrize("token", ["", "short", "x" * 44])
def test_without_a_token_nothing_happens(user, token) -> None:
    answer = post({FIELD: token, "amount": "5"}, user)
    assert answer.status_code == 422
    assert "页面已过期，请刷新后再提交" in answer.content.decode()
    assert effects() == OneTimeToken.objects.count() == 0


def test_the_page_leads_back_to_the_form_but_never_to_another_site(user) -> None:
    def refused(referer: str) -> str:
        request = RequestFactory().post("/acts/", {}, headers={"referer": referer})
        request.user = user
        return act(request).content.decode()

    assert 'href="http://testserver/acts/new/"' in refused("http://testserver/acts/new/")
    assert "evil.example" not in refused("http://evil.example/")


def test_a_form_that_did_not_pass_may_be_mended_under_its_token(user) -> None:
    token = new_token()
    assert post({FIELD: token, "amount": "-1"}, user).status_code == 422
    assert not OneTimeToken.objects.exists()
    assert post({FIELD: token, "amount": "1"}, user).status_code == 302


def test_an_act_that_breaks_leaves_neither_effect_nor_token(user) -> None:
    token = new_token()
    with pytest.raises(ZeroDivisionError):
        post({FIELD: token, "amount": "1001"}, user)
    assert effects() == OneTimeToken.objects.count() == 0
    assert post({FIELD: token, "amount": "1"}, user).status_code == 302


def test_reading_needs_no_token(user) -> None:
    request = RequestFactory().get("/acts/")
    request.user = user
    assert act(request).content == b"token ''"


def test_the_view_knows_its_token(user) -> None:
    token = new_token()
    request = RequestFactory().post("/acts/", {FIELD: token})
    request.user = user
    act(request)
    assert request.once_token == token


def test_every_form_of_a_page_has_a_token_of_its_own() -> None:
    html = Template("{% load once %}{% once_token %}{% once_token %}").render(Context())
    first, second = html.split("<input")[1:]
    assert first != second
    assert 'type="hidden" name="_token"' in first


def test_tokens_are_forgotten_after_two_years(user) -> None:
    post({FIELD: new_token()}, user)
    almost = timezone.now() + timedelta(days=729)
    after = timezone.now() + timedelta(days=731)
    assert idempotency.prune(almost, False) == []
    assert idempotency.prune(after, True) == ["1 tokens"]
    assert OneTimeToken.objects.count() == 1
    assert idempotency.prune(after, False) == ["1 tokens"]
    assert OneTimeToken.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_second_post_waits_for_the_first_and_takes_its_answer() -> None:
    user = make_user()
    body = {FIELD: new_token(), "amount": "5"}
    started, answers = threading.Event(), []

    @once
    def slow(request):
        started.set()
        # Long enough for the other to reach the same row.
        threading.Event().wait(0.3)
        return HttpResponseRedirect(f"/acts/{next_number('acts')}/")

    def send() -> None:
        request = RequestFactory().post("/acts/", body)
        request.user = user
        try:
            answers.append(slow(request).url)
        finally:
            connection.close()

    first = threading.Thread(target=send)
    first.start()
    started.wait(5)
    second = threading.Thread(target=send)
    second.start()
    first.join(5)
    second.join(5)
    assert answers == ["/acts/1/", "/acts/1/"]
    assert effects() == 1


@pytest.mark.django_db(transaction=True)
def test_the_race_happens_without_the_token() -> None:
    """The proof above means something: without the row both posts take effect."""
    gate = threading.Barrier(2)

    def send() -> None:
        with transaction.atomic():
            found = OneTimeToken.objects.filter(token="t").exists()
            gate.wait(5)
            if not found:
                next_number("acts")
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert effects() == 2
