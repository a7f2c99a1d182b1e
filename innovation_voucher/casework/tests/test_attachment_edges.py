"""Kept files at their edges: names, sizes, copies, many pages, broken content."""

import hashlib
import io
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.storage import default_storage

from innovation_voucher.casework import attachments
from innovation_voucher.casework.models import Attachment, AttachmentPage, AttachmentView, Office
from innovation_voucher.lib.tests import files as samples
from innovation_voucher.lib.uploads import Refused as UploadRefused, Rule
from innovation_voucher.tests import cast

from . import trial

pytestmark = pytest.mark.django_db

MB = 1024 * 1024
RULE = Rule(("pdf", "png"), MB)


@pytest.fixture
def owner(subject: Any) -> Office:
    return trial.make_applicant()


def give(obj: Office, content: bytes, name: str = "合同.pdf", rule: Rule = RULE, key: str = "contract") -> Attachment:
    return attachments.attach(obj, key, name=name, data=io.BytesIO(content), rule=rule, by=None)


def made(obj: Office, name: str, content: bytes = b"1") -> Attachment:
    return attachments.generated(obj, "made", name=name, content=content, by=None)


# --- What is taken --------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A row of evidence with the limit right at a file's size."""

    max_bytes: int
    strict: bool
    formats: tuple[str, ...] = ("png",)


@pytest.mark.parametrize(
    ("over", "strict", "taken"),
    [(0, False, True), (0, True, False), (1, True, True), (-1, False, False), (1, False, True)],
)
def test_a_file_as_large_as_the_limit_passes_unless_it_must_be_smaller(
    owner: Office, over: int, strict: bool, taken: bool
) -> None:
    content = samples.picture("PNG")
    rule = attachments.rule_of(Row(len(content) + over, strict))
    if taken:
        assert give(owner, content, "图.png", rule).kind == "png"
        return
    with pytest.raises(attachments.FileRefused):
        give(owner, content, "图.png", rule)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.pdf", b""),
        ("文字.pdf", b"plain text"),
        ("图片.pdf", samples.picture("PNG")[:20]),
        ("合同.exe", b"MZ\x90\x00"),
        ("合同", b"%PDF-1.4"),
        ("合同.pdf", b"%PDF-1.4 cut off"),
    ],
)
def test_what_is_not_taken_leaves_neither_row_nor_file(owner: Office, name: str, content: bytes) -> None:
    with pytest.raises(attachments.FileRefused) as refused:
        give(owner, content, name)
    assert refused.value.code == "file"
    assert isinstance(refused.value, UploadRefused)
    assert str(refused.value.message).strip()
    assert not Attachment.objects.exists()
    assert not default_storage.exists("attachments")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.png", "C:\\temp\\图.png", "图\n.png", "a" * 300 + ".png", "．．／图.png"]
)
def test_a_strange_name_never_becomes_a_place(owner: Office, name: str) -> None:
    file = give(owner, samples.picture("PNG"), name)
    assert file.file.name.startswith("attachments/")
    assert ".." not in file.file.name
    assert len(file.name) <= 200
    assert "\n" not in file.name
    assert file.name.endswith(".png")


# --- Documents of our own -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "pages"),
    [("批次.xlsx", "xlsx", 0), ("清单.CSV", "csv", 0), ("无后缀", "无后缀", 0), ("a.b.TXT", "txt", 0)],
)
def test_a_document_of_ours_is_kept_byte_for_byte(owner: Office, name: str, kind: str, pages: int) -> None:
    file = made(owner, name, b"\x00\x01\xff")
    with file.file.open() as stored:
        assert stored.read() == b"\x00\x01\xff"
    assert (file.kind, file.pages, file.size) == (kind, pages, 3)
    assert file.sha256 == hashlib.sha256(b"\x00\x01\xff").hexdigest()


def test_a_pdf_of_ours_knows_its_pages(owner: Office) -> None:
    assert made(owner, "凭证.pdf", samples.pdf(pages=3)).pages == 3


# --- Cards, copies, finding -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "pages", "size", "meta"),
    [
        ("pdf", 2, 1024, "2 页，1 KB"),
        ("png", 1, 1024, "1 KB"),
        ("xlsx", 0, 5 * MB, "5 MB"),
    ],
)
def test_a_card_says_pages_of_documents_and_the_size_of_all(
    owner: Office, kind: str, pages: int, size: int, meta: str
) -> None:
    file = made(owner, "某.txt")
    file.kind, file.pages, file.size = kind, pages, size
    card = attachments.card(file, replace_url="/r/", delete_url="/d/")
    assert card["meta"] == meta
    assert (card["kind"], card["replace_url"], card["delete_url"]) == (kind.upper(), "/r/", "/d/")
    assert card["url"] == f"/files/{file.token}/"


def test_a_copy_is_removed_without_the_original(owner: Office) -> None:
    give(owner, samples.picture("PNG"), "图.png")
    target = trial.make_applicant("另一单位")
    (copy,) = attachments.copy_files(owner, target, by=None)
    attachments.remove(copy, by=None)
    assert (len(attachments.files(owner)), attachments.files(target)) == (1, [])
    assert attachments.copy_files(target, owner, by=None) == []


def test_files_of_nothing_are_nothing(owner: Office, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert attachments.files_for([]) == {}
    assert attachments.files(owner) == []
    assert attachments.files(owner, "contract") == []


def test_a_file_of_another_kind_of_object_with_the_same_number_is_not_mixed_up(owner: Office) -> None:
    region = cast.make_region()
    file = attachments.generated(region, "map", name="图.txt", content=b"1", by=None)
    Attachment.objects.filter(pk=file.pk).update(subject_id=owner.pk)
    assert attachments.files(owner) == []


# --- Pages ----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [-1, 0, 2, 10**9])
def test_a_picture_has_one_page_only(owner: Office, number: int) -> None:
    file = give(owner, samples.picture("PNG", size=(30, 20)), "图.png")
    assert attachments.page(file, number) is None
    page = attachments.page(file, 1)
    assert page is not None
    assert (page.width, page.height, page.file.name) == (30, 20, file.file.name)


def test_a_document_that_breaks_has_no_page_and_stores_none(owner: Office) -> None:
    file = made(owner, "坏.txt", b"%PDF broken")
    Attachment.objects.filter(pk=file.pk).update(kind="pdf", pages=1)
    file.refresh_from_db()
    assert attachments.page(file, 1) is None
    assert not AttachmentPage.objects.exists()


def test_a_table_that_claims_a_page_has_none(owner: Office) -> None:
    file = made(owner, "表.xlsx")
    Attachment.objects.filter(pk=file.pk).update(pages=1)
    file.refresh_from_db()
    assert attachments.page(file, 1) is None


def test_looking_again_draws_nothing_anew(owner: Office) -> None:
    file = give(owner, samples.pdf(pages=2))
    first, again = attachments.page(file, 2), attachments.page(file, 2)
    assert first == again
    assert AttachmentPage.objects.count() == 2


def test_a_look_is_noted_once_for_each_reader(owner: Office) -> None:
    file = give(owner, samples.picture("PNG"), "图.png")
    readers = [cast.make_user(), cast.make_user()]
    for reader in [*readers, *readers]:
        attachments.mark_seen(file, reader)
    assert sorted(AttachmentView.objects.values_list("user", flat=True)) == sorted(r.pk for r in readers)
