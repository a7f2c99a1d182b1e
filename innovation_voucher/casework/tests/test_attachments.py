"""Private files: kept once, seen only by whoever may see their object, harmless in a browser."""

import io
import threading
from dataclasses import dataclass, field

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from PIL import Image

from innovation_voucher.casework import attachments
from innovation_voucher.casework.models import Attachment, AttachmentPage, AttachmentView, NumberRow, Office
from innovation_voucher.lib.tests import files as samples
from innovation_voucher.lib.uploads import Refused, Rule
from innovation_voucher.tests import cast

from . import trial

pytestmark = pytest.mark.django_db

MB = 1024 * 1024
RULE = Rule(("pdf", "jpg", "png"), 5 * MB)


@pytest.fixture
def pdf() -> bytes:
    return samples.pdf(pages=2)


def give(obj: Office, content: bytes, *, key: str = "contract", name: str = "合同.pdf", by=None) -> Attachment:
    return attachments.attach(obj, key, name=name, data=io.BytesIO(content), rule=RULE, by=by)


@pytest.fixture
def owner(subject) -> Office:
    """What the files belong to; its members may see it."""
    return trial.make_applicant()


@pytest.fixture
def member(owner):
    user = cast.make_user()
    user.groups.add(owner.group)
    return user


# --- Keeping --------------------------------------------------------------------------------


def test_what_is_kept_says_what_it_is(owner, member, pdf) -> None:
    file = give(owner, pdf, by=member)
    assert (file.name, file.kind, file.pages, file.subject, file.uploaded_by) == ("合同.pdf", "pdf", 2, owner, member)
    with file.file.open() as stored:
        content = stored.read()
    assert (file.size, len(file.sha256)) == (len(content), 64)


def test_neither_address_nor_place_can_be_guessed(owner, pdf) -> None:
    first, second = give(owner, pdf), give(owner, pdf)
    assert first.token != second.token
    assert len(first.token) == 32
    assert first.token not in first.file.name
    assert "合同" not in first.file.name
    assert first.sha256 == second.sha256


def test_a_file_that_does_not_fit_leaves_nothing(owner) -> None:
    with pytest.raises(attachments.FileRefused, match="只支持") as refused:
        give(owner, b"GIF89a" + bytes(40))
    assert isinstance(refused.value, Refused)
    assert refused.value.message == str(refused.value)
    assert Attachment.objects.count() == 0


def test_replacing_keeps_the_old_one_for_the_record(owner, pdf) -> None:
    old = give(owner, pdf)
    attachments.remove(old, by=None)
    new = give(owner, samples.picture(), name="合同.png")
    assert attachments.files(owner) == [new]
    old.refresh_from_db()
    removed = old.removed_at
    assert removed is not None
    assert default_storage.exists(old.file.name)
    attachments.remove(old, by=None)
    old.refresh_from_db()
    assert old.removed_at == removed


def test_files_are_found_by_key_and_in_order(owner, pdf) -> None:
    contract, slip = give(owner, pdf), give(owner, samples.picture(), key="slip", name="回单.png")
    assert attachments.files(owner) == [contract, slip]
    assert attachments.files(owner, "slip") == [slip]
    assert attachments.files(owner, "other") == []


def test_many_objects_cost_one_query(owner, pdf, django_assert_num_queries) -> None:
    other, empty = trial.make_applicant("云帆另一单位"), trial.make_applicant("云帆第三单位")
    first, second = give(owner, pdf), give(other, pdf)
    with django_assert_num_queries(1):
        found = attachments.files_for([owner, other, empty])
    assert found == {owner.pk: [first], other.pk: [second], empty.pk: []}
    assert attachments.files_for([]) == {}


def test_a_document_of_our_own_is_kept_as_it_is(owner, pdf) -> None:
    file = attachments.generated(owner, "notice", name="通知书.pdf", content=pdf, by=None)
    assert (file.kind, file.pages, file.size) == ("pdf", 2, len(pdf))
    text = attachments.generated(owner, "bank", name="batch.csv", content=b"a,b", by=None)
    assert (text.kind, text.pages, text.uploaded_by) == ("csv", 0, None)


def test_copies_share_the_content_under_their_own_address(owner, member, pdf) -> None:
    kept, gone = give(owner, pdf), give(owner, pdf, key="gone")
    attachments.remove(gone, by=None)
    target = trial.make_applicant("云帆另一单位")
    (copy,) = attachments.copy_files(owner, target, by=member)
    assert (copy.file.name, copy.sha256, copy.key) == (kept.file.name, kept.sha256, "contract")
    assert copy.token != kept.token
    assert attachments.files(target) == [copy]
    attachments.remove(copy, by=member)
    assert attachments.files(owner) == [kept]


def test_the_rule_of_a_row() -> None:
    @dataclass
    class Row:
        formats: list[str] = field(default_factory=lambda: ["pdf", "jpeg"])
        max_bytes: int = 50 * MB
        strict: bool = False

    assert attachments.rule_of(Row()) == Rule(("pdf", "jpg"), 50 * MB)
    assert attachments.rule_of(Row(strict=True)) == Rule(("pdf", "jpg"), 50 * MB, below=True)


def test_the_card_of_a_file(owner, pdf) -> None:
    file = give(owner, pdf)
    file.size = 2_400_000
    card = attachments.card(file, delete_url="/x/")
    assert (card["kind"], card["meta"], card["delete_url"]) == ("PDF", "2 页，3 MB", "/x/")
    assert card["url"] == f"/files/{file.token}/"


# --- Opening --------------------------------------------------------------------------------


