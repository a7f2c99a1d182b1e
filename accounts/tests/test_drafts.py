"""Drafts of a verification in the pages: nothing typed is lost, nothing typed does harm, nobody else types."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import Organization, User, Verification
from accounts.sections import SECTIONS
from accounts.tests.conftest import ANSWERS, picture
from innovation_voucher.casework import reviews
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import HOSTILE, client_of, post, text_of

pytestmark = pytest.mark.django_db

texts = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


@pytest.fixture
def draft(applicant: Organization) -> Verification:
    return services.start_verification(applicant, by=cast.owner_of(applicant))


@pytest.fixture
def browser(applicant: Organization) -> Client:
    return client_of(cast.owner_of(applicant))


def section_url(key: str) -> str:
    return reverse("ent-cert-section", args=[key])


def kept(draft: Verification, section: str) -> dict[str, str]:
    draft.refresh_from_db()
    found: dict[str, str] = draft.answers.get(section, {})
    return found


# --- Kept -----------------------------------------------------------------------------------------


@pytest.mark.feature("ZJ-3")
@pytest.mark.parametrize("section", SECTIONS["enterprise"], ids=lambda section: str(section.key))
def test_a_right_section_leads_to_the_next(draft: Verification, browser: Client, section: Any) -> None:
    typed = {q.key: ANSWERS[q.key] for q in section.questions if q.key in ANSWERS}
    files = {q.key: SimpleUploadedFile("scan.jpg", picture().read()) for q in section.files}
    answer = browser.post(section_url(section.key), {**typed, **files, "next": "1"})
    keys = [each.key for each in SECTIONS["enterprise"]]
    place = keys.index(section.key) + 1
    wanted = section_url(keys[place]) if place < len(keys) else reverse("ent-cert-check")
    assert answer.status_code == 302
    assert answer.headers["Location"] == wanted


@pytest.mark.feature("ZJ-3")
@pytest.mark.parametrize("section", SECTIONS["enterprise"], ids=lambda section: str(section.key))
def test_an_empty_section_asks_for_each_answer(draft: Verification, browser: Client, section: Any) -> None:
    answer = browser.post(section_url(section.key), {"next": "1"})
    page = text_of(answer)
    assert answer.status_code == 422
    for question in section.questions:
        if question.required:
            assert str(question.ask) in page
            assert f'id="id_{question.key}' in page


def test_every_wrong_answer_stands_in_its_box_again(draft: Verification, browser: Client) -> None:
    wrong = {"revenue": "很多", "rd_spend": "-5", "staff": "一打"}
    page = text_of(browser.post(section_url("finance"), {**wrong, "next": "1"}))
    again = text_of(browser.get(section_url("finance")))
    for typed in wrong.values():
        assert f'value="{typed}"' in page
        assert f'value="{typed}"' in again
    assert kept(draft, "finance") == wrong


def test_a_wrong_secret_is_asked_for_again_and_shown_nowhere(draft: Verification, browser: Client) -> None:
    page = text_of(browser.post(section_url("account"), {"account_number": "62220000X1234", "next": "1"}))
    assert "8 至 32 位数字" in page
    again = text_of(browser.get(section_url("account")))
    assert 'value="62220000X1234"' not in again


def test_a_second_save_without_the_secret_keeps_it(draft: Verification, browser: Client) -> None:
    browser.post(section_url("account"), {**ANSWERS, "back": "1"})
    browser.post(section_url("account"), {"holder": "另一个户名", "account_number": "", "back": "1"})
    draft.refresh_from_db()
    assert (draft.account_number, draft.answers["account"]["holder"]) == (ANSWERS["account_number"], "另一个户名")
    assert "8765" in text_of(browser.get(section_url("account")))


def test_answers_of_one_section_leave_the_others(draft: Verification, browser: Client) -> None:
    browser.post(section_url("unit"), {"address": "示例路 9 号", "back": "1"})
    browser.post(section_url("people"), {"legal_person": "周甲", "revenue": "1", "back": "1"})
    assert kept(draft, "unit")["address"] == "示例路 9 号"
    assert kept(draft, "people")["legal_person"] == "周甲"
    assert "revenue" not in kept(draft, "people")


@texts
def test_hostile_answers_are_kept_and_shown_as_text(draft: Verification, browser: Client, text: str) -> None:
    browser.post(section_url("unit"), {"name": text, "address": text, "nature": text[:50], "back": "1"})
    assert kept(draft, "unit")["address"] == text.strip()
    for path in (section_url("unit"), reverse("ent-cert"), reverse("ent-cert-check")):
        response = browser.get(path)
        assert response.status_code == 200
        assert "<script>alert(1)" not in text_of(response)
        assert '" autofocus onfocus="alert(3)' not in text_of(response)


@pytest.mark.parametrize("key", ["name", "address", "founded_on"])
def test_a_nul_is_no_error_of_ours(draft: Verification, browser: Client, key: str) -> None:
    answer = browser.post(section_url("unit"), {"name": "云溪", key: "甲\x00乙", "next": "1"})
    assert answer.status_code == 422
    assert "\x00" not in kept(draft, "unit").get(key, "")


def test_a_nul_in_a_secret_is_no_error_of_ours(draft: Verification, browser: Client) -> None:
    assert browser.post(section_url("account"), {"account_number": "6222\x000000", "next": "1"}).status_code == 422


# --- Files ------------------------------------------------------------------------------------------


def test_an_upload_without_a_file_says_what_to_upload(draft: Verification, browser: Client) -> None:
    answer = browser.post(section_url("unit"), {"upload": "licence"})
    assert answer.status_code == 422
    assert "上传营业执照" in text_of(answer)


def test_an_empty_file_is_told_as_such(draft: Verification, browser: Client) -> None:
    answer = browser.post(section_url("unit"), {"upload": "licence", "licence": SimpleUploadedFile("a.jpg", b"")})
    assert answer.status_code == 422
    assert "文件是空的，换一份再传" in text_of(answer)


def test_a_file_under_another_s_key_is_not_kept(draft: Verification, browser: Client) -> None:
    from innovation_voucher.casework import attachments

    scan = SimpleUploadedFile("scan.jpg", picture().read())
    browser.post(section_url("people"), {"licence": scan, "id_front": scan, "back": "1"})
    assert attachments.files(draft) == []


# --- Who, and when ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["finance", "viewer"])
@pytest.mark.parametrize("name", ["ent-cert-check", "ent-cert-autofill", "ent-cert-withdraw"])
def test_readers_of_the_organization_open_no_page_that_writes(complete: Verification, role: str, name: str) -> None:
    reader = client_of(cast.make_member(complete.organization, role=role))
    for response in (reader.get(reverse(name)), post(reader, reverse(name), declared="on")):
        assert response.status_code == 403
        assert "管理员、经办人" in text_of(response)
    complete.refresh_from_db()
    assert complete.status == "draft"


def test_a_former_member_is_outside(complete: Verification) -> None:
    former = cast.make_member(complete.organization)
    former.memberships.update(active=False)
    assert client_of(former).get(reverse("ent-cert")).status_code == 403
    assert post(client_of(former), reverse("ent-cert-check"), declared="on").status_code == 403


def test_pages_of_a_verification_are_not_found_before_the_first(applicant: Organization, browser: Client) -> None:
    for name in ("ent-cert-check", "ent-cert-done", "ent-cert-autofill", "ent-cert-withdraw"):
        assert browser.get(reverse(name)).status_code == 404
    assert browser.get(section_url("unit")).status_code == 404
    assert browser.get(reverse("ent-cert")).status_code == 200


def test_a_draft_is_not_done(complete: Verification, browser: Client) -> None:
    for response in (browser.get(reverse("ent-cert-done")), browser.get(f"/ent/cert/{complete.number}/")):
        assert response.headers["Location"] == reverse("ent-cert")


def test_what_was_handed_in_is_read_and_not_written(complete: Verification, browser: Client) -> None:
    services.submit_verification(complete, by=cast.owner_of(complete.organization))
    assert complete.number in text_of(browser.get(f"/ent/cert/{complete.number}/"))
    answer = browser.post(section_url("unit"), {"address": "别处", "back": "1"})
    assert answer.status_code == 409
    assert "现在不能修改" in text_of(answer)
    complete.refresh_from_db()
    assert complete.answers["unit"]["address"] == ANSWERS["address"]


def test_the_declaration_cannot_be_walked_around(complete: Verification, browser: Client) -> None:
    assert post(browser, reverse("ent-cert-mend")).status_code == 302
    complete.refresh_from_db()
    assert complete.status == "draft"


def test_a_returned_one_has_one_page_to_mend(complete: Verification, browser: Client, officer: User) -> None:
    services.submit_verification(complete, by=cast.owner_of(complete.organization))
    task = reviews.live_case(complete).tasks.get(status="open")
    office = officer.groups.get().office
    reviews.decide(task, by=officer, office=office, decision="return", items=[("licence", "重新拍摄")])
    assert browser.get(section_url("unit")).headers["Location"] == reverse("ent-cert")
    bad = SimpleUploadedFile("a.docx", b"PK\x03\x04 nothing")
    answer = post(browser, reverse("ent-cert-mend"), licence=bad)
    assert answer.status_code == 422
    assert 'id="id_licence_error"' in text_of(answer)
    good = SimpleUploadedFile("scan.jpg", picture().read())
    assert post(browser, reverse("ent-cert-mend"), licence=good).headers["Location"] == reverse("ent-cert-done")
