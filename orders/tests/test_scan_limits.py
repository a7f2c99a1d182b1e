"""Typed codes up to their limits, hour by hour; photos that cannot be read."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from innovation_voucher.lib.references import sign
from innovation_voucher.lib.tests.files import pdf, picture
from orders.models import Scan
from orders.pages.scan import PERSON_LIMIT, PUBLIC_LIMIT
from orders.tests.conftest import client_of
from orders.tests.factories import World, make_order, voucher_of
from vouchers.models import Voucher
from vouchers.services import scan_url

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-12", "ZJ-10")]

HERE, THERE = "127.0.0.1", "203.0.113.9"


@pytest.fixture
def voucher(world: World) -> Voucher:
    return voucher_of(make_order(world, "issued"))


def typed(n: int, *, user: User | None = None, address: str = HERE, ago: int = 0, road: str = "code") -> None:
    """So many looks that were logged some minutes ago."""
    at = timezone.now() - timedelta(minutes=ago)
    row = {"text": "X", "road": road, "reason": "unknown", "user": user, "address": address, "at": at}
    Scan.objects.bulk_create([Scan(**row) for _serial in range(n)])


def status(client: Client, voucher: Voucher) -> int:
    return client.get(f"/q/{voucher.code}/").status_code


def test_the_public_has_twenty_an_hour_from_an_address(voucher: Voucher) -> None:
    typed(PUBLIC_LIMIT - 1)
    assert [status(Client(), voucher) for _n in range(2)] == [200, 429]
    assert Scan.objects.count() == PUBLIC_LIMIT


def test_a_person_has_a_hundred_and_twenty_wherever_they_are(voucher: Voucher, stranger: User) -> None:
    client = client_of(stranger)
    typed(PERSON_LIMIT - 1, user=stranger, address=THERE)
    assert [status(client, voucher) for _n in range(2)] == [200, 429]


@pytest.mark.parametrize(
    "others",
    [
        {"address": THERE},
        {"ago": 61},
        {"road": "link"},
        {"road": "photo"},
    ],
    ids=["another address", "an hour ago", "scanned", "photographed"],
)
def test_what_does_not_count_for_the_public(voucher: Voucher, others: dict[str, Any]) -> None:
    typed(PUBLIC_LIMIT, **others)
    assert status(Client(), voucher) == 200


def test_people_and_public_of_one_address_are_counted_apart(voucher: Voucher, stranger: User) -> None:
    typed(PUBLIC_LIMIT, user=stranger)
    assert (status(Client(), voucher), status(client_of(stranger), voucher)) == (200, 200)


def test_signing_in_opens_a_limit_of_ones_own(voucher: Voucher, stranger: User) -> None:
    typed(PUBLIC_LIMIT)
    assert (status(Client(), voucher), status(client_of(stranger), voucher)) == (429, 200)


def test_the_bound_carrier_types_on(world: World, voucher: Voucher, seller: Client) -> None:
    typed(PERSON_LIMIT, user=world.seller)
    assert status(seller, voucher) == 200
    assert seller.get("/q/000000000000/").status_code == 429


def test_a_forged_signature_is_no_way_around_to_facts(world: World, voucher: Voucher) -> None:
    typed(PUBLIC_LIMIT)
    page = Client().get(f"/q/{voucher.code}/{'A' * 22}/").content.decode()
    assert "无法验证" in page
    assert world.enterprise.name not in page
    right = sign(voucher.code, 1, settings.QR_KEYS)
    assert Client().get(f"/q/{voucher.code}/{right}/").status_code == 200


def test_the_refusal_says_when_to_try_again(voucher: Voucher) -> None:
    typed(PUBLIC_LIMIT)
    assert "一小时后再试" in Client().get(f"/q/{voucher.code}/").content.decode()


# --- Photos ---------------------------------------------------------------------------------


def post(client: Client, content: bytes, name: str = "photo.jpg") -> Any:
    file = io.BytesIO(content)
    file.name = name
    return client.post("/carrier/scan/photo/", {"photo": file})


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (pdf(), "photo.jpg"),
        (b"hello", "photo.png"),
        (picture("PNG")[:60], "photo.png"),
        (picture("JPEG", size=(1, 1)), "photo.jpg"),
        (picture("TIFF"), "photo.tif"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "photo.png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo.svg"),
    ],
    ids=["pdf", "text", "cut off", "one pixel", "tiff", "broken png", "svg"],
)
def test_what_is_no_photo_of_a_voucher_is_said_and_logged(seller: Client, content: bytes, name: str) -> None:
    response = post(seller, content, name)
    assert response.status_code == 422
    assert "没有识别出创新券的二维码" in response.content.decode()
    assert [(scan.road, scan.reason) for scan in Scan.objects.all()] == [("photo", "unreadable")]


def test_an_empty_photo_and_none_are_asked_for_and_not_logged(seller: Client) -> None:
    assert post(seller, b"").status_code == 422
    assert "先拍一张照片" in seller.post("/carrier/scan/photo/", {}).content.decode()
    assert not Scan.objects.exists()


def test_a_photo_above_its_limit_is_refused_unread(seller: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orders.forms.scan.PHOTO_LIMIT", 100)
    assert "照片超过 15 MB" in post(seller, b"x" * 101).content.decode()
    assert not Scan.objects.exists()


def test_a_turned_and_small_picture_is_still_read(voucher: Voucher, seller: Client) -> None:
    from PIL import Image

    from innovation_voucher.lib import qr

    out = io.BytesIO()
    with Image.open(io.BytesIO(qr.png(scan_url(voucher), box=4))) as image:
        image.convert("RGB").rotate(90, expand=True).save(out, "JPEG", quality=60)
    response = post(seller, out.getvalue())
    assert response["Location"].startswith(f"/q/{voucher.code}/")


def test_a_photo_alone_receives_nothing(voucher: Voucher, seller: Client) -> None:
    from innovation_voucher.lib import qr

    post(seller, qr.png(scan_url(voucher)))
    assert Voucher.objects.get(pk=voucher.pk).status == "issued"


def test_photos_are_for_carriers_only(buyer: Client) -> None:
    assert post(buyer, picture("PNG")).status_code == 403
    assert post(Client(), picture("PNG"))["Location"].startswith("/accounts/login/")
    assert not Scan.objects.exists()
