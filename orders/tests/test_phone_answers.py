"""Roads of an order whose scheme asks for phones: booked, paid for, used and mended only with confirmed numbers."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ConfirmedPhone
from accounts.tests.phones import MASKED, OTHER, STRANGE, UNCONFIRMED, code_for, confirm, sent
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow, Outgoing
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import post, text_of
from orders import services
from orders.models import Order
from orders.tests.factories import World, booking, make_order, make_world, use_of, voucher_of
from orders.tests.test_pages_enterprise import BOOKING
from orders.tests.test_use_mending import decide, give_back, typed
from orders.tests.test_use_review import make_chain
from vouchers.models import QuotaAccount, Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-4", "X-6")]

SENT = f"已向 {MASKED} 发送验证码"
FIELDS = tuple(
    {"stage": stage, "key": key, "label": "联系手机", "type": "phone"}
    for stage, key in (("order", "booker"), ("use", "handler"))
)


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    make_chain()
    return make_world(use_chain="use-test", cancel_until="use_approved", redeemer="carrier", fields=FIELDS)


@pytest.fixture
def returned(world: World) -> Order:
    """A use that came back because of its phone, which was confirmed then."""
    officer = cast.make_officer(cast.COUNTY, "review_use", "view_cases")
    confirm(world.enterprise)
    order = make_order(world, "contract")
    services.use_voucher(order, by=world.owner, use=use_of(answers={"handler": STRANGE}))
    return give_back(order, officer, ("handler", "核对手机号"))


def state() -> list[Any]:
    """Everything that a refused act must leave alone."""
    return [list(model.objects.order_by("pk").values()) for model in (Order, Voucher, QuotaAccount, AuditRow)]


# --- Booked ---------------------------------------------------------------------------------------


def book(world: World, client: Client, **changes: Any) -> Any:
    values = {**BOOKING, "pay": str(world.programme.pk), "row_booker": STRANGE, **changes}
    return client.post(reverse("order-new", args=[world.service.number]), values)


def test_a_booking_goes_on_behind_the_right_code(world: World, buyer: Client) -> None:
    refused = book(world, buyer)
    assert refused.status_code == 422
    for words in (SENT, 'name="row_booker_code"', "两台样机", f'value="{STRANGE}"'):
        assert words in text_of(refused)
    check = book(world, buyer, row_booker_code=code_for())["Location"]
    assert STRANGE in text_of(buyer.get(check))
    assert post(buyer, check).status_code == 302
    assert Order.objects.get().answers == {"booker": STRANGE}
    assert sent() == 1


@pytest.mark.parametrize("changes", [{"pay": "own"}, {"calc": "1"}])
def test_nothing_is_sent_for_a_sum_or_where_the_scheme_does_not_pay(
    world: World, buyer: Client, changes: dict[str, str]
) -> None:
    assert book(world, buyer, **changes).status_code in (200, 302)
    assert not Outgoing.objects.exists()


def test_the_page_that_only_repeats_the_booking_sends_nothing(world: World, buyer: Client) -> None:
    row = confirm(world.enterprise)
    check = book(world, buyer)["Location"]
    row.delete()
    before = state()
    assert buyer.get(check).status_code == 200
    refused = post(buyer, check)
    assert (refused.status_code, f"{MASKED} 还没有经短信验证" in text_of(refused)) == (422, True)
    assert state() == before
    assert not Outgoing.objects.exists()


def test_an_order_is_placed_with_a_confirmed_number_only(world: World) -> None:
    values = {"organization": world.enterprise, "programme": world.programme, "by": world.owner}
    asked, before = booking(world, answers={"booker": STRANGE}), state()
    confirm(cast.rival())
    with pytest.raises(Refused, match=UNCONFIRMED):
        services.place_order(**values, booking=asked)
    assert state() == before
    confirm(world.enterprise)
    assert services.place_order(**values, booking=asked).answers == {"booker": STRANGE}


# --- By phone -------------------------------------------------------------------------------------


@pytest.fixture
def entered(world: World) -> Order:
    """What the carrier entered of a call; it is asked for no phone of the scheme."""
    asked = booking(world, amount=12_000, answers={"booker": STRANGE})
    return services.enter_phone_order(
        carrier=world.carrier, organization=world.enterprise, booking=asked, by=world.seller
    )


def test_the_enterprise_proves_the_number_when_it_says_who_pays(world: World, buyer: Client, entered: Order) -> None:
    page, said = reverse("ent-order-phone", args=[entered.number]), {"pay": str(world.programme.pk)}
    refused = post(buyer, page, **said, row_booker=OTHER)
    assert (refused.status_code, sent(OTHER)) == (422, 1)
    assert 'name="row_booker_code"' in text_of(refused)
    assert post(buyer, page, **said, row_booker=OTHER, row_booker_code=code_for(OTHER)).status_code == 302
    entered.refresh_from_db()
    assert (entered.status, entered.answers) == ("accepted", {"booker": OTHER})


def test_a_call_is_not_confirmed_on_a_number_that_nobody_proved(world: World, entered: Order) -> None:
    before = state()
    with pytest.raises(Refused, match=UNCONFIRMED):
        services.confirm_phone_order(entered, by=world.owner, programme=world.programme, answers={"booker": STRANGE})
    assert state() == before
    assert services.confirm_phone_order(entered, by=world.owner).status == "accepted"


# --- Used -----------------------------------------------------------------------------------------


def test_a_voucher_is_used_behind_the_right_code(world: World, buyer: Client) -> None:
    order = make_order(world, "contract")
    page, check = (reverse(name, args=[order.number]) for name in ("ent-use", "ent-use-check"))
    for extra in ({"upload": "contract"}, {"calc": "1"}):
        buyer.post(page, typed(row_handler=STRANGE, **extra))
    assert sent() == 0
    refused = buyer.post(page, typed(row_handler=STRANGE))
    assert (refused.status_code, sent()) == (422, 1)
    assert 'name="row_handler_code"' in text_of(refused)
    assert buyer.post(page, typed(row_handler=STRANGE, row_handler_code=code_for()))["Location"] == check
    assert post(buyer, check).status_code == 302
    assert voucher_of(order).answers == {"handler": STRANGE}


def test_a_voucher_is_not_used_on_a_number_that_nobody_proved(world: World) -> None:
    order, before = make_order(world, "contract"), state()[1:3]
    with pytest.raises(Refused, match=UNCONFIRMED):
        services.use_voucher(order, by=world.owner, use=use_of(answers={"handler": STRANGE}))
    assert state()[1:3] == before


# --- Mended ---------------------------------------------------------------------------------------


def test_a_mended_number_is_proved_on_the_page(world: World, buyer: Client, returned: Order) -> None:
    page = reverse("ent-use", args=[returned.number])
    refused = buyer.post(page, typed(row_handler=OTHER))
    assert (refused.status_code, sent(OTHER)) == (422, 1)
    assert buyer.post(page, typed(row_handler=OTHER, row_handler_code=code_for(OTHER))).status_code == 302
    assert post(buyer, reverse("ent-use-check", args=[returned.number])).status_code == 302
    voucher = voucher_of(returned)
    assert (voucher.status, voucher.answers) == ("requested", {"handler": OTHER})


def test_a_mended_number_is_asked_by_the_verb_too(world: World, returned: Order) -> None:
    before = state()
    with pytest.raises(Refused, match="还没有经短信验证"):
        services.resubmit_use(returned, by=world.owner, use=use_of(answers={"handler": OTHER}))
    assert state() == before


def test_a_number_that_was_not_returned_is_not_asked_again(world: World, buyer: Client, returned: Order) -> None:
    services.resubmit_use(returned, by=world.owner, use=use_of(answers={"handler": STRANGE}))
    officer = cast.make_officer(cast.COUNTY, "review_use", "view_cases", name="沈复核")
    decide(officer, "return", items=[("contract_amount", "核对金额")])
    ConfirmedPhone.objects.all().delete()
    page = reverse("ent-use", args=[returned.number])
    assert buyer.post(page, typed(contract_amount="16000")).status_code == 302
    assert post(buyer, reverse("ent-use-check", args=[returned.number])).status_code == 302
    voucher = voucher_of(returned)
    assert (voucher.contract_amount, voucher.answers) == (16_000, {"handler": STRANGE})
    assert sent() == 0
