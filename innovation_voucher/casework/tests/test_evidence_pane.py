"""The column of evidence beside a case: which page is shown, and where its links lead."""

import io
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from hypothesis import given, strategies as st

from accounts.models import User
from innovation_voucher.casework import attachments
from innovation_voucher.casework.desk import evidence
from innovation_voucher.casework.models import Attachment, Office
from innovation_voucher.casework.subjects import Subject
from innovation_voucher.lib.tests import files as samples
from innovation_voucher.lib.uploads import Rule
from innovation_voucher.tests import cast

from . import trial
from .examples import FEW

pytestmark = pytest.mark.django_db

RULE = Rule(("pdf", "png"), 5 * 1024 * 1024)


@pytest.fixture
def owner(subject: Subject) -> Office:
    return trial.make_applicant()


@pytest.fixture
def officer() -> User:
    return cast.make_officer(cast.COUNTY, trial.RIGHT)


def give(obj: Office, name: str = "合同.pdf", pages: int = 3, key: str = "contract") -> Attachment:
    return attachments.attach(obj, key, name=name, data=io.BytesIO(samples.pdf(pages=pages)), rule=RULE, by=None)


def text(obj: Office, name: str = "清单.txt") -> Attachment:
    """A file that has no pages to show."""
    return attachments.generated(obj, "list", name=name, content=b"1", by=None)


def shown(owner: Office, officer: User, query: str = "", subject: Subject = trial.SUBJECT) -> dict[str, Any]:
    asked = QueryDict(query)
    return evidence.pane(evidence.files_of(subject, owner, officer, asked), asked)


def test_without_files_there_is_nothing_to_show(owner: Office, officer: User) -> None:
    assert shown(owner, officer) == {"files": [], "page": None}


def test_the_first_page_of_the_first_file_is_shown(owner: Office, officer: User) -> None:
    first, second = give(owner), give(owner, "发票.pdf")
    pane = shown(owner, officer)
    assert [row["title"] for row in pane["files"]] == ["合同.pdf", "发票.pdf"]
    assert [row["current"] for row in pane["files"]] == [True, False]
    page = pane["page"]
    assert page["image_url"] == f"/files/{first.token}/pages/1/"
    assert page["original_url"] == f"/files/{first.token}/"
    assert (page["number"], page["total"], page["previous_url"]) == (1, 3, "")
    assert parse_qs(pane["files"][1]["url"][1:]) == {"file": [second.token], "page": ["1"]}


def test_a_file_without_pages_is_linked_itself_and_never_shown(owner: Office, officer: User) -> None:
    listing = text(owner)
    pane = shown(owner, officer, f"file={listing.token}")
    assert pane["page"] is None
    (row,) = pane["files"]
    assert (row["url"], row["pages"], row["current"]) == (f"/files/{listing.token}/", 0, False)
    give(owner)
    assert shown(owner, officer, f"file={listing.token}")["page"]["total"] == 3


@pytest.mark.parametrize("token", ["", "unknown", "%E5%88%B8"])
def test_a_file_that_is_not_there_is_the_first_one(owner: Office, officer: User, token: str) -> None:
    give(owner, pages=1)
    assert shown(owner, officer, f"file={token}")["page"]["total"] == 1


def test_a_file_of_another_applicant_is_not_shown(owner: Office, officer: User) -> None:
    give(owner, pages=1)
    strange = give(trial.make_applicant("他人单位"), pages=2)
    pane = shown(owner, officer, f"file={strange.token}")
    assert len(pane["files"]) == 1
    assert strange.token not in str(pane)


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("1", 1),
        ("3", 3),
        ("4", 3),
        ("0", 1),
        ("-1", 1),
        ("9999", 3),
        ("10000", 1),
        ("x", 1),
        ("", 1),
        ("２", 1),
        ("²", 1),
    ],
)
def test_a_page_out_of_range_is_the_nearest_and_nonsense_the_first(
    owner: Office, officer: User, asked: str, number: int
) -> None:
    give(owner)
    page = shown(owner, officer, f"page={asked}")["page"]
    assert page["number"] == number
    assert bool(page["previous_url"]) is (number > 1)
    assert bool(page["next_url"]) is (number < 3)


@FEW
@given(
    query=st.dictionaries(st.sampled_from(["view", "q", "step", "券"]), st.text(min_size=1, max_size=5), max_size=3),
    page=st.integers(1, 3),
)
def test_turning_pages_keeps_the_filters_of_the_queue(
    owner: Office, officer: User, query: dict[str, str], page: int
) -> None:
    file = Attachment.objects.first() or give(owner)
    asked = QueryDict(mutable=True)
    asked.update({**query, "file": file.token, "page": str(page)})
    found = evidence.pane(evidence.files_of(trial.SUBJECT, owner, officer, asked), asked)["page"]
    for url, number in ((found["previous_url"], page - 1), (found["next_url"], page + 1)):
        if url:
            assert QueryDict(url[1:]).dict() == {**query, "file": file.token, "page": str(number)}


