"""The same form 20 times in parallel: one effect, one answer; the same token for anything else is refused."""

import pytest

from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import AuditRow, OneTimeToken
from innovation_voucher.tests import cast
from orders.tests.factories import make_order, make_world, voucher_of
from vouchers.models import Claim, QuotaAccount
from vouchers.services import signature
from vouchers.tests.factories import make_programme

from . import often
from .conftest import Say, tally
from .processes import Server
from .wire import fire, post, send, sign_in

pytestmark = [pytest.mark.storm, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("whole")]

AT_ONCE = 20


def one_answer(portal: Server, request: bytes) -> str:
    """Where all of the equal requests were sent."""
    answers = fire(portal.socket, [request] * AT_ONCE)
    assert tally(answers) == {302: AT_ONCE}
    places = {answer.location for answer in answers}
    assert len(places) == 1
    return places.pop()


@pytest.mark.feature("X-4")
def test_a_claim_is_granted_once_per_token(portal: Server, say: Say) -> None:
    make_programme()
    rounds = often(5, 50)
    for n in range(1, rounds + 1):
        organization = cast.make_organization()
        cookie, token = sign_in(cast.owner_of(organization)), new_token()
        place = one_answer(portal, post("/ent/quota/claim/", cookie, token=token, amount="50", agree="on"))
        claim = Claim.objects.get(organization=organization)
        assert claim.number in place
        other = post("/ent/quota/claim/", cookie, token=token, amount="60", agree="on")
        assert send(portal.socket, other).status == 422
        assert QuotaAccount.objects.get(organization=organization).granted == 50
        assert OneTimeToken.objects.count() == Claim.objects.count() == n
    say(f"once: {rounds} claims sent {AT_ONCE} times each, {rounds} granted; {rounds} of {rounds} other bodies refused")


@pytest.mark.feature("ZO-12")
def test_a_voucher_is_received_and_another_voided_once(portal: Server, say: Say) -> None:
    world = make_world()
    seller, owner = sign_in(world.seller), sign_in(world.owner)
    rounds = often(3, 20)
    for n in range(1, rounds + 1):
        got, gone = (voucher_of(make_order(world, "issued", contract=100)) for _v in range(2))
        one_answer(portal, post(f"/q/{got.code}/receive/", seller, signature=signature(got), checked="on"))
        one_answer(portal, post("/ent/vouchers/void/", owner, code=gone.code, reason="填错"))
        assert AuditRow.objects.filter(verb="order.voucher_received").count() == n
        assert AuditRow.objects.filter(verb="voucher.voided").count() == n
    say(f"once: {rounds} receipts and {rounds} voids sent {AT_ONCE} times each, {rounds} and {rounds} took effect")
