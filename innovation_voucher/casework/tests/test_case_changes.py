"""What a new round changed: every declared value and every file against the round before."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts.models import User
from innovation_voucher.casework import attachments, reviews, subjects
from innovation_voucher.casework.models import Attachment, Office, ReviewCase
from innovation_voucher.casework.reviews.rounds import Change, changes
from innovation_voucher.tests import cast

from . import trial
from .trial import RIGHT, make_chain, open_case, open_task

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-2")]

NUMBER = "SB-2026-000001"
URL = f"/desk/trial/{NUMBER}/"


@pytest.fixture(autouse=True)
def telling() -> Iterator[None]:
    """The trial subject that declares hotline and name of the office under review."""
    told = lambda obj: [("咨询电话", obj.hotline), ("单位名称", obj.name)]  # noqa: E731
    subjects.register(subjects.Subject(**{**vars(trial.SUBJECT), "answers": told}))
    yield
    subjects.unregister(trial.SUBJECT)


@pytest.fixture
def officer() -> User:
    return cast.make_officer(cast.COUNTY, RIGHT)


@pytest.fixture
def case() -> ReviewCase:
    make_chain()
    return open_case(number=NUMBER)


def attach(case: ReviewCase, name: str, content: str = "", key: str = "name") -> Attachment:
    digest = hashlib.sha256((content or name).encode()).hexdigest()
    return Attachment.objects.create(
        key=key,
        subject=case.subject,
        token=hashlib.sha256(f"{name}{content}".encode()).hexdigest()[:32],
        name=name,
        kind="pdf",
        size=1,
        sha256=digest,
        pages=1,
        file=f"attachments/{name}",
        uploaded_at=timezone.now(),
    )


def again(case: ReviewCase, officer: User, mend: Any = None, **values: str) -> ReviewCase:
    """Returned, mended by new values and by what `mend` does, and handed in once more."""
    reviews.decide(open_task(case), by=officer, office=None, decision="return", items=[("", "补充")])
    Office.objects.filter(pk=case.subject_id).update(**values)
    if mend:
        mend()
    reviews.resubmit(Office.objects.get(pk=case.subject_id), by=None)
    return ReviewCase.objects.get(pk=case.pk)


def test_a_first_round_has_nothing_to_compare(case: ReviewCase, officer: User, client: Client) -> None:
    assert changes(case) is None
    client.force_login(officer)
    assert "改动（" not in client.get(URL).content.decode()


def test_only_what_changed_is_listed_old_beside_new(case: ReviewCase, officer: User) -> None:
    assert changes(again(case, officer, hotline="0571-12345")) == [Change("咨询电话", "", "0571-12345")]


def test_each_round_is_compared_with_the_one_before_it(case: ReviewCase, officer: User) -> None:
    again(case, officer, hotline="1")
    assert changes(again(case, officer, hotline="2")) == [Change("咨询电话", "1", "2")]
    third = again(case, officer)
    assert (third.round, changes(third)) == (4, [])


def test_a_file_added_replaced_or_removed_is_a_change(case: ReviewCase, officer: User) -> None:
    added = again(case, officer, lambda: attach(case, "证书.pdf"))
    assert changes(added) == [Change("单位名称", case.applicant, f"{case.applicant}、证书.pdf")]
    old = Attachment.objects.get()

    def replace() -> None:
        attachments.remove(old, by=None)
        attach(case, "证书.pdf", content="另一份")

    (same_name,) = changes(again(case, officer, replace)) or []
    assert same_name.again
    attachments.remove(Attachment.objects.get(removed_at=None), by=None)
    (gone,) = changes(again(case, officer)) or []
    assert (gone.after, gone.again) == (case.applicant, False)


def test_a_file_of_no_known_field_stands_under_its_key(case: ReviewCase, officer: User) -> None:
    found = changes(again(case, officer, lambda: attach(case, "合同.pdf", key="contract")))
    assert found == [Change("contract", "", "合同.pdf")]


def test_the_page_shows_old_and_new(case: ReviewCase, officer: User, client: Client) -> None:
    again(case, officer, hotline="0571-12345", name="新名称")
    client.force_login(officer)
    page = client.get(URL).content.decode()
    assert "第 2 次提交" in page
    assert f"<del>{case.applicant}</del>" in page
    assert "<ins>新名称</ins>" in page
    assert "<ins>0571-12345</ins>" in page
    assert "没有改动" not in page


def test_a_round_without_a_change_says_so(case: ReviewCase, officer: User, client: Client) -> None:
    again(case, officer)
    client.force_login(officer)
    page = client.get(URL).content.decode()
    assert "与上次提交相比没有改动。" in page
    assert "<del>" not in page


def test_a_case_from_before_answers_were_kept_shows_no_comparison(
    case: ReviewCase, officer: User, client: Client
) -> None:
    ReviewCase.objects.update(answers=[])
    assert changes(again(case, officer, hotline="1")) is None
    client.force_login(officer)
    assert "改动（" not in client.get(URL).content.decode()


def test_labels_are_kept_in_the_language_of_the_site(officer: User) -> None:
    make_chain()
    with translation.override("en"):
        case = open_case(number="SB-2026-000009")
    assert [row[0] for row in case.answers] == ["咨询电话", "单位名称"]


def test_hostile_words_stay_words(case: ReviewCase, officer: User, client: Client) -> None:
    again(case, officer, hotline="<script>x</script>")
    client.force_login(officer)
    assert "<script>x" not in client.get(URL).content.decode()
