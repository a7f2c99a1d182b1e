"""What a verification shows of its answers: every section, masked, in each state and for each kind."""

from typing import Any

import pytest
from django.urls import reverse

from accounts import answers, pages
from accounts.models import Organization, Verification
from accounts.sections import CLASSES, SECTIONS, questions_of
from accounts.services import save_section, start_verification, submit_verification, withdraw_verification
from accounts.tests.conftest import ANSWERS, fill
from innovation_voucher.casework.models import Chain
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, text_of

pytestmark = pytest.mark.django_db

KINDS = ("enterprise", "entrepreneur", "carrier")
kinds = pytest.mark.parametrize("kind", KINDS)


def filled(kind: str, **changed: str) -> Verification:
    organization = cast.make_organization(kind, verified=False, name=ANSWERS["name"])
    return fill(start_verification(organization, by=cast.owner_of(organization)), **changed)


def rows_of(verification: Verification) -> dict[str, Any]:
    return {row.key: row for part in pages.summaries(verification) for row in part["rows"]}


def page_of(verification: Verification, name: str = "ent-cert", *args: Any) -> str:
    return text_of(client_of(cast.owner_of(verification.organization)).get(reverse(name, args=args)))


# --- The rows -----------------------------------------------------------------------------------


@kinds
def test_every_question_has_one_row_in_the_order_of_the_form(chain: Chain, kind: str) -> None:
    summaries = pages.summaries(filled(kind))
    assert [part["section"] for part in summaries] == list(SECTIONS[kind])
    assert [row.key for part in summaries for row in part["rows"]] == list(questions_of(kind))


@kinds
def test_the_account_shows_its_last_four_digits_only(chain: Chain, kind: str) -> None:
    shown = rows_of(filled(kind))["account_number"].value
    assert shown.endswith("8765")
    assert ANSWERS["account_number"] not in shown
    assert "*" in shown


def test_the_id_number_of_a_person_hides_the_day_of_birth(chain: Chain) -> None:
    shown = rows_of(filled("entrepreneur"))["resident_id"].value
    assert ANSWERS["resident_id"] != shown
    assert ANSWERS["resident_id"][6:14] not in shown
    assert len(shown) == 18


@pytest.mark.parametrize(
    "key", ["name", "address", "nature", "founded_on", "legal_person", "handler", "revenue", "staff"]
)
def test_a_plain_answer_is_shown_as_it_was_given(complete: Verification, key: str) -> None:
    assert rows_of(complete)[key].value == ANSWERS[key]


@pytest.mark.parametrize(("code", "words"), CLASSES)
def test_a_class_is_shown_in_words(complete: Verification, code: str, words: str) -> None:
    section = next(s for s in SECTIONS["enterprise"] if s.key == "class")
    save_section(complete, section, {"class": code}, by=cast.owner_of(complete.organization))
    complete.refresh_from_db()
    assert rows_of(complete)["class"].value == words


def test_a_file_is_a_card_and_a_text_is_none(complete: Verification) -> None:
    rows = rows_of(complete)
    assert rows["licence"].file
    assert rows["name"].file is None


@kinds
def test_a_fresh_draft_shows_what_is_known_and_hides_nothing_that_is_not_there(chain: Chain, kind: str) -> None:
    organization = cast.make_organization(kind, verified=False, name="新芽材料有限公司")
    draft = start_verification(organization, by=cast.owner_of(organization))
    rows = rows_of(draft)
    known = cast.owner_of(organization).name if kind == "entrepreneur" else organization.name
    assert rows["holder"].value == known
    assert "*" not in rows["account_number"].value
    assert not any(row.file for row in rows.values())


def test_a_secret_is_in_the_values_for_checking_and_nowhere_in_the_stored_answers(complete: Verification) -> None:
    account = SECTIONS["enterprise"][-1]
    assert answers.values_of(complete, account)["account_number"] == ANSWERS["account_number"]
    assert ANSWERS["account_number"] not in str(complete.answers)


# --- Gaps and the list of tasks -----------------------------------------------------------------


@kinds
def test_a_filled_draft_lacks_nothing_and_leads_to_the_check(chain: Chain, kind: str) -> None:
    verification = filled(kind)
    listed = pages.task_list(verification)
    assert answers.gaps(verification) == {}
    assert listed["done"] == listed["total"] == len(SECTIONS[kind])
    assert listed["following"]["url"] == reverse("ent-cert-check")


@kinds
def test_a_fresh_draft_leads_to_its_first_section_and_closes_the_last_task(chain: Chain, kind: str) -> None:
    organization = cast.make_organization(kind, verified=False)
    listed = pages.task_list(start_verification(organization, by=cast.owner_of(organization)))
    assert listed["following"]["url"] == reverse("ent-cert-section", args=[SECTIONS[kind][0].key])
    assert listed["tasks"][-1]["url"] == ""
    assert str(listed["total"]) in listed["tasks"][-1]["hint"]


