"""Views that a reviewer keeps of a queue: saved, opened by default, renamed, deleted, and nobody else's."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from innovation_voucher.casework import subjects
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import Office, SavedView
from innovation_voucher.casework.reviews import saved
from innovation_voucher.casework.subjects import Subject
from innovation_voucher.tests import cast

from . import trial
from .trial import KEY, RIGHT, make_chain, open_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject")]

QUEUE = "/desk/trial/"


@pytest.fixture
def office() -> Office:
    make_chain({"name": "初审"})
    return cast.make_office("bureau", rights=(RIGHT,))


@pytest.fixture
def officer(office: Office) -> User:
    return cast.make_officer(name="王审核员", office=office)


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def post(desk: Client, url: str, **data: Any) -> Any:
    return desk.post(url, {"_token": new_token(), **data})


def kept(user: User, office: Office, name: str = "大额", query: str = "most=300", **more: Any) -> SavedView:
    return saved.save_view(by=user, office=office, key=KEY, name=name, query=query, **more)


def rows() -> list[tuple[str, str, bool]]:
    return list(SavedView.objects.values_list("name", "query", "is_default"))


def text(response: Any) -> str:
    found: str = response.content.decode()
    return found


@pytest.mark.feature("X-2")
def test_the_filters_of_the_page_are_kept_under_a_name(desk: Client, officer: User, office: Office) -> None:
    response = post(desk, f"{QUEUE}?step=&checks=good&view=late&page=2&sort=-due&junk=1", name=" 可批量 ")
    assert response.url == "/desk/trial/?view=late&sort=-due&checks=good"
    assert rows() == [("可批量", "view=late&sort=-due&checks=good", False)]
    view = SavedView.objects.get()
    assert (view.user, view.office, view.key) == (officer, office, KEY)
    page = desk.get(response.url)
    assert "已保存视图“可批量”" in text(page)
    assert page.context["saved"].current == view


def test_a_view_shows_what_its_filters_show(desk: Client, officer: User, office: Office) -> None:
    for n, amount in enumerate(("300.00", "700.00")):
        open_case(number=f"SB-{n}", amount=amount)
    view = kept(officer, office, query="most=300")
    page = desk.get(f"{QUEUE}?view=all")
    assert f'href="?{view.query}"' in text(page)
    assert [row.task.case.number for row in desk.get(f"{QUEUE}?{view.query}").context["rows"]] == ["SB-0"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "填写视图名称"),
        ("   ", "填写视图名称"),
        ("长" * 31, "视图名称最多 30 字"),
        ("大额", "已有名为“大额”的视图，换一个名称。"),
    ],
)
def test_a_bad_name_is_said_on_the_queue_itself(
    desk: Client, officer: User, office: Office, name: str, words: str
) -> None:
    kept(officer, office)
    response = post(desk, f"{QUEUE}?view=late", name=name, is_default="on")
    assert response.status_code == 422
    assert words in text(response)
    assert "<title>错误：" in text(response)
    assert 'aria-invalid="true"' in text(response)
    assert response.context["view_form"]["is_default"].value()
    assert rows() == [("大额", "most=300", False)]


def test_the_longest_name_fits(desk: Client) -> None:
    assert post(desk, f"{QUEUE}?view=late", name="长" * 30).status_code == 302


def test_without_filters_there_is_nothing_to_keep(desk: Client) -> None:
    assert "把现在的筛选保存为视图" not in text(desk.get(QUEUE))
    for query in ("", "?view=all", "?view=nonsense&sort=reason&page=3"):
        response = post(desk, QUEUE + query, name="空")
        assert response.status_code == 422
        assert "现在没有筛选条件" in text(response)
    assert not rows()


def test_filters_as_long_as_they_can_be_are_kept_and_longer_ones_refused(desk: Client) -> None:
    fits, bare = "券" * 100, "券" * 221
    assert post(desk, f"{QUEUE}?q={fits}", name="长词").status_code == 302
    response = post(desk, f"{QUEUE}?q={fits}&step={bare}", name="更长")
    assert response.status_code == 422
    assert "筛选条件太长" in text(response)
    assert [name for name, _query, _default in rows()] == ["长词"]


def test_twenty_views_are_enough(desk: Client, officer: User, office: Office) -> None:
    for n in range(saved.MOST):
        kept(officer, office, name=f"视图{n}")
    response = post(desk, f"{QUEUE}?view=late", name="再一个")
    assert response.status_code == 422
    assert "最多保存 20 个视图" in text(response)
    assert len(rows()) == 20
    saved.delete_view(SavedView.objects.all()[0], by=officer)
    assert post(desk, f"{QUEUE}?view=late", name="再一个").status_code == 302


def test_a_form_sent_twice_keeps_one_view(desk: Client) -> None:
    form = {"_token": new_token(), "name": "逾期"}
    urls = [desk.post(f"{QUEUE}?view=late", form).url for _again in range(2)]  # type: ignore[attr-defined]
    assert urls == ["/desk/trial/?view=late"] * 2
    assert len(rows()) == 1


# --- The default -----------------------------------------------------------------------------


def test_a_bare_queue_opens_with_the_default_and_all_shows_all(desk: Client, officer: User, office: Office) -> None:
    open_case(number="SB-1", amount="700.00")
    kept(officer, office, is_default=True)
    response = desk.get(QUEUE)
    assert (response.status_code, response["Location"]) == (302, "/desk/trial/?most=300")
    page = desk.get(f"{QUEUE}?most=300")
    assert not page.context["rows"]
    assert page.context["tabs"][0]["url"] == "?view=all"
    assert 'href="?view=all">清除筛选' in text(page)
    assert page.context["chips"][0]["url"] == "?view=all"
    assert len(desk.get(f"{QUEUE}?view=all").context["rows"]) == 1


def test_without_a_default_a_bare_queue_shows_all(desk: Client, officer: User, office: Office) -> None:
    kept(officer, office)
    assert desk.get(QUEUE).status_code == 200


def test_one_default_takes_the_place_of_the_other(desk: Client, officer: User, office: Office) -> None:
    kept(officer, office, is_default=True)
    post(desk, f"{QUEUE}?view=late", name="逾期", is_default="on")
    assert sorted(rows()) == [("大额", "most=300", False), ("逾期", "view=late", True)]


def test_a_default_is_of_one_queue_and_one_person(desk: Client, client: Client, officer: User, office: Office) -> None:
    kept(officer, office, is_default=True)
    other = Subject(**{**vars(trial.SUBJECT), "key": "second", "model": User})
    subjects.register(other)
    try:
        assert desk.get("/desk/second/").status_code == 200
    finally:
        subjects.unregister(other)
    client.force_login(cast.make_officer(name="李审核员", office=office))
    assert client.get(QUEUE).status_code == 200


def test_another_office_of_the_same_person_has_views_of_its_own(desk: Client, officer: User, office: Office) -> None:
    kept(officer, office)
    second = cast.make_office("bureau", cast.OTHER_COUNTY, name="另一科技局", rights=(RIGHT,))
    officer.groups.add(second.group)
    kept(officer, second, query="view=mine")
    desk.post("/role/", {"role": f"office:{second.pk}"})
    assert [view.query for view in desk.get(f"{QUEUE}?view=all").context["saved"].views] == ["view=mine"]


# --- Changed and deleted ---------------------------------------------------------------------


def test_a_view_gets_another_name_and_becomes_the_default(desk: Client, officer: User, office: Office) -> None:
    view = kept(officer, office)
    url = f"{QUEUE}views/{view.pk}/"
    assert 'value="大额"' in text(desk.get(url))
    response = post(desk, url, name="小额", is_default="on")
    assert response.url == "/desk/trial/?most=300"
    assert rows() == [("小额", "most=300", True)]
    post(desk, url, name="小额")
    assert rows() == [("小额", "most=300", False)]


def test_a_view_may_keep_its_name_and_take_no_others(desk: Client, officer: User, office: Office) -> None:
    view = kept(officer, office)
    kept(officer, office, name="逾期", query="view=late")
    url = f"{QUEUE}views/{view.pk}/"
    assert post(desk, url, name="大额").status_code == 302
    response = post(desk, url, name="逾期")
    assert response.status_code == 422
    assert "已有名为“逾期”的视图" in text(response)
    assert 'value="逾期"' in text(response)
    assert sorted(name for name, _query, _default in rows()) == ["大额", "逾期"]


def test_deleting_asks_first(desk: Client, officer: User, office: Office) -> None:
    view = kept(officer, office)
    url = f"{QUEUE}views/{view.pk}/delete/"
    page = text(desk.get(url))
    assert "删除视图“大额”" in page
    assert "队列里的件不受影响" in page
    assert len(rows()) == 1
    response = post(desk, url)
    assert response.url == "/desk/trial/?view=all"
    assert not rows()
    assert post(desk, url).status_code == 404


@pytest.mark.parametrize("path", ["", "delete/"])
def test_views_of_others_are_not_there(client: Client, officer: User, office: Office, path: str) -> None:
    view = kept(officer, office)
    client.force_login(cast.make_officer(name="李审核员", office=office))
    url = f"{QUEUE}views/{view.pk}/{path}"
    assert client.get(url).status_code == 404
    assert post(client, url, name="改名").status_code == 404
    assert rows() == [("大额", "most=300", False)]


def test_the_verbs_touch_no_view_of_others(officer: User, office: Office) -> None:
    view, other = kept(officer, office), cast.make_officer(name="李审核员", office=office)
    saved.delete_view(view, by=other)
    with pytest.raises(SavedView.DoesNotExist):
        saved.change_view(view, by=other, name="改名", is_default=False)
    assert rows() == [("大额", "most=300", False)]


def test_two_colleagues_may_use_the_same_name(officer: User, office: Office) -> None:
    kept(officer, office)
    kept(cast.make_officer(name="李审核员", office=office), office)
    assert len(rows()) == 2
    with pytest.raises(Refused, match="已有名为"):
        kept(officer, office)


def test_a_name_is_words_and_no_markup(desk: Client) -> None:
    page = desk.get(post(desk, f"{QUEUE}?view=late", name="<b>急</b>").url)
    assert "&lt;b&gt;急&lt;/b&gt;" in text(page)
    assert "<b>急</b>" not in text(page)
