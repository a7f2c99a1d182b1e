"""Claiming with a stamped form on the pages: choose the class, fill in, download, stamp, upload."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Organization
from innovation_voucher.casework import attachments
from innovation_voucher.lib.crypto import decrypt
from innovation_voucher.lib.pdf import page_count
from innovation_voucher.tests import cast
from vouchers.claim_documents import claim_form
from vouchers.models import Claim, Programme
from vouchers.services import draft_claim

from . import stamped as js
from .pages import client_of, post, text
from .reviewed import decide, money

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-5")]


@pytest.fixture(scope="module")
def built(kept: Path) -> tuple[Programme, Organization]:
    return js.load(), js.firm()


@pytest.fixture
def firm(world: tuple[Programme, Organization]) -> Organization:
    return world[1]


@pytest.fixture
def client(firm: Organization) -> Client:
    return client_of(cast.owner_of(firm))


def scan(name: str = "盖章表.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, js.picture().read(), "image/png")


def get(client: Client, name: str, *args: Any, query: str = "") -> Any:
    return client.get(reverse(name, args=args) + query)


def asked_as(scheme: Programme, class_key: str) -> str:
    return f"?programme={scheme.pk}&class={class_key}"


def typed(scheme: Programme, firm: Organization, class_key: str, **changes: Any) -> dict[str, Any]:
    return js.answers_for(scheme, firm, class_key, **changes)


# --- Which class ------------------------------------------------------------------------------------


@pytest.mark.feature("JS-4")
def test_several_classes_are_offered_with_what_each_brings(client: Client, scheme: Programme) -> None:
    page = text(get(client, "ent-claim-new"))
    assert "选择申领资格" in page
    for words in ("高新技术企业", "在孵企业", "人才企业", "年度额度 100,000.00 元", "科技主管部门审核后到账"):
        assert words in page
    assert "科技型中小企业" not in page


@pytest.mark.feature("JS-4")
def test_a_listed_firm_is_offered_the_class_of_its_list(client: Client, firm: Organization, scheme: Programme) -> None:
    js.enlist(firm)
    page = text(get(client, "ent-claim-new"))
    assert "科技型中小企业" in page
    assert "上传盖章表后即时到账" in page


@pytest.mark.feature("JS-4")
@pytest.mark.parametrize("class_key", ["listed_sme", "unheard"])
def test_a_class_that_one_does_not_have_opens_no_form(client: Client, scheme: Programme, class_key: str) -> None:
    page = text(get(client, "ent-claim-new", query=asked_as(scheme, class_key)))
    assert "暂不能申领额度" in page


# --- The form ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("class_key", "own", "foreign"),
    [
        ("high_tech", "证书发证年月", "入驻的孵化器名称"),
        ("incubated", "入驻的孵化器名称", "人才姓名"),
        ("talent", "人才姓名", "证书发证年月"),
    ],
)
def test_each_class_has_its_form_in_sections(
    client: Client, scheme: Programme, class_key: str, own: str, foreign: str
) -> None:
    page = text(get(client, "ent-claim-new", query=asked_as(scheme, class_key)))
    assert page.index("基本信息") < page.index("资格信息") < page.index("企业账户信息")
    assert own in page
    assert foreign not in page
    assert "申领金额" not in page


def test_what_is_known_is_filled_in(client: Client, firm: Organization, scheme: Programme) -> None:
    html = get(client, "ent-claim-new", query=asked_as(scheme, "talent")).content.decode()
    assert f'value="{firm.name}"' in html
    assert f'value="{firm.credit_code}"' in html
    assert f'value="{cast.owner_of(firm).name}"' in html


def test_a_draft_is_kept_with_what_was_typed(client: Client, scheme: Programme) -> None:
    response = post(
        client, "ent-claim-new", query=asked_as(scheme, "talent"), staff="25", legal_id="G12345678", save="1"
    )
    claim = Claim.objects.get()
    assert response.url == reverse("ent-claim", args=[claim.number])
    assert claim.answers["staff"] == 25
    assert decrypt(claim.answers["legal_id"]) == "G12345678"
    html = get(client, "ent-claim-edit", claim.number).content.decode()
    assert 'value="25"' in html
    assert "已保存，不填则不变" in html
    assert "G12345678" not in html


def test_a_secret_that_is_not_typed_again_stays(client: Client, firm: Organization, scheme: Programme) -> None:
    claim = draft_claim(
        firm, scheme, by=cast.owner_of(firm), answers={"legal_id": "kept", "staff": 1}, class_key="talent"
    )
    post(client, "ent-claim-edit", claim.number, staff="30", save="1")
    claim.refresh_from_db()
    assert (claim.answers["legal_id"], claim.answers["staff"]) == ("kept", 30)


def test_a_form_with_gaps_comes_back_with_everything_in_it(client: Client, scheme: Programme) -> None:
    response = post(client, "ent-claim-new", query=asked_as(scheme, "talent"), staff="25", talent="某人")
    assert response.status_code == 422
    html = response.content.decode()
    assert 'value="25"' in html
    assert 'value="某人"' in html
    assert "填写员工人数" not in html
    assert "填写人才计划/项目名称" in html
    assert not Claim.objects.exists()


@pytest.mark.feature("JS-4")
@pytest.mark.parametrize(
    ("class_key", "changes", "words"),
    [
        ("talent", {"revenue": "400000001"}, "上年度营业收入不超过 400,000,000 元的单位才能申领"),
        ("high_tech", {"certificate_month": "2010-01"}, "证书须在 36 个月内取得"),
    ],
)
def test_a_rule_is_said_beside_its_field(
    client: Client, firm: Organization, scheme: Programme, class_key: str, changes: dict[str, str], words: str
) -> None:
    data = typed(scheme, firm, class_key, **changes)
    response = post(client, "ent-claim-new", query=asked_as(scheme, class_key), **data)
    assert response.status_code == 422
    field = next(iter(changes))
    assert words in response.context["form"][field].errors[0]
    assert not Claim.objects.exists()


def test_last_years_answers_are_offered_again(client: Client, firm: Organization, scheme: Programme) -> None:
    claim = js.drafted(firm, scheme, "talent", talent="沈某", legal_id="secret-1")
    post(client, "ent-claim-withdraw", claim.number)
    html = get(client, "ent-claim-new", query=asked_as(scheme, "talent")).content.decode()
    assert 'value="沈某"' in html
    assert "secret-1" not in html


# --- From the form to the account --------------------------------------------------------------------


@pytest.mark.feature("JS-6")
def test_from_the_form_over_the_stamp_to_the_quota(client: Client, firm: Organization, scheme: Programme) -> None:
    js.enlist(firm)
    response = post(client, "ent-claim-new", query=asked_as(scheme, "listed_sme"), **typed(scheme, firm, "listed_sme"))
    claim = Claim.objects.get()
    assert response.url == reverse("ent-claim-check", args=[claim.number])
    for key in ("credit_certificate", "financial_statement"):
        assert post(client, "ent-claim-check", claim.number, upload=key, **{key: scan()}).status_code == 302
    page = text(get(client, "ent-claim-check", claim.number))
    assert "确认，去下载申领表" in page
    assert "盖章的申领表" not in page
    response = post(client, "ent-claim-check", claim.number, agree="on")
    assert response.url == reverse("claim-stamp", args=[claim.number])
    page = text(client.get(response.url))
    assert "上传后系统即时核对名单" in page
    assert "前上传，逾期申领失效" in page
    response = post(client, "claim-stamp", claim.number, scan=scan())
    assert response.url == reverse("ent-claim-done", args=[claim.number])
    page = text(client.get(response.url))
    assert "额度已到账" in page
    assert "100,000.00 元" in page


def test_a_reviewed_claim_says_who_decides(client: Client, firm: Organization, scheme: Programme) -> None:
    js.bureau()
    claim = js.to_stamp(firm, scheme, "talent")
    assert "待上传盖章表" in text(get(client, "ent-claim", claim.number))
    response = post(client, "claim-stamp", claim.number, scan=scan())
    assert "申领已提交" in text(client.get(response.url))
    claim.refresh_from_db()
    assert claim.status == "submitted"


def test_without_a_file_the_page_asks_for_it(client: Client, firm: Organization, scheme: Programme) -> None:
    claim = js.to_stamp(firm, scheme, "talent")
    before = money()
    response = post(client, "claim-stamp", claim.number)
    assert response.status_code == 422
    assert "上传盖章的申领表" in text(response)
    assert money() == before


def test_a_broken_file_is_refused_with_its_reason(client: Client, firm: Organization, scheme: Programme) -> None:
    claim = js.to_stamp(firm, scheme, "talent")
    response = post(client, "claim-stamp", claim.number, scan=SimpleUploadedFile("表.png", b"no picture"))
    assert response.status_code == 422
    assert attachments.files(claim, js.SCAN) == []


def test_a_stamp_page_is_there_only_while_a_stamp_is_awaited(
    client: Client, firm: Organization, scheme: Programme
) -> None:
    claim = js.drafted(firm, scheme, "talent")
    assert get(client, "claim-stamp", claim.number).status_code == 409
    assert get(client, "claim-form-pdf", claim.number).status_code == 409
    assert client_of(cast.owner_of(js.firm())).get(reverse("claim-stamp", args=[claim.number])).status_code == 404


@pytest.mark.slow
def test_the_form_on_paper_holds_every_answer(client: Client, firm: Organization, scheme: Programme) -> None:
    claim = js.to_stamp(firm, scheme, "incubated")
    response = get(client, "claim-form-pdf", claim.number)
    assert response["Content-Type"] == "application/pdf"
    assert claim.number in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    assert page_count(response.content) >= 1


def test_the_form_on_paper_shows_what_pages_hide(
    firm: Organization, scheme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = js.to_stamp(firm, scheme, "incubated", legal_id="passport-7")
    written: list[str] = []
    monkeypatch.setattr("vouchers.claim_documents.render_html", lambda html: written.append(html) or b"")
    claim_form(claim)
    for words in (
        "在孵企业",
        "入驻的孵化器名称",
        "企业账户信息",
        firm.name,
        claim.number,
        "passport-7",
        "单位（盖章）",
    ):
        assert words in written[0]


def test_a_viewer_may_not_download_the_form(firm: Organization, scheme: Programme) -> None:
    claim = js.to_stamp(firm, scheme, "talent")
    viewer = cast.make_member(firm, role="viewer")
    assert client_of(viewer).get(reverse("claim-form-pdf", args=[claim.number])).status_code == 403


def test_a_returned_answer_leads_to_a_new_stamp(client: Client, firm: Organization, scheme: Programme) -> None:
    claim = js.stamped(js.to_stamp(firm, scheme, "talent"))
    decide(claim, js.bureau(), "return", items=[("staff", "与报表不一致")])
    assert "与报表不一致" in text(get(client, "ent-claim-edit", claim.number))
    post(client, "ent-claim-edit", claim.number, staff="31")
    response = post(client, "ent-claim-check", claim.number, agree="on")
    assert response.url == reverse("claim-stamp", args=[claim.number])
    claim.refresh_from_db()
    assert (claim.status, claim.answers["staff"], claim.asked) == ("awaiting_stamp", 31, Decimal(100_000))


@pytest.mark.feature("JS-6")
def test_the_desk_reads_class_and_answers(firm: Organization, scheme: Programme) -> None:
    claim = js.stamped(js.to_stamp(firm, scheme, "talent"))
    page = text(client_of(js.bureau()).get(reverse("desk-case", args=["claim", claim.number])))
    for words in ("申领资格", "人才企业", "人才计划/项目名称", "盖章表.png"):
        assert words in page
