"""Claiming on the pages where the bureau reviews: write, check, hand in, mend, take back, and the desk."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Organization, User
from innovation_voucher.casework import attachments
from innovation_voucher.casework.models import AuditRow, ReviewCase
from innovation_voucher.tests import cast
from vouchers.models import BudgetPool, Claim, Programme, QuotaAccount
from vouchers.services import claim_instantly, submit_claim
from vouchers.services.pools import set_pool

from .factories import make_programme
from .pages import client_of, post, text
from .reviewed import PURPOSE, ask, decide, drafted, in_state, make_reviewed, money, officer

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-3")]

GOOD = {"amount": "50,000", "purpose": "样机可靠性试验"}


@pytest.fixture(scope="module")
def built(kept: Path) -> tuple[Programme, Organization]:
    return make_reviewed(), cast.enterprise()


@pytest.fixture
def enterprise(request: pytest.FixtureRequest) -> Organization:
    """Beside the kept scheme its own enterprise, else a new one."""
    found: Organization = request.getfixturevalue("world")[1] if "scheme" in request.fixturenames else cast.enterprise()
    return found


@pytest.fixture
def reviewer() -> User:
    return officer()


@pytest.fixture
def client(owner: User) -> Client:
    return client_of(owner)


def picture(name: str = "方案.png") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (40, 40), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


def page(client: Client, name: str, *args: Any) -> Any:
    return client.get(reverse(name, args=args))


# --- Writing and handing in -------------------------------------------------------------------------


def test_from_the_form_over_the_check_to_the_number(client: Client, scheme: Programme, reviewer: User) -> None:
    assert "提交后由科技局审核，核定金额可能低于申领金额" in text(page(client, "ent-claim-new"))
    response = post(client, "ent-claim-new", **GOOD)
    claim = Claim.objects.get()
    assert (claim.status, claim.asked, claim.answers) == ("draft", 50_000, {"purpose": "样机可靠性试验"})
    assert response["Location"] == reverse("ent-claim-check", args=[claim.number])
    shown = text(client.get(response["Location"]))
    assert "50,000.00 元" in shown
    assert "样机可靠性试验" in shown
    response = post(client, "ent-claim-check", claim.number, agree="on")
    done = text(client.get(response["Location"]))
    assert "申领已提交" in done
    assert claim.number in done
    assert "将在 5 个工作日内审核" in done
    assert "330108科技局" in done
    assert ReviewCase.objects.get().number == claim.number


def test_without_the_promise_nothing_is_handed_in(client: Client, enterprise: Organization, scheme: Programme) -> None:
    claim = drafted(enterprise, scheme)
    before = money()
    response = post(client, "ent-claim-check", claim.number)
    assert response.status_code == 422
    assert "提交前需勾选承诺" in text(response)
    assert money() == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": ""}, "填写申领金额，单位为元"),
        ({"amount": "0"}, "申领金额要大于 0 元"),
        ({"amount": "1,5"}, "申领金额填写数字"),
        ({"purpose": ""}, "填写用途"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_lost(
    client: Client, scheme: Programme, change: dict[str, str], words: str
) -> None:
    typed = {**GOOD, **change}
    response = post(client, "ent-claim-new", **typed)
    assert response.status_code == 422
    assert words in text(response)
    html = response.content.decode()
    assert all(value in html for value in typed.values() if value)
    assert not Claim.objects.exists()


def test_a_cap_is_named_on_the_page(client: Client) -> None:
    make_reviewed(cap_claim=Decimal(20_000))
    response = post(client, "ent-claim-new", **GOOD)
    assert response.status_code == 422
    assert "申领金额最多 20,000 元（单次最多申领 20,000）" in text(response)


def test_a_second_claim_leads_to_the_one_on_its_way(
    client: Client, enterprise: Organization, scheme: Programme
) -> None:
    claim = ask(enterprise, scheme)
    shown = page(client, "ent-claim-new")
    assert f"申领 {claim.number} 还在办理（待初审）" in text(shown)
    assert reverse("ent-claim", args=[claim.number]) in shown.content.decode()
    assert b'name="amount"' not in shown.content
    post(client, "ent-claim-new", **GOOD)
    assert Claim.objects.count() == 1


def test_a_draft_is_changed_and_handed_in_later(client: Client, enterprise: Organization, scheme: Programme) -> None:
    claim = drafted(enterprise, scheme)
    assert "申领还没有提交，科技局看不到" in text(page(client, "ent-claim", claim.number))
    html = page(client, "ent-claim-edit", claim.number).content.decode()
    assert 'value="50,000.00"' in html
    assert "样机可靠性试验" in html
    response = post(client, "ent-claim-edit", claim.number, amount="40000", purpose="改做软件测试")
    assert response["Location"] == reverse("ent-claim-check", args=[claim.number])
    claim.refresh_from_db()
    assert (claim.status, claim.asked, claim.answers) == ("draft", 40_000, {"purpose": "改做软件测试"})


def test_the_history_shows_every_result(
    client: Client, enterprise: Organization, scheme: Programme, reviewer: User
) -> None:
    in_state("rejected", enterprise, scheme, reviewer)
    decide(ask(enterprise, scheme), reviewer, "approve", amount=Decimal(30_000), reason="按费用核定")
    shown = text(page(client, "ent-quota"))
    assert "我的创新券申请记录" in shown
    assert "未通过" in shown
    assert "已到账" in shown
    approved = Claim.objects.get(status="approved")
    one = text(page(client, "ent-claim", approved.number))
    assert "申领 50,000.00 元，核定 30,000.00 元" in one
    assert "审核意见：按费用核定" in one
    rejected = Claim.objects.get(status="rejected")
    assert "原因：不符合申领条件" in text(page(client, "ent-claim", rejected.number))
    assert page(client, "ent-claim-done", approved.number).status_code == 200


# --- Mending ----------------------------------------------------------------------------------------


def test_a_returned_claim_names_everything_and_opens_only_that(
    client: Client, enterprise: Organization, scheme: Programme, reviewer: User
) -> None:
    items = [("purpose", "写明检测项目和依据的标准")]
    claim = decide(ask(enterprise, scheme), reviewer, "return", items=items, reason="补正后优先办理")
    shown = text(page(client, "ent-claim", claim.number))
    assert "共 1 项需补正" in shown
    assert "写明检测项目和依据的标准" in shown
    assert "补正后优先办理" in shown
    form = page(client, "ent-claim-edit", claim.number).content.decode()
    assert 'name="amount"' not in form
    assert 'href="#id_purpose"' in form
    assert "样机可靠性试验" in form
    post(client, "ent-claim-edit", claim.number, amount="1", purpose="按标准做高低温试验")
    response = post(client, "ent-claim-check", claim.number, agree="on")
    assert response["Location"] == reverse("ent-claim-done", args=[claim.number])
    claim.refresh_from_db()
    assert (claim.status, claim.asked, claim.answers["purpose"]) == ("submitted", 50_000, "按标准做高低温试验")
    assert "第 2 次提交" in text(page(client, "ent-claim", claim.number))


@pytest.mark.parametrize("state", ["submitted", "approved", "rejected", "waitlisted"])
@pytest.mark.parametrize("name", ["ent-claim-edit", "ent-claim-check"])
def test_what_is_not_open_is_not_edited(
    client: Client, enterprise: Organization, scheme: Programme, reviewer: User, name: str, state: str
) -> None:
    claim = in_state(state, enterprise, scheme, reviewer)
    before = money()
    assert page(client, name, claim.number).status_code == 409
    assert post(client, name, claim.number, amount="1", purpose="x", agree="on").status_code == 409
    assert money() == before


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "waitlisted"])
def test_taking_back_is_asked_first(
    client: Client, enterprise: Organization, scheme: Programme, reviewer: User, state: str
) -> None:
    claim = in_state(state, enterprise, scheme, reviewer)
    before = money()
    assert "从新的提交时间算起" in text(page(client, "ent-claim-withdraw", claim.number))
    assert money() == before
    assert post(client, "ent-claim-withdraw", claim.number).status_code == 302
    claim.refresh_from_db()
    assert claim.status == "withdrawn"
    assert page(client, "ent-claim-withdraw", claim.number).status_code == 409


NAMES = ["ent-claim", "ent-claim-edit", "ent-claim-check", "ent-claim-withdraw", "ent-claim-done"]


@pytest.mark.parametrize("name", NAMES)
def test_another_organization_finds_nothing(enterprise: Organization, scheme: Programme, name: str) -> None:
    claim = drafted(enterprise, scheme)
    stranger = client_of(cast.owner_of(cast.rival()))
    before = money()
    assert page(stranger, name, claim.number).status_code == 404
    assert post(stranger, name, claim.number, agree="on").status_code in (404, 405)
    assert money() == before


@pytest.mark.parametrize("role", ["finance", "viewer"])
def test_readers_read_and_do_not_write(enterprise: Organization, scheme: Programme, role: str) -> None:
    claim = drafted(enterprise, scheme)
    reader = client_of(cast.make_member(enterprise, role=role))
    before = money()
    assert page(reader, "ent-claim", claim.number).status_code == 200
    for name in ("ent-claim-edit", "ent-claim-check", "ent-claim-withdraw"):
        assert page(reader, name, claim.number).status_code == 403
        assert post(reader, name, claim.number, amount="1", purpose="x", agree="on").status_code == 403
    assert post(reader, "ent-claim-new", **GOOD).status_code in (200, 403)
    assert money() == before


# --- Evidence ---------------------------------------------------------------------------------------


def test_files_are_kept_at_once_and_asked_for_before_handing_in(client: Client, enterprise: Organization) -> None:
    claim = drafted(enterprise, make_reviewed(evidence=True))
    response = post(client, "ent-claim-check", claim.number, agree="on")
    assert response.status_code == 422
    assert "上传实施方案，还差 1 份" in text(response)
    assert "pdf、jpg、png，每份不超过" in text(response)
    assert post(client, "ent-claim-check", claim.number, upload="plan", plan=picture()).status_code == 302
    shown = page(client, "ent-claim-check", claim.number).content.decode()
    assert "方案.png" in shown
    file = attachments.files(claim)[0]
    post(client, "ent-claim-check", claim.number, remove=file.token)
    assert attachments.files(claim) == []
    assert post(client, "ent-claim-check", claim.number, agree="on", plan=picture()).status_code == 302
    claim.refresh_from_db()
    assert (claim.status, len(attachments.files(claim))) == ("submitted", 1)


def test_a_file_that_is_not_fit_is_said_at_its_box(client: Client, enterprise: Organization) -> None:
    claim = drafted(enterprise, make_reviewed(evidence=True))
    wrong = SimpleUploadedFile("方案.png", b"no picture", "image/png")
    response = post(client, "ent-claim-check", claim.number, agree="on", plan=wrong)
    assert response.status_code == 422
    assert 'href="#id_plan"' in response.content.decode()
    assert attachments.files(claim) == []
    claim.refresh_from_db()
    assert claim.status == "draft"


def test_no_more_files_than_the_row_takes(client: Client, enterprise: Organization) -> None:
    claim = drafted(enterprise, make_reviewed(evidence=True))
    for number in range(3):
        last = post(client, "ent-claim-check", claim.number, upload="plan", plan=picture(f"{number}.png"))
    assert last.status_code == 422
    assert "最多 2 份" in text(last)
    assert len(attachments.files(claim)) == 2


def test_a_return_that_names_the_file_opens_only_the_file(
    client: Client, enterprise: Organization, reviewer: User
) -> None:
    claim = drafted(enterprise, make_reviewed(evidence=True))
    post(client, "ent-claim-check", claim.number, agree="on", plan=picture())
    claim.refresh_from_db()
    decide(claim, reviewer, "return", items=[("plan", "方案缺少进度表")])
    response = page(client, "ent-claim-edit", claim.number)
    assert response["Location"] == reverse("ent-claim-check", args=[claim.number])
    shown = client.get(response["Location"]).content.decode()
    assert "方案缺少进度表" in shown
    assert 'name="plan"' in shown
    assert post(client, "ent-claim-check", claim.number, agree="on", plan=picture("二.png")).status_code == 302
    assert [file.name for file in attachments.files(claim)] == ["方案.png", "二.png"]


def test_a_file_of_another_row_is_not_taken(client: Client, enterprise: Organization, reviewer: User) -> None:
    claim = drafted(enterprise, make_reviewed(evidence=True))
    post(client, "ent-claim-check", claim.number, agree="on", plan=picture())
    claim.refresh_from_db()
    decide(claim, reviewer, "return", items=[("amount", "核对金额")])
    kept = attachments.files(claim)
    assert b'name="plan"' not in page(client, "ent-claim-check", claim.number).content
    post(client, "ent-claim-check", claim.number, plan=picture("二.png"), upload="plan")
    assert post(client, "ent-claim-check", claim.number, remove=kept[0].token).status_code == 422
    assert attachments.files(claim) == kept


# --- The line ---------------------------------------------------------------------------------------


@pytest.mark.feature("X-3")
def test_an_empty_budget_offers_a_place_in_the_line(
    client: Client, enterprise: Organization, programme: Programme
) -> None:
    set_pool(programme, enterprise.region, Decimal(100), by=None)
    response = post(client, "ent-claim-new", amount="101", agree="on")
    html = response.content.decode()
    assert response.status_code == 422
    assert 'name="wait"' in html
    assert 'name="instead"' in html
    assert not Claim.objects.exists()
    response = post(client, "ent-claim-new", amount="101", agree="on", wait="1")
    done = text(client.get(response["Location"]))
    assert "已进入等候" in done
    assert "现在排第 1 位" in done
    assert Claim.objects.get().status == "waitlisted"
    assert BudgetPool.objects.get().budget == 100


@pytest.mark.feature("X-3")
def test_no_other_limit_offers_the_line(client: Client, programme: Programme) -> None:
    html = post(client, "ent-claim-new", amount="200001", agree="on").content.decode()
    assert 'name="wait"' not in html


@pytest.mark.feature("X-3")
def test_the_place_in_the_line_is_shown(
    client: Client, enterprise: Organization, scheme: Programme, reviewer: User
) -> None:
    claim = in_state("waitlisted", enterprise, scheme, reviewer)
    shown = text(page(client, "ent-claim", claim.number))
    assert "现在排第 1 位" in shown
    assert "等待平台" in shown


# --- Several programmes -----------------------------------------------------------------------------


def test_several_programmes_are_chosen_from_cards(client: Client, scheme: Programme) -> None:
    second = make_other()
    shown = page(client, "ent-claim-new")
    html = shown.content.decode()
    assert "选择要申领的创新券" in text(shown)
    assert "填好金额后由科技局审核" in text(shown)
    assert "填好金额即可到账" in text(shown)
    for programme in (scheme, second):
        assert f"?programme={programme.pk}" in html
    assert b'name="amount"' in client.get(reverse("ent-claim-new"), {"programme": scheme.pk}).content
    post(client, "ent-claim-new", query=f"?programme={second.pk}", amount="500", agree="on")
    assert Claim.objects.get().programme == second
    quota = text(page(client, "ent-quota"))
    assert scheme.name in quota
    assert second.name in quota


def make_other() -> Programme:
    """An instant programme beside the reviewed one."""
    return make_programme(kind="instant")


def test_a_card_says_why_it_cannot_be_claimed(client: Client, scheme: Programme, enterprise: Organization) -> None:
    make_other()
    Organization.objects.update(verified_at=None)
    assert "先完成实名认证" in text(page(client, "ent-claim-new"))


def test_the_same_form_sent_twice_hands_in_once(client: Client, enterprise: Organization, scheme: Programme) -> None:
    claim = drafted(enterprise, scheme)
    url = reverse("ent-claim-check", args=[claim.number])
    html = client.get(url).content.decode()
    token = html.split('name="_token" value="')[1].split('"')[0]
    first, second = (client.post(url, {"_token": token, "agree": "on"}) for _n in range(2))
    assert first["Location"] == second["Location"]
    assert AuditRow.objects.filter(verb="claim.submitted").count() == 1


def test_answers_and_amounts_of_others_stay_apart(
    enterprise: Organization, owner: User, scheme: Programme, programme: Programme
) -> None:
    submit_claim(enterprise, scheme, amount=Decimal(10), by=owner, answers=PURPOSE)
    claim_instantly(enterprise, programme, amount=Decimal(20), by=owner)
    assert QuotaAccount.objects.get().programme == programme
