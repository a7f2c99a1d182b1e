"""The verdict table: every state and print, before the public, the bound carrier and another one."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from carriers.models import CarrierRecognition
from carriers.tests.factories import make_carrier
from innovation_voucher.casework.messaging import TooOften
from innovation_voucher.lib import qr
from innovation_voucher.lib.references import sign
from innovation_voucher.tests import cast
from orders.models import Scan
from orders.tests.conftest import client_of
from orders.tests.factories import World, make_order, voucher_of
from vouchers.models import Voucher
from vouchers.services import reprint, scan_url, terminate_voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-12", "ZJ-10")]

READERS = ("public", "bound", "other", "holder")


def path_of(voucher: Voucher, version: int = 0) -> str:
    """The address in the QR code of a print."""
    return f"/q/{voucher.code}/{sign(voucher.code, version or voucher.print_version, settings.QR_KEYS)}/"


@pytest.fixture
def readers(world: World, buyer: Client, seller: Client) -> dict[str, Client]:
    other = client_of(cast.owner_of(make_carrier().organization))
    return {"public": Client(), "bound": seller, "other": other, "holder": buyer}


def seen(client: Client, path: str) -> str:
    """The reason code that the page of a scan logs."""
    response = client.get(path)
    assert response.status_code == 200, path
    return Scan.objects.latest("id").reason


def issued(world: World) -> Voucher:
    return voucher_of(make_order(world, "issued"))


def frozen(world: World) -> Voucher:
    voucher = issued(world)
    Voucher.objects.filter(pk=voucher.pk).update(frozen_reason="核查中")
    return voucher


def terminated(world: World) -> Voucher:
    voucher = voucher_of(make_order(world, "received"))
    officer = cast.make_officer(cast.COUNTY, "terminate_voucher")
    return terminate_voucher(voucher, by=officer, office=None, reason="合同未履行")


def lapsed(world: World) -> Voucher:
    from vouchers.services import lapse_voucher

    return lapse_voucher(issued(world))


def returned(world: World) -> Voucher:
    from orders import services

    return services.return_voucher(issued(world), by=world.seller, reason="编号不符")


def suspended(world: World) -> Voucher:
    voucher = issued(world)
    recognition = CarrierRecognition.objects.get(carrier=world.carrier)
    recognition.suspend()
    recognition.save()
    return voucher


MADE: dict[str, Any] = {
    "issued": issued,
    "received": lambda world: voucher_of(make_order(world, "received")),
    "voided": lambda world: voucher_of(make_order(world, "voided")),
    "terminated": terminated,
    "lapsed": lapsed,
    "returned_by_carrier": returned,
    "frozen": frozen,
    "suspended": suspended,
}
#: Voucher: what public, bound carrier, other carrier and holder are told.
TABLE = {
    "issued": ("genuine", "to_receive", "other_carrier", "own"),
    "received": ("genuine", "received", "other_carrier", "own"),
    "voided": ("voided",) * 4,
    "terminated": ("terminated",) * 4,
    "lapsed": ("lapsed",) * 4,
    "returned_by_carrier": ("returned_by_carrier",) * 4,
    "frozen": ("frozen",) * 4,
    "suspended": ("genuine", "carrier_suspended", "other_carrier", "own"),
}


@pytest.mark.parametrize("state", TABLE)
def test_what_each_reader_is_told(world: World, readers: dict[str, Client], state: str) -> None:
    voucher = MADE[state](world)
    before = Voucher.objects.values().get(pk=voucher.pk)
    for path in (path_of(voucher), f"/q/{voucher.code}/"):
        assert tuple(seen(readers[name], path) for name in READERS) == TABLE[state], path
    assert Voucher.objects.values().get(pk=voucher.pk) == before


@pytest.mark.parametrize("name", READERS)
def test_a_forged_signature_proves_nothing(world: World, readers: dict[str, Client], name: str) -> None:
    assert seen(readers[name], f"/q/{issued(world).code}/{'A' * 22}/") == "unverified"


@pytest.mark.parametrize("name", READERS)
def test_an_old_print_asks_for_the_new_one(world: World, readers: dict[str, Client], name: str) -> None:
    voucher = reprint(issued(world), by=world.owner)
    assert seen(readers[name], path_of(voucher, 1)) == "reprinted"
    assert seen(readers["bound"], path_of(voucher, 2)) == "to_receive"


def test_an_ended_state_wins_over_a_bad_signature_and_an_old_print(world: World, readers: dict[str, Client]) -> None:
    voucher = voucher_of(make_order(world, "voided"))
    Voucher.objects.filter(pk=voucher.pk).update(print_version=2)
    for path in (f"/q/{voucher.code}/{'A' * 22}/", path_of(voucher, 1)):
        assert seen(readers["bound"], path) == "voided"


@pytest.mark.parametrize("text", ["000000000000", "ABC", "7K3M9QTX2B8F"])
def test_a_code_that_nobody_has(readers: dict[str, Client], text: str) -> None:
    assert seen(readers["public"], f"/q/{text}/") == "unknown"
    assert (Scan.objects.get().voucher, Scan.objects.get().text) == (None, text)


def test_the_printed_address_opens_the_page_without_a_detour(world: World, seller: Client) -> None:
    address = scan_url(issued(world))
    assert re.fullmatch(rf"{settings.BASE_URL}/q/[0-9A-Z]{{12}}/[\w-]{{22}}", address)
    assert seen(seller, address.removeprefix(settings.BASE_URL)) == "to_receive"


def test_strangers_see_no_amount_no_contract_and_only_a_masked_name(world: World, readers: dict[str, Client]) -> None:
    path = path_of(issued(world))
    for name in ("public", "other"):
        text = readers[name].get(path).content.decode()
        assert world.carrier.name in text
        for secret in (world.enterprise.name, "HT-118", "14,000.00", "样机环境可靠性试验"):
            assert secret not in text, (name, secret)
    assert world.enterprise.name in readers["bound"].get(path).content.decode()


def test_the_page_is_neither_kept_nor_indexed(world: World) -> None:
    response = Client().get(path_of(issued(world)))
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("no-store", "noindex")


def test_signing_in_leads_back_to_the_voucher(world: World) -> None:
    path = path_of(issued(world))
    assert f"/accounts/login/?next={path}" in Client().get(path).content.decode()


def test_the_public_types_codes_within_a_limit_and_scans_without(world: World, seller: Client) -> None:
    voucher = issued(world)
    public = Client()
    for _n in range(20):
        assert public.get(f"/q/{voucher.code}/").status_code == 200
    assert public.get(f"/q/{voucher.code}/").status_code == TooOften.status_code
    assert public.get(path_of(voucher)).status_code == 200
    assert seller.get(f"/q/{voucher.code}/").status_code == 200


def test_a_typed_code_is_read_kindly(world: World) -> None:
    voucher = issued(world)
    typed = f"{voucher.code[:4]}-{voucher.code[4:8]} {voucher.code[8:]}".lower()
    response = Client().get("/q/", {"code": typed})
    assert response["Location"] == f"/q/{voucher.code}/"
    assert Client().get("/q/", {"code": "abc"}).status_code == 422


# --- The photo ------------------------------------------------------------------------------


def test_a_photo_is_read_by_the_server_without_javascript(world: World, seller: Client) -> None:
    voucher = issued(world)
    response = seller.post("/carrier/scan/photo/", {"photo": photo(scan_url(voucher))})
    assert response["Location"] == f"{path_of(voucher)}?road=photo"
    seller.get(response["Location"])
    assert (Scan.objects.get().road, Scan.objects.get().reason) == ("photo", "to_receive")


@pytest.mark.parametrize("text", ["https://example.org/", ""])
def test_a_photo_without_a_voucher_is_said_and_logged(seller: Client, text: str) -> None:
    response = seller.post("/carrier/scan/photo/", {"photo": photo(text)})
    assert response.status_code == 422
    assert "没有识别出创新券的二维码" in response.content.decode()
    assert (Scan.objects.get().reason, Scan.objects.get().voucher) == ("unreadable", None)


def photo(text: str) -> Any:
    """A picture of a QR code as somebody uploads it, or of nothing."""
    import io

    from innovation_voucher.lib.tests.files import picture

    content = io.BytesIO(qr.png(text) if text else picture())
    content.name = "photo.png"
    return content


def test_only_the_scan_page_may_use_the_camera(seller: Client) -> None:
    page = seller.get("/carrier/scan/")
    assert "camera=(self)" in page["Permissions-Policy"]
    assert len(page.content) < 60_000
    assert "camera=()" in seller.get("/carrier/vouchers/")["Permissions-Policy"]
