"""What a request knows of rights ends with it: what is given or taken away counts on the very next one."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.memberships import roles_in
from accounts.models import Membership
from innovation_voucher.casework import memo, rights
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.web import ViewerMiddleware
from innovation_voucher.tests import cast

from . import trial

pytestmark = pytest.mark.django_db

RIGHT = trial.RIGHT


@pytest.fixture
def office() -> Office:
    return cast.make_office("bureau", rights=(RIGHT,), name="测试科技局")


@pytest.fixture
def person(office: Office) -> Any:
    return cast.make_officer(office=office)


def through(view: Callable[[HttpRequest], HttpResponse], *, method: str = "get") -> HttpResponse:
    """The answer of a view behind the middleware that keeps what a request knows."""
    request = getattr(RequestFactory(), method)("/")
    answer = ViewerMiddleware(view)(request)
    assert isinstance(answer, HttpResponse)
    return answer


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


# --- Rights ---------------------------------------------------------------------------------------


def test_a_right_that_is_taken_away_is_gone_on_the_next_request(office: Office, person: Any) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(rights.holds(person, RIGHT, office.region)))

    assert said(through(view)) == "True"
    rights.revoke(office, RIGHT, office.region)
    assert said(through(view)) == "False"
    rights.grant(office, RIGHT, office.region)
    assert said(through(view)) == "True"


@pytest.mark.usefixtures("subject")
@pytest.mark.parametrize("way", ["right", "office", "person"])
def test_whoever_lost_a_right_any_way_finds_the_desk_shut(office: Office, person: Any, way: str) -> None:
    trial.make_chain({})
    client = Client()
    client.force_login(person)
    url = reverse("desk-case", args=[trial.KEY, trial.open_case().number])
    assert client.get(url).status_code == 200
    if way == "right":
        rights.revoke(office, RIGHT, office.region)
    elif way == "office":
        person.groups.clear()
    else:
        type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(url).status_code in (302, 403, 404)


def test_within_the_request_that_changes_it_a_right_is_asked_anew(office: Office, person: Any) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        before = rights.holds(person, RIGHT, office.region)
        rights.revoke(office, RIGHT, office.region)
        return HttpResponse(f"{before} {rights.holds(person, RIGHT, office.region)}")

    assert said(through(view, method="post")) == "True False"


def test_two_people_of_one_request_do_not_answer_for_each_other(office: Office, person: Any) -> None:
    stranger = cast.make_user("吴乙")

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(" ".join(str(rights.holds(who, RIGHT, office.region)) for who in (person, stranger, None)))

    assert said(through(view)) == "True False False"


def test_a_membership_that_ended_is_none_on_the_next_request() -> None:
    enterprise = cast.enterprise()
    owner = cast.owner_of(enterprise)

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(",".join(sorted(roles_in(owner, enterprise))))

    assert said(through(view)) == "owner"
    Membership.objects.filter(user=owner).update(active=False)
    assert said(through(view)) == ""


@pytest.mark.parametrize("kept", [False, True])
def test_kept_or_not_the_answer_about_a_right_is_the_same(office: Office, person: Any, kept: bool) -> None:
    """Inside a request the whole reach is read, outside one right: both ways must agree."""
    county, other = office.region, cast.make_region(cast.OTHER_COUNTY)
    city = county.parent
    assert city is not None

    def answers() -> list[bool]:
        return [rights.holds(person, RIGHT, region) for region in (county, other, city)]

    def ask() -> list[bool]:
        if not kept:
            return answers()
        with memo.remembering():
            return answers()

    assert ask() == [True, False, False]
    rights.grant(person, RIGHT, city)
    assert ask() == [True, True, True]
    rights.revoke(office, RIGHT, county)
    assert ask() == [True, True, True], "the city covers its counties"
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    person.refresh_from_db()
    assert ask() == [False, False, False]


# --- The life of the memory -----------------------------------------------------------------------


@pytest.mark.parametrize(("method", "page"), [("get", True), ("post", False), ("head", False)])
def test_only_reading_counts_as_a_page(method: str, page: bool) -> None:
    found: list[bool] = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append(memo.is_page())
        return HttpResponse()

    through(view, method=method)
    assert found == [page]


def test_a_request_that_breaks_leaves_nothing_behind() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        memo.keep("q", 1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        through(view)
    assert not memo.is_kept()
    assert memo.known("q", 0) == 0


def test_a_finder_that_breaks_is_asked_again() -> None:
    answers: Iterator[Any] = iter([ZeroDivisionError(), 7])

    def find() -> int:
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return int(found)

    with memo.remembering():
        with pytest.raises(ZeroDivisionError):
            memo.asked("q", find)
        assert memo.asked("q", find) == 7


def test_a_request_within_a_request_has_a_memory_of_its_own() -> None:
    with memo.remembering(page=True):
        memo.keep("q", "outer")
        with memo.remembering():
            assert memo.known("q", "") == ""
            assert not memo.is_page()
            memo.keep("q", "inner")
        assert memo.known("q", "") == "outer"
        assert memo.is_page()


def test_threads_share_no_memory() -> None:
    """As under a server with threads: both are in the midst of a request at the same moment."""
    meet, found = threading.Barrier(2, timeout=10), {}

    def serve(name: str) -> None:
        with memo.remembering():
            memo.keep("who", name)
            meet.wait()
            found[name] = memo.known("who", "")
            meet.wait()

    threads = [threading.Thread(target=serve, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"one": "one", "two": "two"}
    assert not memo.is_kept()


def test_a_new_thread_begins_without_the_memory_of_its_maker() -> None:
    found: list[bool] = []
    with memo.remembering():
        thread = threading.Thread(target=lambda: found.append(memo.is_kept()))
        thread.start()
        thread.join()
    assert found == [False]
