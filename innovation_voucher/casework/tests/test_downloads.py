"""Files in a stranger's browser: headers that disarm them, and addresses that tell nobody anything."""

import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from innovation_voucher.casework import attachments
from innovation_voucher.casework.models import Attachment, AttachmentView, Office
from innovation_voucher.lib.tests import files as samples
from innovation_voucher.lib.uploads import Rule
from innovation_voucher.tests import cast

from . import trial

pytestmark = pytest.mark.django_db

RULE = Rule(("pdf", "jpg", "png"), 5 * 1024 * 1024)


@pytest.fixture
def owner(subject: Any) -> Office:
    return trial.make_applicant()


@pytest.fixture
def member(owner: Office) -> User:
    user = cast.make_user()
    user.groups.add(owner.group)
    return user


@pytest.fixture
def picture(owner: Office) -> Attachment:
    return give(owner, samples.picture("PNG"), "照片.png")


def give(obj: Office, content: bytes, name: str) -> Attachment:
    return attachments.attach(obj, "contract", name=name, data=io.BytesIO(content), rule=RULE, by=None)


def reader(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def fetch(client: Client, url: str) -> Any:
    """The answer with its whole content in `.body`, read to its end, which closes the file."""
    response: Any = client.get(url)
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def both(file: Attachment) -> list[str]:
    return [f"/files/{file.token}/", f"/files/{file.token}/pages/1/"]


# --- Headers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        ("pdf", "application/pdf"),
        ("png", "image/png"),
        ("jpg", "image/jpeg"),
        ("html", "application/octet-stream"),
        ("svg", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_only_known_kinds_are_named_and_nothing_can_run(
    owner: Office, member: User, kind: str, content_type: str
) -> None:
    file = attachments.generated(owner, "made", name="文件.txt", content=b"<script>alert(1)</script>", by=None)
    Attachment.objects.filter(pk=file.pk).update(kind=kind)
    response = fetch(reader(member), f"/files/{file.token}/")
    assert response["Content-Type"] == content_type
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("plain.png", 'attachment; filename="plain.png"'),
        ('a"b.png', 'attachment; filename="a\\"b.png"'),
        ("发票.png", "attachment; filename*=utf-8''%E5%8F%91%E7%A5%A8.png"),
        ("👩‍🔬.png", "attachment; filename*=utf-8''%F0%9F%91%A9%E2%80%8D%F0%9F%94%AC.png"),
    ],
)
def test_the_name_reaches_the_reader_in_any_script(
    picture: Attachment, member: User, name: str, disposition: str
) -> None:
    Attachment.objects.filter(pk=picture.pk).update(name=name)
    assert fetch(reader(member), f"/files/{picture.token}/")["Content-Disposition"] == disposition


@pytest.mark.parametrize("name", ["a\r\nSet-Cookie: x=1.png", "a\nb.png", "a;b\\c.png"])
def test_a_name_forges_no_header(picture: Attachment, member: User, name: str) -> None:
    Attachment.objects.filter(pk=picture.pk).update(name=name)
    response = fetch(reader(member), f"/files/{picture.token}/")
    assert response.status_code == 200
    assert "x" not in response.cookies
    assert not set("\r\n") & set(response["Content-Disposition"])


def test_a_page_is_shown_inside_ours_and_still_disarmed(picture: Attachment, member: User) -> None:
    response = fetch(reader(member), f"/files/{picture.token}/pages/1/")
    assert response["Content-Type"] == "image/png"
    assert "attachment" not in response.get("Content-Disposition", "")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


def test_a_page_of_a_document_is_a_picture(owner: Office, member: User) -> None:
    file = give(owner, samples.pdf(pages=1), "合同.pdf")
    response = fetch(reader(member), f"/files/{file.token}/pages/1/")
    assert response["Content-Type"] == "image/png"
    assert response.body.startswith(b"\x89PNG")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_files_are_only_read(picture: Attachment, member: User, method: str) -> None:
    for url in both(picture):
        assert getattr(reader(member), method)(url).status_code == 405
    picture.refresh_from_db()
    assert picture.removed_at is None


