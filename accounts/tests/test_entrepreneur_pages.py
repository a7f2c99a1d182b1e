"""An entrepreneur's whole way: sign-up without a company, ID instead of a licence, one person one account."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import Organization, User, Verification
from accounts.tests.conftest import ANSWERS, code_in, fill, last_sms, picture
from innovation_voucher.casework import reviews
from innovation_voucher.casework.models import Chain, Message
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, post, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-1", "ZO-2")]

NUMBER = "19900054321"


@pytest.fixture
def person(chain: Chain) -> Organization:
    return cast.make_organization("entrepreneur", verified=False, name="赵甲")


@pytest.fixture
def browser(person: Organization) -> Client:
    return client_of(cast.owner_of(person))


def section(key: str) -> str:
    return reverse("ent-cert-section", args=[key])


def scans() -> dict[str, Any]:
    return {key: SimpleUploadedFile(f"{key}.jpg", picture().read()) for key in ("id_front", "id_back")}


def decide(verification: Verification, officer: User, decision: str, **words: Any) -> None:
    task = reviews.live_case(verification).tasks.get(status="open")
    reviews.decide(task, by=officer, office=officer.groups.get().office, decision=decision, **words)


def test_sign_up_asks_a_person_for_no_company() -> None:
    cast.make_region()
    client, path = client_of(), f"{reverse('register-form')}?kind=entrepreneur&region={cast.COUNTY}"
    page = text_of(client.get(path))
    assert 'name="credit_code"' not in page
    assert 'name="name"' not in page
    assert "不填则用手机号登录" in page
    facts = {"person_name": "赵甲", "phone": NUMBER, "password": cast.PASSWORD, "terms": "on", "privacy": "on"}
    client.post(path, facts)
    client.post(reverse("register-code"), {"code": code_in(last_sms(f"+86{NUMBER}"))})
    made = Organization.objects.get()
    assert (made.kind, made.name, made.credit_code) == ("entrepreneur", "赵甲", None)
    assert "三步用上创新券" in text_of(client.get(reverse("ent-home")))


def test_the_three_sections_lead_to_the_bureau(person: Organization, browser: Client, officer: User) -> None:
    post(browser, reverse("ent-cert-start"))
    tasks = text_of(browser.get(reverse("ent-cert")))
    assert "1. 个人信息" in tasks
    assert "前 3 项完成后可提交" in tasks
    assert "经营与财务" not in tasks
    unit = {"name": "赵甲", "resident_id": ANSWERS["resident_id"], "address": "示例路 1 号", "next": "1"}
    assert browser.post(section("unit"), {**unit, **scans()}).headers["Location"] == section("class")
    assert browser.post(section("class"), {"class": "any", "next": "1"}).headers["Location"] == section("account")
    account = {"holder": "赵甲", "bank": "云帆银行", "account_number": ANSWERS["account_number"], "next": "1"}
    assert browser.post(section("account"), account).headers["Location"] == reverse("ent-cert-check")
    assert post(browser, reverse("ent-cert-check"), declared="on").headers["Location"] == reverse("ent-cert-done")
    assert person.verifications.get().status == "submitted"


@pytest.mark.parametrize("key", ["people", "finance", "licence"])
def test_sections_of_companies_are_not_found(person: Organization, browser: Client, key: str) -> None:
    post(browser, reverse("ent-cert-start"))
    assert browser.get(section(key)).status_code == 404
    assert browser.post(section(key), {"legal_person": "周甲"}).status_code == 404


def test_the_id_number_is_stored_masked_and_asked_for_once(person: Organization, browser: Client) -> None:
    post(browser, reverse("ent-cert-start"))
    browser.post(section("unit"), {"resident_id": ANSWERS["resident_id"], "back": "1"})
    page = text_of(browser.get(section("unit")))
    assert ANSWERS["resident_id"] not in page
    assert "不改就留空" in page
    browser.post(section("unit"), {"resident_id": "", "address": "示例路 2 号", "back": "1"})
    assert person.verifications.get().resident_id == ANSWERS["resident_id"]


def test_approval_makes_the_person_known_by_the_id(person: Organization, officer: User) -> None:
    owner = cast.owner_of(person)
    draft = fill(services.start_verification(person, by=owner), name="赵甲", holder="赵甲")
    services.submit_verification(draft, by=owner)
    decide(draft, officer, "approve")
    person.refresh_from_db()
    assert services.is_verified(person)
    assert person.resident_index
    account = services.active_bank_account(person)
    assert account is not None
    assert (account.holder, account.number) == ("赵甲", ANSWERS["account_number"])
    assert Message.objects.filter(user=owner, title="实名认证已通过，可申领额度").exists()


def test_a_used_id_number_is_refused_on_the_check_page(person: Organization, officer: User) -> None:
    owner = cast.owner_of(person)
    draft = fill(services.start_verification(person, by=owner), name="赵甲", holder="赵甲")
    services.submit_verification(draft, by=owner)
    decide(draft, officer, "approve")
    second = cast.make_organization("entrepreneur", verified=False, name="赵甲二")
    again = fill(services.start_verification(second, by=cast.owner_of(second)), name="赵甲二", holder="赵甲二")
    answer = post(client_of(cast.owner_of(second)), reverse("ent-cert-check"), declared="on")
    assert answer.status_code == 422
    assert "该身份证号已用于另一个账号的认证" in text_of(answer)
    again.refresh_from_db()
    assert again.status == "draft"


def test_a_returned_id_is_mended_in_its_own_box(person: Organization, browser: Client, officer: User) -> None:
    owner = cast.owner_of(person)
    draft = fill(services.start_verification(person, by=owner), name="赵甲", holder="赵甲")
    services.submit_verification(draft, by=owner)
    decide(draft, officer, "return", items=[("resident_id", "与证件不一致"), ("id_back", "反光，重新拍摄")])
    page = text_of(browser.get(reverse("ent-cert")))
    for words in ("共 2 项需补正", "与证件不一致", 'name="resident_id"', 'name="id_back"'):
        assert words in page
    assert 'name="address"' not in page
    other = cast.resident_id(8)
    answer = post(browser, reverse("ent-cert-mend"), resident_id=other, address="改不动的地址")
    assert answer.headers["Location"] == reverse("ent-cert-done")
    draft.refresh_from_db()
    assert (draft.resident_id, draft.answers["unit"]["address"]) == (other, ANSWERS["address"])


def test_the_registry_of_companies_offers_a_person_nothing(person: Organization, browser: Client) -> None:
    post(browser, reverse("ent-cert-start"))
    assert "暂时取不到工商信息" in text_of(browser.get(reverse("ent-cert-autofill")))


def test_the_account_page_of_a_person_names_no_credit_code(person: Organization, browser: Client) -> None:
    page = text_of(browser.get(reverse("security")))
    assert "统一社会信用代码" not in page
    assert "认证通过后启用" in page
