"""Pages of lists and objections under hostile and careless hands: forms, files, look-ups, the table for offices."""

import csv
import io
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import HOSTILE
from redemption import services
from redemption.models import Objection, Publicity, Redemption
from redemption.tests import notices
from redemption.tests.pages import client_for, post, text_of
from vouchers.models import Programme

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-8"), pytest.mark.feature("JS-13")]

FORMULA = "=HYPERLINK(0)+cmd"
SAID = {"name": "于同学", "contact": "199 0000 0001", "words": "合同日期早于申领日期"}


@pytest.fixture
def programme() -> Programme:
    return notices.make_programme()


@pytest.fixture(scope="module")
def built(kept: Path) -> Publicity:
    programme = notices.make_programme()
    return notices.opened(programme, notices.approved(programme))


@pytest.fixture
def publicity(built: Publicity) -> Publicity:
    return deepcopy(built)


@pytest.fixture
def by() -> User:
    return notices.publisher("严答复")


def raised(client: Client, publicity: Publicity, **values: Any) -> Any:
    row = publicity.redemptions.get()
    said = {"row": row.number, **SAID, **values}
    return post(client, reverse("objection-new", args=[publicity.number]), **said)


# --- The form of an objection ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"row": "DF-2000-000001"}, "从列出的选项中选择"),
        ({"row": "' OR 1=1 --"}, "从列出的选项中选择"),
        ({"name": "长" * 51}, "50"),
        ({"words": "长" * 2001}, "2000"),
        ({"name": "于\0同学"}, "空字符"),
        ({"contact": "- -"}, "填写能联系到您的手机号或电子邮箱"),
        ({"contact": "不留"}, "填写能联系到您的手机号或电子邮箱"),
        ({"contact": "12345"}, "填写能联系到您的手机号或电子邮箱"),
        ({"words": "   "}, "填写异议内容"),
    ],
)
def test_what_does_not_fit_is_said_and_stops_nothing(
    client: Client, publicity: Publicity, values: dict[str, str], words: str
) -> None:
    response = raised(client, publicity, **values)
    assert response.status_code == 422
    assert words in text_of(response)
    assert not Objection.objects.exists()
    assert notices.state(publicity.redemptions.get()) == "in_publicity"


@pytest.mark.parametrize(
    "contact", ["xiehui@example.org", "0571-8888 1234", "１９９００００００００１", "+86 19900000001"]
)
def test_a_number_or_an_address_in_any_writing_is_taken(client: Client, publicity: Publicity, contact: str) -> None:
    assert raised(client, publicity, contact=contact).status_code == 302
    found = Objection.objects.get()
    assert services.find_answered(found.number, f" {contact.upper()} ") == found


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_hostile_words_are_kept_as_they_are_and_shown_as_text(
    client: Client, publicity: Publicity, by: User, kind: str
) -> None:
    words = HOSTILE[kind]
    assert raised(client, publicity, words=words, name=words[:20]).status_code == 302
    found = Objection.objects.get()
    assert (found.words, found.name) == (words, words[:20].strip())
    page = client_for(by).get(reverse("desk-objection", args=[found.number]))
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    assert words[:10] not in client.get(reverse("publicity", args=[publicity.number])).content.decode()


def test_what_was_typed_comes_back_escaped(client: Client, publicity: Publicity) -> None:
    page = raised(client, publicity, name="", words=HOSTILE["markup"]).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize(
    ("name", "data"),
    [("证明.pdf", b"MZ\x90\x00not a pdf"), ("证明.png", b""), ("证明", b"%PDF-1.4"), ("a.html", b"<p>")],
)
def test_a_file_that_is_none_leaves_no_objection(client: Client, publicity: Publicity, name: str, data: bytes) -> None:
    response = raised(client, publicity, evidence=SimpleUploadedFile(name, data))
    assert response.status_code == 422
    assert SAID["words"] in response.content.decode()
    assert not Objection.objects.exists()
    assert notices.state(publicity.redemptions.get()) == "in_publicity"


def test_reading_the_form_raises_nothing(client: Client, publicity: Publicity) -> None:
    url = reverse("objection-new", args=[publicity.number])
    before = AuditRow.objects.count()
    for query in ({"row": publicity.redemptions.get().number}, {"row": '"><script>alert(1)</script>'}, SAID):
        page = client.get(url, query)
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
    assert (Objection.objects.count(), AuditRow.objects.count()) == (0, before)


@pytest.mark.parametrize("number", ["GS-2000-000001", "0", "-", "GS_2026"])
def test_a_list_that_is_none_does_not_exist(client: Client, number: str) -> None:
    for name in ("publicity", "objection-new"):
        assert client.get(reverse(name, args=[number])).status_code == 404


# --- The look-up ----------------------------------------------------------------------------------


