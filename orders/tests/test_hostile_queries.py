"""Addresses and posts that no page of ours would send: nothing breaks, nothing changes, nothing foreign is shown."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from carriers.tests.factories import make_carrier, make_recognition, make_service
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import HOSTILE, client_of, post, text_of
from orders import services
from orders.models import CartItem, Order, Quote
from orders.tests.factories import World, make_order
from orders.tests.late import late_world
from orders.tests.ordered import quote
from orders.tests.watch import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-11", "X-6", "YRD-14")]

#: Words that people do not type: a null character, far too many, patterns, markup.
ODD = {"null": "样\x00机", "long": "样" * 400, "patterns": "%_\\", **HOSTILE}
#: Lists that are asked by an address: its name, the side that reads it, the names of its questions.
ASKED = (
    ("ent-orders", "owner", ("q", "other", "status", "since", "until", "view", "kind", "page")),
    ("carrier-bookings", "seller", ("q", "other", "status", "since", "until", "view", "kind", "page")),
    ("carrier-vouchers", "seller", ("q", "view", "page")),
    ("ent-reviews", "owner", ("q", "view", "page")),
    ("carrier-reviews", "seller", ("q", "view", "page")),
    ("order-missing", "owner", ("number",)),
)


@pytest.mark.parametrize("odd", ODD)
def test_odd_words_in_an_address_are_answered_by_the_page(world: World, odd: str) -> None:
    make_order(world, "issued")
    for name, who, questions in ASKED:
        client = client_of(getattr(world, who))
        with nothing_changes():
            for question in questions:
                answer = client.get(reverse(name), {question: ODD[odd]})
                assert answer.status_code in ((400,) if odd == "null" else (200, 422)), (name, question)
                assert "<script>alert(1)" not in text_of(answer), (name, question)


@pytest.mark.parametrize("odd", ODD)
def test_the_search_of_a_quick_entry_takes_odd_words(db: None, odd: str) -> None:
    world = late_world(order_required="order_or_quick")
    buyer, page = client_of(world.owner), reverse("ent-quick")
    found = buyer.get(page, {"q": ODD[odd]})
    assert found.status_code == (400 if odd == "null" else 200)
    assert "<script>alert(1)" not in text_of(found)
    assert world.carrier.name not in text_of(found)
    with nothing_changes():
        missing = 400 if odd == "null" else 404
        assert buyer.get(page, {"carrier": ODD[odd]}).status_code == missing
        assert post(buyer, f"{page}?{urlencode({'carrier': ODD[odd]})}").status_code == missing


DAYS = ("0001-01-01", "9999-12-31", "2026-13-01", "2026-02-30", "10000-01-01", "-1", "今天")


@pytest.mark.parametrize(("question", "away"), [("since", "9999-12-31"), ("until", "0001-01-01")])
def test_days_at_the_edge_of_the_calendar_narrow_or_do_not(world: World, question: str, away: str) -> None:
    order, buyer = make_order(world), client_of(world.owner)
    for day in DAYS:
        listing = buyer.get(reverse("ent-orders"), {question: day}).context["list"]
        assert [row.number for row in listing.rows] == ([] if day == away else [order.number]), day


# --- The cart -----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["", "\x00", "FW-0", "' OR 1=1", "x" * 400, "\ud7ff\uffff", "<b>"])
def test_only_what_the_catalogue_has_is_put_into_a_cart(world: World, number: str) -> None:
    buyer = client_of(world.owner)
    assert post(buyer, reverse("ent-cart-add"), number=number).status_code == 404
    assert not CartItem.objects.exists()


@pytest.mark.parametrize("typed", ["-1", "1.0", "0x10", "1e3", "٣", "9" * 30, "1 2", "\x00", "１２３４５"])
def test_a_quantity_that_is_none_is_asked_about_and_the_old_one_stays(world: World, typed: str) -> None:
    services.add_to_cart(world.enterprise, world.service, by=world.owner, quantity=2)
    answer = post(client_of(world.owner), reverse("ent-cart-quantity", args=[world.service.number]), quantity=typed)
    known = {"1.0": 1, "٣": 3}
    assert answer.status_code == (302 if typed in known else 422)
    assert CartItem.objects.get().quantity == known.get(typed, 2)


def test_a_press_says_neither_whose_cart_nor_which_price(world: World) -> None:
    rival = cast.rival()
    post(
        client_of(world.owner),
        reverse("ent-cart-add"),
        number=world.service.number,
        organization=str(rival.pk),
        price="1",
        quantity="500",
    )
    row = CartItem.objects.get()
    assert (row.organization, row.price, row.quantity) == (world.enterprise, 18_000, 1)


def test_the_cart_of_one_is_not_ordered_by_another(world: World) -> None:
    services.add_to_cart(world.enterprise, world.service, by=world.owner)
    rival = client_of(cast.owner_of(cast.rival()))
    with nothing_changes():
        assert world.service.title not in text_of(rival.get(reverse("ent-cart")))
        assert post(rival, reverse("order-new", args=[world.carrier.number])).status_code == 404
    assert CartItem.objects.count() == 1


# --- Quotes -------------------------------------------------------------------------------------

QUOTED = {"amount": "9,000", "promised_on": "2099-12-01", "words": "含复测"}


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "0"},
        {"amount": "-5"},
        {"amount": "1e9"},
        {"amount": "9" * 30},
        {"amount": "9000.001"},
        {"amount": "\x00"},
        {"amount": ""},
        {"promised_on": "2000-01-01"},
        {"promised_on": "2099-02-30"},
        {"words": "长" * 301},
        {"words": "\x00"},
    ],
)
def test_what_is_no_quote_is_asked_about_and_nothing_typed_is_lost(world: World, changes: dict[str, str]) -> None:
    order, seller = make_order(world), client_of(world.seller)
    with nothing_changes():
        answer = post(seller, reverse("order-quote", args=[order.number]), **{**QUOTED, **changes})
    assert answer.status_code == 422
    (name,) = changes
    assert list(answer.context["form"].errors) == [name]
    kept = {"amount": "9,000", "promised_on": "2099-12-01", "words": "含复测"}
    assert all(word in text_of(answer) for field, word in kept.items() if field not in changes)
    assert not Quote.objects.exists()


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_a_quote_are_read_as_they_were_written_by_the_other_side(world: World, words: str) -> None:
    order = make_order(world)
    sent = post(
        client_of(world.seller), reverse("order-quote", args=[order.number]), **{**QUOTED, "words": HOSTILE[words]}
    )
    assert sent.status_code == 302
    assert Quote.objects.get().words == HOSTILE[words]
    for who, name in (
        (world.owner, "ent-order"),
        (world.owner, "ent-order-accept-quote"),
        (world.seller, "carrier-booking"),
    ):
        found = client_of(who).get(reverse(name, args=[order.number]))
        assert found.status_code == 200
        assert "<script>alert(1)" not in text_of(found)


def test_a_quote_is_made_by_its_own_carrier_and_answered_by_its_own_enterprise(world: World) -> None:
    order = make_order(world)
    other = make_carrier(shown=True)
    make_recognition(other, world.bureau)
    make_service(other)
    offer = reverse("order-quote", args=[order.number])
    strangers = (cast.owner_of(other.organization), cast.owner_of(cast.rival()))
    with nothing_changes():
        assert [post(client_of(each), offer, **QUOTED).status_code for each in strangers] == [404, 403]
        assert post(client_of(world.owner), offer, **QUOTED).status_code == 403
    quote(world, order, 9_000)
    answer = reverse("ent-order-accept-quote", args=[order.number])
    with nothing_changes():
        assert post(client_of(cast.owner_of(cast.rival())), answer).status_code == 404
        assert post(client_of(world.seller), answer).status_code in (403, 404)
        assert Client().post(answer).status_code == 302
    assert Order.objects.get(pk=order.pk).status == "placed"


def test_who_only_reads_sees_the_quote_and_accepts_nothing(world: World) -> None:
    order = make_order(world)
    quote(world, order, 9_000, words="含复测")
    reader: Any = client_of(cast.make_member(world.enterprise, role="viewer"))
    assert "9,000" in text_of(reader.get(reverse("ent-order", args=[order.number])))
    with nothing_changes():
        assert post(reader, reverse("ent-order-accept-quote", args=[order.number])).status_code == 403
