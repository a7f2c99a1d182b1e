"""Pages of public lists and objections: everybody's, and those of the desk."""

from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from innovation_voucher.casework import attachments
from innovation_voucher.casework.models import ReviewCase
from innovation_voucher.lib.tests import files
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Objection, Publicity
from redemption.tests import notices
from redemption.tests.pages import client_for, post, text_of
from vouchers.models import Programme

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-8"), pytest.mark.feature("JS-13")]

SAID = {"name": "于同学", "contact": "199 0000 0001", "words": "合同日期早于申领日期"}


@pytest.fixture
def programme() -> Programme:
    return notices.make_programme()


@pytest.fixture(scope="module")
def built(kept: Path) -> Publicity:
    return notices.opened(notices.make_programme())


@pytest.fixture
def publicity(built: Publicity) -> Publicity:
    return deepcopy(built)


@pytest.fixture
def by() -> User:
    return notices.publisher("严答复")


def form_of(publicity: Publicity, **values: Any) -> dict[str, Any]:
    row = publicity.redemptions.order_by("pk").first()
    assert row is not None
    return {"row": row.number, **SAID, **values}


def raised(client: Client, publicity: Publicity, **values: Any) -> Any:
    return post(client, reverse("objection-new", args=[publicity.number]), **form_of(publicity, **values))


# --- For everybody ------------------------------------------------------------------------------


def test_everybody_reads_who_is_paid_how_much(client: Client, publicity: Publicity) -> None:
    listed = text_of(client.get(reverse("publicity-list")))
    page = text_of(client.get(reverse("publicity", args=[publicity.number])))
    assert publicity.title in listed
    assert "22,000.00" in listed
    for row in publicity.rows.all():
        assert row.payee in page
        assert row.carrier in page
        assert f"{row.amount:,.2f}" in page
    assert "提出异议" in page


def test_a_draft_is_nobodys_outside(client: Client, programme: Programme) -> None:
    draft = notices.draft(programme)
    assert draft.title not in text_of(client.get(reverse("publicity-list")))
    for name in ("publicity", "objection-new"):
        assert client.get(reverse(name, args=[draft.number])).status_code == 404


def test_the_list_is_filtered_by_region_scheme_and_state(client: Client, publicity: Publicity) -> None:
    url = reverse("publicity-list")
    for asked, shown in (
        ({"region": cast.COUNTY}, True),
        ({"programme": publicity.programme_id, "state": "open"}, True),
        ({"state": "closed"}, False),
        ({"region": "nowhere"}, True),
    ):
        assert (publicity.title in text_of(client.get(url, asked))) is shown


def test_a_closed_list_says_so_and_takes_nothing(client: Client, publicity: Publicity) -> None:
    assert publicity.closes_on is not None
    services.close_publicity(publicity, day=publicity.closes_on.replace(year=publicity.closes_on.year + 1))
    page = text_of(client.get(reverse("publicity", args=[publicity.number])))
    assert "公示期已结束" in page
    response = raised(client, publicity)
    assert response.status_code == 422
    assert "公示期已结束" in text_of(response)
    assert not Objection.objects.exists()


def test_offices_take_the_rows_along_and_others_do_not(publicity: Publicity, by: User) -> None:
    url = reverse("publicity-csv", args=[publicity.number])
    response = client_for(by).get(url)
    assert response["Content-Type"].startswith("text/csv")
    assert response.content.decode("utf-8-sig").count("\r\n") == 3
    row = publicity.redemptions.first()
    assert row is not None
    assert client_for(cast.owner_of(row.payee)).get(url).status_code == 403


# --- Objecting ----------------------------------------------------------------------------------


def test_anybody_objects_and_gets_a_number(client: Client, publicity: Publicity) -> None:
    response = raised(client, publicity)
    found = Objection.objects.get()
    assert response["Location"] == reverse("objection-done")
    done = client.get(reverse("objection-done"))
    assert found.number in text_of(done)
    assert SAID["contact"] not in done.content.decode()
    page = text_of(client.get(reverse("publicity", args=[publicity.number])))
    assert "异议处理中" in page
    assert found.name not in page


def test_without_an_objection_there_is_no_number(client: Client) -> None:
    assert client.get(reverse("objection-done"))["Location"] == reverse("objection-answer")


@pytest.mark.parametrize("missing", ["row", "name", "contact", "words"])
def test_what_is_missing_is_named_and_nothing_typed_is_lost(client: Client, publicity: Publicity, missing: str) -> None:
    response = raised(client, publicity, **{missing: ""})
    assert response.status_code == 422
    kept = next(value for key, value in SAID.items() if key != missing)
    assert kept in response.content.decode()
    assert not Objection.objects.exists()


