"""The pages of real-name verification, walked as people walk them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import services
from accounts.models import Verification
from accounts.tests.conftest import ANSWERS, fill, picture, token_of
from innovation_voucher.casework import reviews
from innovation_voucher.casework.models import ReviewTask
from innovation_voucher.tests import cast

State = Verification.State
UNIT = {key: ANSWERS[key] for key in ("name", "address", "nature", "founded_on")}


@pytest.fixture
def browser(applicant, signed_in):
    return signed_in(cast.owner_of(applicant))


def page(client, name, *args):
    return client.get(reverse(name, args=args))


def section_url(key):
    return reverse("ent-cert-section", args=[key])


def returned(complete, officer, *items):
    services.submit_verification(complete, by=cast.owner_of(complete.organization))
    task = ReviewTask.objects.get(status="open")
    reviews.decide(task, by=officer, office=officer.groups.get().office, decision="return", items=items)
    complete.refresh_from_db()
    return complete


@pytest.mark.feature("ZJ-3")
@pytest.mark.django_db
def test_newcomer_starts_from_the_three_steps(applicant, browser):
    home = page(browser, "ent-home")
    assert "三步用上创新券" in home.content.decode()
    assert applicant.verifications.count() == 0
    answer = browser.post(reverse("ent-cert-start"), {"_token": token_of(home)})
    assert answer.url == reverse("ent-cert")
    tasks = page(browser, "ent-cert").content.decode()
    assert "1. 单位信息" in tasks
    assert "前 5 项完成后可提交" in tasks


@pytest.mark.django_db
def test_start_without_a_token_changes_nothing(applicant, browser):
    assert browser.post(reverse("ent-cert-start")).status_code == 422
    assert applicant.verifications.count() == 0


@pytest.mark.feature("ZJ-3")
@pytest.mark.django_db
def test_section_with_mistakes_is_kept_and_named(applicant, browser):
    services.start_verification(applicant, by=cast.owner_of(applicant))
    answer = browser.post(section_url("unit"), {**UNIT, "founded_on": "昨天", "next": "1"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "错误：单位信息" in text
    assert text.count("日期写成 2020-05-06 这样") == 2
    assert 'value="昨天"' in text
    assert applicant.verifications.get().answers["unit"]["founded_on"] == "昨天"


@pytest.mark.django_db
def test_save_and_return_keeps_half_a_section(applicant, browser):
    services.start_verification(applicant, by=cast.owner_of(applicant))
    answer = browser.post(section_url("unit"), {"address": "示例路 9 号", "back": "1"})
    assert answer.url == reverse("ent-cert")
    assert applicant.verifications.get().answers["unit"]["address"] == "示例路 9 号"


@pytest.mark.django_db
def test_file_is_saved_at_once_with_the_other_answers(applicant, browser):
    services.start_verification(applicant, by=cast.owner_of(applicant))
    scan = SimpleUploadedFile("执照.jpg", picture().read())
    answer = browser.post(section_url("unit"), {"address": "示例路 9 号", "upload": "licence", "licence": scan})
    assert answer.url == section_url("unit")
    text = browser.get(section_url("unit")).content.decode()
    assert "执照.jpg" in text
    assert "换一份" in text
    assert 'value="示例路 9 号"' in text


@pytest.mark.django_db
def test_file_of_a_wrong_kind_is_refused_and_the_text_kept(applicant, browser):
    services.start_verification(applicant, by=cast.owner_of(applicant))
    bad = SimpleUploadedFile("licence.docx", b"PK\x03\x04 no picture")
    answer = browser.post(section_url("unit"), {"address": "示例路 9 号", "upload": "licence", "licence": bad})
    assert answer.status_code == 422
    assert 'id="id_licence_error"' in answer.content.decode()
    assert applicant.verifications.get().answers["unit"]["address"] == "示例路 9 号"


@pytest.mark.feature("ZO-2")
@pytest.mark.django_db
def test_secrets_are_masked_on_every_page(chain, signed_in, officer):
    person = cast.make_organization("entrepreneur", verified=False, name="赵甲")
    owner = cast.owner_of(person)
    draft = fill(services.start_verification(person, by=owner), name="赵甲", holder="赵甲")
    client = signed_in(owner)
    pages = [section_url("unit"), section_url("account"), reverse("ent-cert-check")]
    texts = [client.get(url).content.decode() for url in pages]
    services.submit_verification(draft, by=owner)
    texts += [page(client, name).content.decode() for name in ("ent-cert", "ent-cert-done", "ent-cert-history")]
    texts.append(signed_in(officer).get(reverse("desk-case", args=["verification", draft.number])).content.decode())
    for text in texts:
        assert ANSWERS["resident_id"] not in text
        assert ANSWERS["account_number"] not in text
    assert "8765" in texts[1]
    assert ANSWERS["resident_id"][-2:] in texts[0]


@pytest.mark.feature("ZJ-3")
@pytest.mark.django_db
def test_check_page_hands_in_once(complete, browser):
    check = page(browser, "ent-cert-check")
    posted = {"_token": token_of(check), "declared": "on"}
    first = browser.post(reverse("ent-cert-check"), posted)
    second = browser.post(reverse("ent-cert-check"), posted)
    assert first.url == second.url == reverse("ent-cert-done")
    complete.refresh_from_db()
    assert complete.status == State.SUBMITTED
    done = page(browser, "ent-cert-done").content.decode()
    assert complete.number in done
    assert "将在 5 个工作日内审核" in done


@pytest.mark.django_db
def test_without_the_declaration_nothing_is_handed_in(complete, browser):
    check = page(browser, "ent-cert-check")
    answer = browser.post(reverse("ent-cert-check"), {"_token": token_of(check)})
    assert answer.status_code == 422
    assert "勾选声明" in answer.content.decode()
    complete.refresh_from_db()
    assert complete.status == State.DRAFT


@pytest.mark.feature("ZJ-3")
@pytest.mark.django_db
def test_returned_page_shows_the_pinned_fields_only(complete, browser, officer):
    returned(complete, officer, ("licence", "印章看不清，重新拍摄"), ("revenue", "与财务报表不一致"))
    text = page(browser, "ent-cert").content.decode()
    assert "共 2 项需补正" in text
    assert 'name="licence"' in text
    assert 'name="revenue"' in text
    assert 'name="rd_spend"' not in text
    assert 'name="address"' not in text
    assert "其余 3 项不用改" in text


@pytest.mark.django_db
def test_mending_hands_in_the_second_time(complete, browser, officer):
    returned(complete, officer, ("revenue", "与财务报表不一致"))
    form = page(browser, "ent-cert")
    typed = {"_token": token_of(form), "revenue": "32,000,000.00", "rd_spend": "1"}
    answer = browser.post(reverse("ent-cert-mend"), typed)
    assert answer.url == reverse("ent-cert-done")
    complete.refresh_from_db()
    assert complete.status == State.SUBMITTED
    assert complete.answers["finance"]["revenue"] == "32,000,000.00"
    assert complete.answers["finance"]["rd_spend"] == ANSWERS["rd_spend"]
    assert "第 2 次提交" in page(browser, "ent-cert").content.decode()


@pytest.mark.django_db
def test_mending_with_a_mistake_keeps_it_and_stays_returned(complete, browser, officer):
    returned(complete, officer, ("revenue", "与财务报表不一致"))
    form = page(browser, "ent-cert")
    answer = browser.post(reverse("ent-cert-mend"), {"_token": token_of(form), "revenue": "很多"})
    assert answer.status_code == 422
    assert "金额只写数字" in answer.content.decode()
    complete.refresh_from_db()
    assert (complete.status, complete.answers["finance"]["revenue"]) == (State.RETURNED, "很多")


@pytest.mark.django_db
def test_saving_for_later_stays_returned(complete, browser, officer):
    returned(complete, officer, ("revenue", "与财务报表不一致"))
    form = page(browser, "ent-cert")
    answer = browser.post(reverse("ent-cert-mend"), {"_token": token_of(form), "revenue": "1", "later": "1"})
    assert answer.url == reverse("ent-cert")
    complete.refresh_from_db()
    assert (complete.status, complete.answers["finance"]["revenue"]) == (State.RETURNED, "1.00")


@pytest.mark.django_db
def test_withdrawing_asks_first(complete, browser):
    asked = page(browser, "ent-cert-withdraw")
    complete.refresh_from_db()
    assert complete.status == State.DRAFT
    browser.post(reverse("ent-cert-withdraw"), {"_token": token_of(asked)})
    complete.refresh_from_db()
    assert complete.status == State.WITHDRAWN
    assert "重新发起" in page(browser, "ent-cert").content.decode()


@pytest.mark.django_db
def test_receipt_is_a_pdf_for_what_was_handed_in(complete, browser):
    number = complete.number
    assert page(browser, "ent-cert-receipt", number).status_code == 404
    services.submit_verification(complete, by=cast.owner_of(complete.organization))
    receipt = page(browser, "ent-cert-receipt", number)
    assert receipt.content.startswith(b"%PDF")
    assert number in receipt["Content-Disposition"]


# --- Who may come here --------------------------------------------------------------------------


@pytest.mark.django_db
def test_another_organization_finds_nothing(complete, signed_in):
    services.submit_verification(complete, by=cast.owner_of(complete.organization))
    stranger = signed_in(cast.owner_of(cast.rival()))
    for name in ("ent-cert-one", "ent-cert-receipt"):
        assert page(stranger, name, complete.number).status_code == 404


@pytest.mark.django_db
def test_a_viewer_reads_but_is_told_who_writes(complete, signed_in):
    viewer = signed_in(cast.make_member(complete.organization, role="viewer"))
    assert page(viewer, "ent-cert").status_code == 200
    refused = viewer.post(section_url("unit"), {"address": "别处", "back": "1"})
    assert refused.status_code == 403
    assert "经办人" in refused.content.decode()
    complete.refresh_from_db()
    assert complete.answers["unit"]["address"] == ANSWERS["address"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["ent-home", "ent-cert", "ent-cert-check", "ent-cert-history", "security"])
def test_strangers_are_led_to_the_sign_in(client, name):
    answer = page(client, name)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.django_db
def test_an_officer_has_no_verification_of_their_own(signed_in, officer):
    assert page(signed_in(officer), "ent-cert").status_code == 403


@pytest.mark.django_db
def test_unknown_section_is_not_found(applicant, browser):
    services.start_verification(applicant, by=cast.owner_of(applicant))
    assert browser.get(section_url("nothing")).status_code == 404