@pytest.mark.parametrize("contact", ["于同学", "199", "19900000001%", "-", "*", "19900000001\u200b"])
def test_a_wrong_contact_reads_nothing(client: Client, publicity: Publicity, by: User, contact: str) -> None:
    found = notices.objection(publicity)
    services.dismiss_objection(found, by=by, office=None, answer="只给提出人看")
    response = client.post(reverse("objection-answer"), {"number": found.number, "contact": contact})
    page = text_of(response)
    assert response.status_code == 422
    assert "没有找到。核对异议编号和当时填写的联系方式。" in page
    assert "只给提出人看" not in page
    assert found.words not in page


def test_the_look_up_is_no_way_to_guess_contacts(client: Client, publicity: Publicity) -> None:
    found, url = notices.objection(publicity), reverse("objection-answer")
    guesses = [{"number": found.number, "contact": f"1990000{number:04d}"} for number in range(2, 22)]
    assert {client.post(url, guess).status_code for guess in guesses} == {422}
    right = client.post(url, {"number": found.number, "contact": "19900000001"})
    assert right.status_code == 429
    assert found.words not in text_of(right)


def test_the_number_alone_is_kept_in_no_address(client: Client, publicity: Publicity) -> None:
    response = raised(client, publicity)
    number = Objection.objects.get().number
    assert number not in response["Location"]
    assert client.get(reverse("objection-answer"), {"number": number, "contact": "19900000001"}).status_code == 200
    assert "正在核实" not in text_of(client.get(reverse("objection-answer"), {"number": number}))


# --- The table for offices ------------------------------------------------------------------------


def table(client: Client, publicity: Publicity) -> list[list[str]]:
    response = client.get(reverse("publicity-csv", args=[publicity.number]))
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def hostile_list(programme: Programme) -> Publicity:
    firm = cast.make_organization(name=FORMULA)
    return notices.opened(programme, notices.approved(programme, organization=firm))


def test_a_name_that_is_a_formula_is_text_in_the_table(programme: Programme, by: User) -> None:
    publicity = hostile_list(programme)
    heads, row = table(client_for(by), publicity)
    assert row[:3] == ["1", f"'{FORMULA}", f"'{FORMULA}"]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in [*heads, *row])
    assert [cell.replace(",", "") for cell in row[-2:]] == ["18000.00", "14000.00"]
    assert publicity.rows.get().payee == FORMULA


def test_a_draft_has_no_table_and_a_closed_list_has(publicity: Publicity, by: User) -> None:
    client, draft = client_for(by), notices.draft(publicity.programme)
    assert client.get(reverse("publicity-csv", args=[draft.number])).status_code == 404
    services.close_publicity(publicity, day=notices.noon(publicity, 1).date())
    assert len(table(client, publicity)) == 2


@pytest.mark.parametrize("role", ["nobody", "payee", "expert"])
def test_the_table_is_for_offices(client: Client, publicity: Publicity, role: str) -> None:
    payee = publicity.redemptions.get().payee
    person = {"payee": cast.owner_of(payee), "expert": cast.make_user("某人")}.get(role)
    response = (client_for(person) if person else client).get(reverse("publicity-csv", args=[publicity.number]))
    assert response.status_code == 403
    assert response["Content-Type"].startswith("text/html")
    assert "14000" not in response.content.decode().replace(",", "")


# --- The desk -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values", [{"rows": ["DF-2000-000001"]}, {"title": "长" * 101}, {"title": " "}, {"rows": ["' OR 1=1"]}]
)
def test_a_list_over_what_does_not_wait_is_not_drawn_up(programme: Programme, by: User, values: dict[str, Any]) -> None:
    row = notices.approved(programme)
    url = reverse("desk-publicity-new", args=[cast.COUNTY, programme.pk])
    response = post(client_for(by), url, **{"title": "名单", "rows": [row.number], **values})
    assert response.status_code == 422
    assert not Publicity.objects.exists()
    assert notices.state(row) == "approved"


@pytest.mark.parametrize("values", [{"outcome": "pay"}, {"outcome": ""}, {"answer": " "}, {"answer": "长" * 2001}])
def test_an_answer_that_does_not_fit_moves_nothing(publicity: Publicity, by: User, values: dict[str, str]) -> None:
    found = notices.objection(publicity)
    url = reverse("desk-objection", args=[found.number])
    response = post(client_for(by), url, **{"outcome": "dismiss", "answer": "已核对", **values})
    assert response.status_code == 422
    assert Objection.objects.get().status == "received"
    assert notices.state(Redemption.objects.get()) == "contested"


def test_the_second_of_two_officers_reads_that_it_was_answered(publicity: Publicity, by: User) -> None:
    found, client = notices.objection(publicity), client_for(by)
    services.dismiss_objection(found, by=notices.publisher("先到"), office=None, answer="已核对")
    url = reverse("desk-objection", args=[found.number])
    response = post(client, url, outcome="reject", answer="不实")
    assert response.status_code in (409, 422)
    assert "这件异议已答复：不成立" in text_of(response)
    assert notices.state(found.redemption) == "in_publicity"
