"""The pages of orders in a real browser: no violation, no console line, no sideways scroll, both widths."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from innovation_voucher.lib.references import ALPHABET, normalise_code
from innovation_voucher.tests.browser import browser, follow, page, shot, sideways, sign_in, visit
from orders import services
from orders.tests.factories import World, make_order, make_world, voucher_of
from vouchers.services import signature

__all__ = ["browser", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.feature("ZJ-7", "ZJ-8", "ZO-12"),
]


@pytest.fixture
def world() -> World:
    return make_world()


def look(page: Page, live_server: Any, name: str, *args: str, query: str = "", status: int = 200) -> None:
    visit(page, f"{live_server.url}{reverse(name, args=args)}{query}", status)
    shot(page, f"{name}{query.replace('?', '-').replace('=', '-')}")


def test_the_pages_of_the_enterprise(page: Page, live_server: Any, world: World) -> None:
    sign_in(page, live_server.url, world.owner)
    orders = {
        state: make_order(world, state, contract=4_000) for state in ("accepted", "contract", "issued", "delivered")
    }
    rated = make_order(world, "completed", contract=4_000)
    services.send_message(orders["accepted"], by=world.owner, text="交付时间能否提前两天？")
    services.send_message(orders["accepted"], by=world.seller, text="可以，合同请写明样机型号。")
    look(page, live_server, "order-new", world.service.number)
    page.fill("#id_need", "两台样机，高低温循环 72 小时")
    follow(page, page.locator(".formgrid__end button[type=submit]"))
    shot(page, "order-check")
    follow(page, page.locator("main form button[type=submit]"))
    shot(page, "order-done")
    look(page, live_server, "ent-orders")
    look(page, live_server, "ent-order", orders["accepted"].number)
    look(page, live_server, "ent-use", orders["contract"].number)
    look(page, live_server, "ent-use-done", orders["issued"].number)
    look(page, live_server, "ent-order-problem", orders["delivered"].number)
    look(page, live_server, "ent-order-review", rated.number)
    look(page, live_server, "ent-use-offline", query="?q=样机")
    look(page, live_server, "ent-reviews")
    look(page, live_server, "ent-home")


def test_a_code_of_wide_letters_fits_a_phone(
    page: Page, live_server: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = filter(normalise_code, ("W" * 11 + check for check in ALPHABET))
    monkeypatch.setattr("vouchers.services.use.new_code", lambda: code)
    order = make_order(world, "issued", contract=4_000)
    seen = (
        (world.owner, "ent-use-done", order.number),
        (world.owner, "ent-vouchers"),
        (world.owner, "ent-voucher", code),
        (world.seller, "carrier-vouchers"),
        (world.seller, "verify", code, signature(voucher_of(order))),
    )
    for user, name, *args in seen:
        sign_in(page, live_server.url, user)
        visit(page, f"{live_server.url}{reverse(name, args=args)}")
        assert "WWWW-WWWW-WWW" in page.content()
        assert sideways(page) == [], name


def test_the_pages_of_the_carrier(page: Page, live_server: Any, world: World) -> None:
    sign_in(page, live_server.url, world.seller)
    placed, received = make_order(world), make_order(world, "received", contract=4_000)
    waiting = voucher_of(make_order(world, "issued", contract=4_000))
    rated = make_order(world, "reviewed", contract=4_000)
    look(page, live_server, "carrier-home")
    look(page, live_server, "carrier-bookings")
    look(page, live_server, "carrier-booking", placed.number)
    look(page, live_server, "carrier-record", received.number)
    look(page, live_server, "carrier-vouchers")
    look(page, live_server, "carrier-review-reply", rated.number)
    look(page, live_server, "carrier-scan")
    look(page, live_server, "verify", waiting.code, signature(waiting))
    page.check("#id_checked")
    follow(page, page.locator("text=确认接收此券"))
    page.wait_for_selector("text=已由本机构确认")
    expect(page.get_by_text("扫下一张", exact=True)).to_be_focused()
    shot(page, "verify-received")


def test_what_the_public_sees(page: Page, live_server: Any, world: World) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    look(page, live_server, "verify-form")
    look(page, live_server, "verify", voucher.code, signature(voucher))
    look(page, live_server, "verify", "000000000000")
    look(page, live_server, "verify-form", query="?code=abc", status=422)


def test_the_camera_says_what_hinders_it_and_leads_to_the_voucher(page: Page, live_server: Any, world: World) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    sign_in(page, live_server.url, world.seller)
    page.goto(live_server.url + reverse("carrier-scan"))
    hinder(page, "NotAllowedError")
    page.click("#camera-open")
    page.wait_for_selector("text=未获得摄像头权限")
    hinder(page, "NotFoundError")
    page.click("#camera-open")
    page.wait_for_selector("text=没有找到摄像头")
    show_to_camera(page, f"{live_server.url}/q/{voucher.code}/{signature(voucher)}")
    page.click("#camera-open")
    page.wait_for_url(f"**/q/{voucher.code}/**")
    assert voucher_of(voucher.order).status == "issued"


def hinder(page: Page, error: str) -> None:
    """Let the browser refuse the camera with this error."""
    page.evaluate(
        "name => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name)) }", error
    )


def show_to_camera(page: Page, text: str) -> None:
    """Let the page's camera be a canvas with a QR code on it."""
    import base64

    from innovation_voucher.lib import qr

    image = base64.b64encode(qr.png(text)).decode()
    page.evaluate(
        """async (image) => {
            const bytes = Uint8Array.from(atob(image), (c) => c.charCodeAt(0))
            const bitmap = await createImageBitmap(new Blob([bytes], {type: 'image/png'}))
            const canvas = document.createElement('canvas')
            canvas.width = bitmap.width
            canvas.height = bitmap.height
            const draw = () => canvas.getContext('2d').drawImage(bitmap, 0, 0)
            draw()
            setInterval(draw, 100)
            navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(10)
        }""",
        image,
    )