# --- Whose file it is -----------------------------------------------------------------------


def test_a_stranger_is_sent_to_sign_in_whether_the_file_exists_or_not(picture: Attachment) -> None:
    for url in [*both(picture), "/files/0123456789abcdef/", "/files/0123456789abcdef/pages/1/"]:
        response = fetch(reader(None), url)
        assert response.status_code == 302
        assert "next=/files/" in response["Location"]


READERS = {
    "a member of the applicant": 200,
    "an officer with the right": 200,
    "an officer of another county": 404,
    "an officer with another right": 404,
    "somebody of another firm": 404,
    "somebody of nowhere": 404,
    "the operator": 404,
    "an inactive member": 302,
}


@pytest.mark.parametrize("who", READERS)
def test_the_file_exists_for_those_who_see_its_object(picture: Attachment, member: User, who: str) -> None:
    makers: dict[str, Any] = {
        "a member of the applicant": lambda: member,
        "an officer with the right": lambda: cast.make_officer(cast.COUNTY, trial.RIGHT),
        "an officer of another county": lambda: cast.make_officer(cast.OTHER_COUNTY, trial.RIGHT),
        "an officer with another right": lambda: cast.make_officer(cast.COUNTY, "view_cases"),
        "somebody of another firm": lambda: cast.owner_of(cast.rival()),
        "somebody of nowhere": cast.make_user,
        "the operator": lambda: cast.make_user(is_staff=True, is_superuser=True),
        "an inactive member": lambda: member,
    }
    client = reader(makers[who]())
    if who == "an inactive member":
        User.objects.filter(pk=member.pk).update(is_active=False)
    assert [fetch(client, url).status_code for url in both(picture)] == [READERS[who]] * 2


@pytest.mark.parametrize("change", [str.upper, lambda t: t[:-1], lambda t: t + "0", lambda t: t[::-1], lambda t: "%00"])
def test_a_token_that_is_not_exact_finds_nothing(picture: Attachment, member: User, change: Any) -> None:
    Attachment.objects.filter(pk=picture.pk).update(token="abcdef0123456789abcdef012345678a")
    other = change("abcdef0123456789abcdef012345678a")
    assert fetch(reader(member), f"/files/{other}/").status_code in {400, 404}


def test_the_number_of_a_row_is_no_address(picture: Attachment, member: User) -> None:
    assert fetch(reader(member), f"/files/{picture.pk}/").status_code == 404


def test_leaving_the_applicant_closes_its_files_at_once(picture: Attachment, owner: Office, member: User) -> None:
    client = reader(member)
    assert fetch(client, f"/files/{picture.token}/").status_code == 200
    member.groups.remove(owner.group)
    assert fetch(client, f"/files/{picture.token}/").status_code == 404


def test_removing_twice_keeps_the_first_moment(picture: Attachment, owner: Office, member: User) -> None:
    attachments.remove(picture, by=member)
    first = Attachment.objects.get(pk=picture.pk).removed_at
    attachments.remove(picture, by=member)
    assert Attachment.objects.get(pk=picture.pk).removed_at == first
    assert attachments.files(owner) == []


@pytest.mark.parametrize("path", ["/files/{}/", "/files/{}/pages/1/"])
def test_a_look_of_the_reviewer_is_noted_by_either_address(picture: Attachment, path: str) -> None:
    officer = cast.make_officer(cast.COUNTY, trial.RIGHT)
    for _ in range(2):
        assert fetch(reader(officer), path.format(picture.token)).status_code == 200
    view = AttachmentView.objects.get()
    assert (view.attachment, view.user) == (picture, officer)
    assert view.at <= timezone.now()


def test_a_refused_look_is_not_noted(picture: Attachment) -> None:
    officer = cast.make_officer(cast.OTHER_COUNTY, trial.RIGHT)
    assert fetch(reader(officer), f"/files/{picture.token}/").status_code == 404
    assert not AttachmentView.objects.exists()