def asked(url: str) -> dict[str, Any]:
    return QueryDict(url[1:]).dict()


def test_beyond_the_ends_of_a_file_come_its_neighbours(owner: Office, officer: User) -> None:
    first, _listing, last = give(owner, pages=2), text(owner), give(owner, "发票.pdf", 1)
    page = shown(owner, officer, f"file={first.token}&page=2")["page"]
    assert page["next_file"]
    assert asked(page["next_url"]) == {"file": last.token, "page": "1"}
    page = shown(owner, officer, f"file={last.token}")["page"]
    assert page["previous_file"]
    assert asked(page["previous_url"]) == {"file": first.token, "page": "2"}
    assert page["next_url"] == ""


@pytest.mark.parametrize(
    ("given", "turn", "following"),
    [("", 0, "1"), ("1", 1, "2"), ("2", 2, "3"), ("3", 3, None), ("4", 0, "1"), ("x", 0, "1"), ("-1", 0, "1")],
)
def test_a_page_turns_by_quarters_and_comes_round(
    owner: Office, officer: User, given: str, turn: int, following: str | None
) -> None:
    give(owner)
    page = shown(owner, officer, f"view=late&page=2&turn={given}&zoom=1")["page"]
    assert page["turn"] == turn
    found = asked(page["rotate_url"])
    assert found.get("turn") == following
    assert (found["view"], found["page"], found["zoom"]) == ("late", "2", "1")


def test_the_next_page_stands_upright_and_stays_near(owner: Office, officer: User) -> None:
    give(owner)
    page = shown(owner, officer, "turn=1&zoom=1")["page"]
    found = asked(page["next_url"])
    assert "turn" not in found
    assert found["zoom"] == "1"


def test_nearer_and_back_again(owner: Office, officer: User) -> None:
    give(owner)
    page = shown(owner, officer, "turn=1")["page"]
    assert (page["big"], asked(page["zoom_url"])["zoom"], asked(page["zoom_url"])["turn"]) == (False, "1", "1")
    page = shown(owner, officer, "zoom=1")["page"]
    assert page["big"]
    assert "zoom" not in asked(page["zoom_url"])


def test_the_size_is_that_of_the_drawn_page_and_of_a4_before(owner: Office, officer: User) -> None:
    file = give(owner, pages=1)
    before = shown(owner, officer)["page"]
    assert (before["width"], before["height"]) == (800, 1131)
    drawn = attachments.page(file, 1)
    assert drawn is not None
    after = shown(owner, officer)["page"]
    assert (after["width"], after["height"]) == (drawn.width, drawn.height)


def test_seen_is_for_each_reader_alone(owner: Office, officer: User) -> None:
    file = give(owner, pages=1)
    attachments.mark_seen(file, officer)
    colleague = cast.make_officer(cast.COUNTY, trial.RIGHT)
    assert [shown(owner, who)["files"][0]["seen"] for who in (officer, colleague)] == [True, False]


def test_removed_files_are_no_evidence(owner: Office, officer: User) -> None:
    attachments.remove(give(owner), by=None)
    assert shown(owner, officer)["files"] == []


def test_a_subject_may_name_its_evidence_itself(owner: Office, officer: User) -> None:
    own, others = give(owner), give(trial.make_applicant("签约单位"), "合同二.pdf")
    subject = Subject(**{**vars(trial.SUBJECT), "files_of": lambda obj: [others]})
    assert [row["title"] for row in shown(owner, officer, subject=subject)["files"]] == ["合同二.pdf"]
    assert own.token not in str(shown(owner, officer, subject=subject))


def test_a_return_is_pinned_to_the_files_when_the_subject_names_nothing(owner: Office) -> None:
    files = [give(owner, "合同.pdf", 1), give(owner, "合同补充.pdf", 1), give(owner, "发票.pdf", 1, key="invoice")]
    bare = Subject(**{**vars(trial.SUBJECT), "targets": None})
    assert evidence.targets_of(bare, owner, files) == [("contract", "合同补充.pdf"), ("invoice", "发票.pdf")]
    assert evidence.targets_of(trial.SUBJECT, owner, files) == [("name", "单位名称"), ("hotline", "咨询电话")]
    assert evidence.targets_of(bare, owner, []) == []
