"""Prints: scanned from the paper, large enough with white around, made anew when the voucher changes."""

import io
from typing import Any

import pytest
import zxingcpp
from django.conf import settings
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageOps

from accounts.models import Organization, User
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import Attachment, AuditRow
from innovation_voucher.lib import pdf, qr
from innovation_voucher.lib.references import group_code, verify_signature
from innovation_voucher.tests import cast
from vouchers import services
from vouchers.documents import voucher_pdf
from vouchers.models import Programme, Voucher

from . import factories
from .pages import client_of, post, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-12")]

DPI = 150
MM = 25.4 / DPI


@pytest.fixture
def voucher(enterprise: Organization, programme: Programme) -> Voucher:
    return factories.make_voucher(enterprise, programme)


@pytest.fixture
def client(owner: User) -> Client:
    return client_of(owner)


def content(made: Attachment) -> bytes:
    with made.file.open() as file:
        data: bytes = file.read()
    return data


def code_on(sheet: bytes) -> Any:
    """What a scanner finds on the first page: the text and the corners."""
    page = Image.open(io.BytesIO(pdf.page_images(sheet, dpi=DPI)[0])).convert("L")
    return page, zxingcpp.read_barcode(page)


@pytest.mark.slow
def test_the_code_on_paper_is_read_and_at_least_thirty_millimetres_wide(voucher: Voucher, owner: User) -> None:
    _page, found = code_on(content(voucher_pdf(voucher, by=owner)))
    assert found.text == services.scan_url(voucher)
    corners = found.position
    assert (corners.top_right.x - corners.top_left.x) * MM >= 30
    assert (corners.bottom_left.y - corners.top_left.y) * MM >= 30


@pytest.mark.slow
def test_around_the_code_four_modules_are_white(voucher: Voucher, owner: User) -> None:
    page, found = code_on(content(voucher_pdf(voucher, by=owner)))
    corners = found.position
    left, top, right, bottom = corners.top_left.x, corners.top_left.y, corners.top_right.x, corners.bottom_left.y
    module = (right - left) / 37
    quiet = int(4 * module) - 2
    inked = ImageOps.invert(page).point(lambda ink: 255 if ink > 128 else 0)
    for strip in [
        (left - quiet, top, left - 2, bottom),
        (right + 2, top, right + quiet, bottom),
        (left, top - quiet, right, top - 2),
        (left, bottom + 2, right, bottom + quiet),
    ]:
        assert inked.crop(strip).getbbox() is None


@pytest.mark.slow
def test_a_print_is_one_sheet_of_a4(voucher: Voucher, owner: User) -> None:
    sheet = content(voucher_pdf(voucher, by=owner))
    page = Image.open(io.BytesIO(pdf.page_images(sheet, dpi=DPI)[0]))
    assert pdf.page_count(sheet) == 1
    assert [round(side * MM) for side in page.size] == [210, 297]


@pytest.mark.slow
def test_a_long_name_and_title_still_fit_one_sheet(enterprise: Organization, programme: Programme, owner: User) -> None:
    long = factories.make_voucher(enterprise, programme)
    for field in ("organization_name", "carrier_name", "service_title", "contract_name"):
        setattr(long, field, "长" * 100)
    sheet = content(voucher_pdf(long, by=owner))
    assert pdf.page_count(sheet) == 1
    assert code_on(sheet)[1].text == services.scan_url(long)


@pytest.mark.slow
def test_the_same_state_is_drawn_once_a_new_state_and_a_new_print_anew(voucher: Voucher, owner: User) -> None:
    first = voucher_pdf(voucher, by=owner)
    assert voucher_pdf(voucher, by=owner) == first
    confirmed = services.confirm_voucher(voucher, by=None)
    second = voucher_pdf(confirmed, by=owner)
    third = voucher_pdf(services.reprint(confirmed, by=owner), by=owner)
    assert len({first.pk, second.pk, third.pk}) == 3
    assert [made.key for made in (first, second, third)] == ["print-1-issued", "print-1-confirmed", "print-2-confirmed"]
    assert content(first) != content(second)
    assert code_on(content(third))[1].text == services.scan_url(Voucher.objects.get())


