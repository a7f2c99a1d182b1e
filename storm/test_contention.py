"""200 sessions at once against one cap, one budget, and both: exactly the limit is granted."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F

from accounts.models import Organization
from innovation_voucher.tests import cast
from vouchers.models import BudgetPool, Claim, QuotaAccount
from vouchers.tests.factories import make_programme

from . import naive, often
from .conftest import Say, tally
from .processes import Place, Server, wait_until
from .wire import fire, post, sign_in

pytestmark = [pytest.mark.storm, pytest.mark.django_db(transaction=True), pytest.mark.feature("X-4")]

AT_ONCE = 200
#: Of 200 claims in a round half can be granted, for whatever limit.
HALF = 100
STEP = Decimal(7)


def claims(cookies: list[str]) -> list[bytes]:
    return [post("/ent/quota/claim/", cookie, amount=str(STEP), agree="on") for cookie in cookies]


def sessions(organization: Organization, number: int) -> list[str]:
    owner = cast.owner_of(organization)
    return [sign_in(owner) for _n in range(number)]


def granted_since(before: int) -> int:
    return Claim.objects.filter(status="approved").count() - before


@pytest.mark.usefixtures("whole")
def test_one_cap(portal: Server, say: Say) -> None:
    """200 sessions of one organization want more than its yearly cap."""
    make_programme(cap_year=HALF * STEP)
    rounds = often(3, 15)
    total: Counter[int] = Counter()
    for _n in range(rounds):
        organization = cast.make_organization()
        found = tally(fire(portal.socket, claims(sessions(organization, AT_ONCE))))
        assert found[302] == HALF, found
        assert QuotaAccount.objects.get(organization=organization).granted == HALF * STEP
        total += found
    assert Claim.objects.filter(status="approved").count() == rounds * HALF
    say(f"one cap: {rounds * AT_ONCE} claims, {total[302]} granted of {rounds * HALF}, 0 overspent, 0 errors")


@pytest.mark.usefixtures("whole")
def test_one_budget(portal: Server, say: Say) -> None:
    """200 enterprises want more than their county's budget."""
    programme = make_programme()
    cookies = [sign_in(cast.owner_of(cast.make_organization())) for _n in range(AT_ONCE)]
    # The last three yuan are less than a claim and must stay.
    left = Decimal(3)
    pool = BudgetPool.objects.create(programme=programme, region=cast.make_region(), total=left, budget=left)
    rounds = often(4, 20)
    for _n in range(rounds):
        BudgetPool.objects.update(total=F("total") + HALF * STEP, budget=F("budget") + HALF * STEP)
        before = Claim.objects.count()
        found = tally(fire(portal.socket, claims(cookies)))
        assert found[302] == granted_since(before) == HALF, found
        pool.refresh_from_db()
        assert pool.budget == left
    say(f"one budget: {rounds * AT_ONCE} claims, {rounds * HALF} granted of {rounds * HALF}, 0 overspent, 0 errors")


@pytest.mark.usefixtures("whole")
def test_caps_and_a_budget(portal: Server, say: Say) -> None:
    """40 organizations with five sessions each; every cap takes three claims, the budget 100 of these 120."""
    of_each, sizes = 3, 5
    rounds = often(3, 15)
    programme = make_programme(cap_year=of_each * STEP)
    pool = BudgetPool.objects.create(programme=programme, region=cast.make_region(), total=0, budget=0)
    for _n in range(rounds):
        BudgetPool.objects.update(total=F("total") + HALF * STEP, budget=F("budget") + HALF * STEP)
        organizations = [cast.make_organization() for _o in range(AT_ONCE // sizes)]
        cookies = [cookie for organization in organizations for cookie in sessions(organization, sizes)]
        found = tally(fire(portal.socket, claims(cookies)))
        assert found[302] == HALF, found
        pool.refresh_from_db()
        assert pool.budget == 0
        accounts = QuotaAccount.objects.filter(organization__in=organizations)
        assert sum(account.granted for account in accounts) == HALF * STEP
        assert max(account.granted for account in accounts) <= of_each * STEP
    total = rounds * HALF
    say(f"caps and budget: {rounds * AT_ONCE} claims, {total} granted of {total}, 0 overspent, 0 errors")


@pytest.fixture
def scratch() -> Iterator[None]:
    """A table that no rule protects."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {naive.TABLE} (id serial, key text)")
        cursor.execute(f"GRANT ALL ON {naive.TABLE}, {naive.TABLE}_id_seq TO portal")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {naive.TABLE}")


@pytest.mark.usefixtures("scratch")
def test_check_then_insert_overspends_under_the_same_load(place: Place, say: Say) -> None:
    """The control: without the guards the same 200 sessions get more than there is."""
    server = Server(place, "storm.naive")
    try:
        wait_until(lambda: server.socket.exists() and len(server.worker_pids()) == server.workers, 60, "the control")
        rounds = often(5, 15)
        granted = [tally(fire(server.socket, _round(n)))[302] for n in range(rounds)]
    finally:
        server.stop()
    over = [number for number in granted if number > naive.LIMIT]
    assert len(over) >= rounds - 1, granted
    say(f"control without guards: {len(over)} of {rounds} rounds overspent, up to {max(granted)} of {naive.LIMIT}")


def _round(number: int) -> list[bytes]:
    return [post(f"/round/{number}", "", amount=str(STEP)) for _n in range(AT_ONCE)]