@pytest.mark.parametrize(
    ("section", "key"),
    [("unit", "address"), ("people", "legal_person"), ("finance", "rd_spend"), ("account", "bank")],
)
def test_one_emptied_answer_opens_its_section_again(complete: Verification, section: str, key: str) -> None:
    found = next(s for s in SECTIONS["enterprise"] if s.key == section)
    values = {**answers.values_of(complete, found), key: ""}
    save_section(complete, found, values, by=cast.owner_of(complete.organization))
    complete.refresh_from_db()
    listed = pages.task_list(complete)
    assert set(answers.gaps(complete)) == {key}
    assert listed["following"]["url"] == reverse("ent-cert-section", args=[section])
    assert listed["done"] == listed["total"] - 1


@pytest.mark.parametrize("number", range(1, 6))
def test_a_section_says_which_of_how_many_it_is(complete: Verification, number: int) -> None:
    section = SECTIONS["enterprise"][number - 1]
    text = page_of(complete, "ent-cert-section", section.key)
    assert f"第 {number} 项，共 5 项" in text
    assert f">{section.title}</h1>" in text


def test_a_check_page_with_a_gap_names_it(chain: Chain, applicant: Organization) -> None:
    draft = start_verification(applicant, by=cast.owner_of(applicant))
    text = page_of(draft, "ent-cert-check")
    assert f"还有 {len(answers.gaps(draft))} 项没有填好" in text
    assert "上传营业执照" in text


def test_a_check_page_without_gaps_names_none(complete: Verification) -> None:
    assert "没有填好" not in page_of(complete, "ent-cert-check")


# --- The page of each state ---------------------------------------------------------------------


@pytest.fixture
def waiting(complete: Verification) -> Verification:
    submit_verification(complete, by=cast.owner_of(complete.organization))
    complete.refresh_from_db()
    return complete


def test_the_bureau_s_turn_offers_no_new_beginning(waiting: Verification) -> None:
    text = page_of(waiting)
    assert "待审核" in text
    assert reverse("ent-cert-start") not in text
    assert reverse("ent-cert-withdraw") in text


def test_what_was_withdrawn_can_be_begun_anew(waiting: Verification) -> None:
    withdraw_verification(waiting, by=cast.owner_of(waiting.organization))
    text = page_of(waiting)
    assert "已撤回" in text
    assert reverse("ent-cert-start") in text
    assert reverse("ent-cert-withdraw") not in text


def test_the_done_page_names_the_number_and_links_the_receipt(waiting: Verification) -> None:
    text = page_of(waiting, "ent-cert-done")
    assert f"<strong>{waiting.number}</strong>" in text
    assert reverse("ent-cert-receipt", args=[waiting.number]) in text


@pytest.mark.parametrize("name", ["ent-cert", "ent-cert-done", "ent-cert-withdraw"])
def test_no_page_of_what_was_handed_in_holds_the_account(waiting: Verification, name: str) -> None:
    assert ANSWERS["account_number"] not in page_of(waiting, name)


def test_pages_before_the_first_name_the_accepting_office(applicant: Organization) -> None:
    office = cast.make_office(rights=("review_verification",))
    assert pages.office_of(applicant) == office
    assert office.name in text_of(client_of(cast.owner_of(applicant)).get(reverse("ent-cert")))


# --- History and receipt ------------------------------------------------------------------------


def test_an_empty_history_leads_to_the_verification(applicant: Organization) -> None:
    text = text_of(client_of(cast.owner_of(applicant)).get(reverse("ent-cert-history")))
    assert "还没有认证记录" in text
    assert "<table" not in text


def test_the_history_lists_the_newest_first(waiting: Verification) -> None:
    owner = cast.owner_of(waiting.organization)
    withdraw_verification(waiting, by=owner)
    second = start_verification(waiting.organization, by=owner)
    text = page_of(waiting, "ent-cert-history")
    assert 0 < text.index(second.number) < text.index(waiting.number)
    assert "已撤回" in text


def test_an_old_one_is_read_at_its_own_address_and_the_open_one_at_the_common_one(waiting: Verification) -> None:
    owner = cast.owner_of(waiting.organization)
    withdraw_verification(waiting, by=owner)
    second = start_verification(waiting.organization, by=owner)
    client = client_of(owner)
    assert waiting.number in text_of(client.get(reverse("ent-cert-one", args=[waiting.number])))
    assert client.get(reverse("ent-cert-one", args=[second.number])).url == reverse("ent-cert")


def test_a_draft_has_no_receipt(complete: Verification) -> None:
    client = client_of(cast.owner_of(complete.organization))
    assert client.get(reverse("ent-cert-receipt", args=[complete.number])).status_code == 404