class TestSignature:
    def valid_for(self, voucher: Voucher, signature: str, versions: range) -> int | None:
        return verify_signature(voucher.code, signature, versions, settings.QR_KEYS)

    def test_an_old_print_is_known_as_the_old_one(self, voucher: Voucher, owner: User) -> None:
        old = services.signature(voucher)
        services.reprint(voucher, by=owner)
        fresh = Voucher.objects.get()
        assert self.valid_for(fresh, old, range(1, 3)) == 1
        assert self.valid_for(fresh, services.signature(fresh), range(1, 3)) == 2

    def test_the_page_behind_an_old_code_says_that_it_was_reprinted(self, voucher: Voucher, owner: User) -> None:
        old = services.scan_url(voucher).removeprefix(settings.BASE_URL)
        assert "已重新打印" not in text(Client().get(old, follow=True))
        services.reprint(voucher, by=owner)
        assert "已重新打印，请用新券" in text(Client().get(old, follow=True))
        new = services.scan_url(Voucher.objects.get()).removeprefix(settings.BASE_URL)
        assert "已重新打印" not in text(Client().get(new, follow=True))

    def test_a_signature_of_another_voucher_is_valid_for_none(
        self, voucher: Voucher, enterprise: Organization, programme: Programme
    ) -> None:
        other = factories.make_voucher(enterprise, programme, voucher.carrier, contract=100)
        assert self.valid_for(voucher, services.signature(other), range(1, 5)) is None

    def test_a_state_changes_no_signature(self, voucher: Voucher) -> None:
        before = services.scan_url(voucher)
        assert services.scan_url(services.confirm_voucher(voucher, by=None)) == before


class TestReprint:
    def test_it_is_recorded_and_said(self, client: Client, voucher: Voucher) -> None:
        response = post(client, "ent-voucher-reprint", voucher.code)
        assert "之前打印或下载的二维码不再有效" in text(client.get(response.url))
        row = AuditRow.objects.get(verb="voucher.reprinted")
        assert row.after == {"status": "issued", "print_version": 2}

    def test_posted_twice_with_one_token_it_counts_once(self, client: Client, voucher: Voucher) -> None:
        url, data = reverse("ent-voucher-reprint", args=[voucher.code]), {"_token": new_token()}
        client.post(url, data)
        client.post(url, data)
        voucher.refresh_from_db()
        assert voucher.print_version == 2

    def test_looking_at_its_address_changes_nothing(self, client: Client, voucher: Voucher) -> None:
        assert client.get(reverse("ent-voucher-reprint", args=[voucher.code])).status_code == 405
        voucher.refresh_from_db()
        assert voucher.print_version == 1

    def test_an_ended_voucher_has_no_new_print(self, client: Client, voucher: Voucher) -> None:
        services.void_voucher(voucher, by=None, reason="填错")
        response = post(client, "ent-voucher-reprint", voucher.code)
        assert response.status_code == 403
        assert "已作废，不能重新打印" in text(response)
        voucher.refresh_from_db()
        assert voucher.print_version == 1


class TestDownload:
    @pytest.mark.slow
    def test_the_sheet_is_a_download_with_its_number(self, client: Client, voucher: Voucher) -> None:
        response = client.get(reverse("ent-voucher-pdf", args=[voucher.code]))
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"].startswith("attachment")
        assert group_code(voucher.code) in response["Content-Disposition"]
        assert response["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize(("query", "way"), [("", "inline"), ("?save=1", "attachment")])
    def test_the_picture_is_shown_or_saved(self, client: Client, voucher: Voucher, query: str, way: str) -> None:
        response = client.get(reverse("ent-voucher-qr", args=[voucher.code]) + query)
        assert response["Content-Type"] == "image/png"
        assert response["Content-Disposition"].startswith(way)
        assert qr.decode(response.content) == services.scan_url(voucher)

    def test_the_picture_follows_a_reprint_at_once(self, client: Client, voucher: Voucher, owner: User) -> None:
        url = reverse("ent-voucher-qr", args=[voucher.code])
        before = client.get(url).content
        services.reprint(voucher, by=owner)
        after = client.get(url).content
        assert before != after
        assert qr.decode(after) == services.scan_url(Voucher.objects.get())

    def test_a_viewer_may_download_but_not_reprint(self, enterprise: Organization, voucher: Voucher) -> None:
        viewer = client_of(cast.make_member(enterprise, role="viewer"))
        assert viewer.get(reverse("ent-voucher-qr", args=[voucher.code])).status_code == 200
        assert "生成新的打印版" not in text(viewer.get(reverse("ent-voucher", args=[voucher.code])))
        assert post(viewer, "ent-voucher-reprint", voucher.code).status_code == 403