def open_as(user, path: str):
    """The answer, read to its end as `received`, which also closes the file."""
    client = Client()
    if user:
        client.force_login(user)
    response = client.get(path)
    response.received = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def test_a_member_gets_the_file_as_a_harmless_download(owner, member, pdf) -> None:
    file = give(owner, pdf)
    response = open_as(member, f"/files/{file.token}/")
    assert response.status_code == 200
    assert response.received.startswith(b"%PDF")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E5%90%88%E5%90%8C.pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/files/{}/", "/files/{}/pages/1/"])
def test_for_others_it_does_not_exist(owner, pdf, path: str) -> None:
    file = give(owner, pdf)
    stranger = cast.make_user()
    assert open_as(stranger, path.format(file.token)).status_code == 404
    assert open_as(stranger, path.format("0" * 32)).status_code == 404
    assert open_as(cast.make_user(is_superuser=True, is_staff=True), path.format(file.token)).status_code == 404
    assert open_as(None, path.format(file.token)).status_code == 302
    assert AttachmentPage.objects.count() == 0


def test_a_file_of_an_unknown_kind_of_object_is_nobodys(member, pdf) -> None:
    loose = NumberRow.objects.create(key="x")
    file = attachments.attach(loose, "x", name="a.pdf", data=io.BytesIO(pdf), rule=RULE, by=None)
    assert open_as(member, f"/files/{file.token}/").status_code == 404


@pytest.fixture
def loose(pdf, monkeypatch) -> Attachment:
    """A file of something that is no subject, shown to everybody but a person named 外人."""
    monkeypatch.setattr(attachments, "_owners", {})
    attachments.register_owner(NumberRow, lambda user, obj: user.name != "外人")
    row = NumberRow.objects.create(key="x")
    return attachments.attach(row, "x", name="a.pdf", data=io.BytesIO(pdf), rule=RULE, by=None)


def test_an_app_may_say_who_sees_files_of_what_is_no_subject(loose) -> None:
    assert open_as(cast.make_user(), f"/files/{loose.token}/").status_code == 200
    assert open_as(cast.make_user("外人"), f"/files/{loose.token}/").status_code == 404


def test_a_removed_file_is_gone_for_the_applicant_and_stays_for_the_reviewer(loose) -> None:
    attachments.remove(loose, by=None)
    assert open_as(cast.make_user(), f"/files/{loose.token}/").status_code == 404
    assert open_as(cast.make_officer(), f"/files/{loose.token}/").status_code == 200


def test_a_file_that_the_storage_lost_is_not_an_error_page(owner, member, pdf, caplog) -> None:
    file = give(owner, pdf)
    default_storage.delete(file.file.name)
    assert open_as(member, f"/files/{file.token}/").status_code == 404
    assert file.file.name in caplog.text


def test_only_a_reviewers_look_is_noted_and_once(loose) -> None:
    officer = cast.make_officer()
    open_as(cast.make_user(), f"/files/{loose.token}/")
    open_as(cast.make_officer(name="外人"), f"/files/{loose.token}/")
    assert not AttachmentView.objects.exists()
    open_as(officer, f"/files/{loose.token}/pages/1/")
    open_as(officer, f"/files/{loose.token}/")
    assert AttachmentView.objects.get().user == officer


# --- Page images ----------------------------------------------------------------------------


def test_pages_are_drawn_at_the_first_look(owner, member, pdf) -> None:
    file = give(owner, pdf)
    assert not AttachmentPage.objects.exists()
    response = open_as(member, f"/files/{file.token}/pages/2/")
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("inline") or "Content-Disposition" not in response
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    stored = AttachmentPage.objects.get(attachment=file, number=2)
    assert Image.open(io.BytesIO(response.received)).size == (stored.width, stored.height)
    assert file.images.count() == 2


@pytest.mark.parametrize("number", [0, 3, 99999])
def test_there_are_no_other_pages(owner, member, pdf, number: int) -> None:
    file = give(owner, pdf)
    assert attachments.page(file, number) is None
    assert open_as(member, f"/files/{file.token}/pages/{number}/").status_code == 404


def test_a_picture_is_its_own_page(owner, member) -> None:
    file = give(owner, samples.picture(size=(40, 30)), name="回单.png")
    page = attachments.page(file, 1)
    assert page is not None
    assert (page.width, page.height, page.file.name) == (40, 30, file.file.name)
    response = open_as(member, f"/files/{file.token}/pages/1/")
    assert response["Content-Type"] == "image/png"


def test_only_the_first_thirty_pages_are_drawn(owner, pdf, monkeypatch) -> None:
    monkeypatch.setattr(attachments, "_PAGE_LIMIT", 1)
    file = give(owner, pdf)
    assert attachments.page(file, 1) is not None
    assert attachments.page(file, 2) is None
    assert file.images.count() == 1


def test_a_document_that_cannot_be_drawn_has_no_pages(owner, pdf) -> None:
    file = give(owner, pdf)
    with default_storage.open(file.file.name, "wb") as stored:
        stored.write(b"%PDF-1.7 broken")
    assert attachments.page(file, 1) is None


def test_a_table_has_no_pages(owner) -> None:
    text = attachments.generated(owner, "bank", name="batch.csv", content=b"a,b", by=None)
    assert attachments.page(text, 1) is None


@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_once_draw_once(owner, pdf) -> None:
    file = give(owner, pdf)
    found, gate = [], threading.Barrier(2)

    def look() -> None:
        gate.wait(5)
        found.append(attachments.page(Attachment.objects.get(pk=file.pk), 1))
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len({page.pk for page in found}) == 1
    assert file.images.count() == 2