def test_a_file_is_kept_with_it_or_neither(client: Client, publicity: Publicity) -> None:
    bad = SimpleUploadedFile("证明.exe", b"MZ")
    assert raised(client, publicity, evidence=bad).status_code == 422
    assert not Objection.objects.exists()
    good = BytesIO(files.pdf())
    good.name = "证明.pdf"
    assert raised(client, publicity, evidence=good).status_code == 302
    assert [file.name for file in attachments.files(Objection.objects.get())] == ["证明.pdf"]


def test_the_same_form_twice_is_one_objection(client: Client, publicity: Publicity) -> None:
    url = reverse("objection-new", args=[publicity.number])
    body = {"_token": "x" * 43, **form_of(publicity)}
    assert {client.post(url, body).status_code for _again in range(2)} == {302}
    assert Objection.objects.count() == 1


def test_many_objections_from_one_place_are_slowed_down(client: Client, publicity: Publicity) -> None:
    codes = [raised(client, publicity, name=f"第{number}人").status_code for number in range(11)]
    assert codes == [302] * 10 + [429]
    assert Objection.objects.count() == 10


def test_the_answer_is_read_with_number_and_contact(client: Client, publicity: Publicity, by: User) -> None:
    found = notices.objection(publicity)
    url = reverse("objection-answer")
    asked = {"number": found.number, "contact": "19900000001"}
    assert "正在核实" in text_of(client.post(url, asked))
    services.dismiss_objection(found, by=by, office=None, answer="已核对原件，日期无误。")
    assert "已核对原件" in text_of(client.post(url, asked))
    wrong = client.post(url, {**asked, "contact": "19900000002"})
    unknown = client.post(url, {**asked, "number": "YY-2000-000009"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert "没有找到" in text_of(wrong)
    assert "没有找到" in text_of(unknown)


# --- The desk -----------------------------------------------------------------------------------


def test_a_list_is_drawn_up_and_opened_at_the_desk(programme: Programme, by: User) -> None:
    row, client = notices.approved(programme), client_for(by)
    assert "起草公示" in text_of(client.get(reverse("desk-publicity")))
    new = reverse("desk-publicity-new", args=[cast.COUNTY, programme.pk])
    page = client.get(new)
    assert row.number in text_of(page)
    empty = post(client, new, title="", rows=[])
    assert empty.status_code == 422
    made = post(client, new, title="拟兑付名单", rows=[row.number])
    publicity = Publicity.objects.get()
    one = reverse("desk-publicity-one", args=[publicity.number])
    assert made["Location"] == one
    assert "发布公示" in text_of(client.get(one))
    assert post(client, one)["Location"] == one
    assert Publicity.objects.get().status == "open"
    assert row.payee.name in text_of(client.get(one))
    assert post(client, one).status_code == 403


def test_what_lies_elsewhere_does_not_exist_at_the_desk(publicity: Publicity) -> None:
    client = client_for(notices.publisher("外县", region_code=cast.OTHER_COUNTY))
    found = notices.objection(publicity)
    for name, args in (
        ("desk-publicity-one", [publicity.number]),
        ("desk-publicity-new", [cast.COUNTY, publicity.programme.pk]),
        ("desk-objection", [found.number]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 404
    assert publicity.title not in text_of(client.get(reverse("desk-publicity")))
    assert found.number not in text_of(client.get(reverse("desk-objections")))


def test_who_may_not_publish_reads_who_can(programme: Programme) -> None:
    client = client_for(cast.make_officer(cast.COUNTY, "review_claim", name="只审"))
    response = client.get(reverse("desk-publicity-new", args=[cast.COUNTY, programme.pk]))
    assert response.status_code == 403
    assert "发布公示" in text_of(response)


@pytest.mark.parametrize(
    ("outcome", "state", "redemption"),
    [("dismiss", "dismissed", "in_publicity"), ("review", "upheld", "in_review"), ("reject", "upheld", "rejected")],
)
def test_an_officer_answers(publicity: Publicity, by: User, outcome: str, state: str, redemption: str) -> None:
    found, client = notices.objection(publicity), client_for(by)
    url = reverse("desk-objection", args=[found.number])
    page = client.get(url)
    assert found.words in text_of(page)
    assert found.contact not in page.content.decode()
    assert post(client, url, outcome=outcome, answer="").status_code == 422
    assert post(client, url, outcome=outcome, answer="已核对。")["Location"] == reverse("desk-objections")
    found.refresh_from_db()
    assert (found.status, notices.state(found.redemption)) == (state, redemption)
    assert found.number in text_of(client.get(reverse("desk-objections"), {"tab": "done"}))


def test_who_decided_on_the_redemption_reads_that_another_answers(publicity: Publicity, by: User) -> None:
    found = notices.objection(publicity)
    decider = ReviewCase.objects.get(subject_id=found.redemption_id).tasks.get().decided_by
    decider.groups.add(by.groups.get())
    client, url = client_for(decider), reverse("desk-objection", args=[found.number])
    assert "由另一人答复" in text_of(client.get(url))
    assert post(client, url, outcome="dismiss", answer="好").status_code == 403
    assert Objection.objects.get().status == "received"
