"""The portal's side: its database filled by its own verbs, its server, its requests."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import cycle
from typing import Any, TypeVar

from django.db import connection, connections, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from innovation_voucher.lib.references import new_code
from innovation_voucher.tests import cast
from orders.models import Order
from orders.tests.factories import make_order, make_world, voucher_of
from storm.wire import get, post, sign_in
from vouchers.models import BudgetPool, Voucher
from vouchers.services import signature

COUNTIES = ("330102", "330105", "330106", "330108", "330109", "330110", "330111", "330112", "330113", "330114")
#: A county without a budget.
FREE = "330122"
ENTERPRISES, ROWS = 200, 40
#: Nobody signs in by a password here, and a good hash costs a second.
HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
_NO_QUERY = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")

M = TypeVar("M", bound=Model)
Requests = dict[str, Iterator[bytes]]


@override_settings(PASSWORD_HASHERS=HASHERS)
def fill(vouchers: int) -> tuple[Requests, dict[str, Callable[[], int]]]:
    """The requests of each kind, and for each kind a function that counts its queries."""
    world = make_world(cap_year=Decimal(10**9))
    enterprises = [cast.make_organization(region_code=COUNTIES[n % len(COUNTIES)]) for n in range(ENTERPRISES)]
    for code in COUNTIES:
        BudgetPool.objects.create(programme=world.programme, region=cast.make_region(code), total=10**9, budget=10**9)
    cookies = [sign_in(cast.owner_of(one)) for one in enterprises]
    free = [sign_in(cast.owner_of(cast.make_organization(region_code=FREE))) for _n in range(ENTERPRISES // 4)]
    order = make_order(world, "issued")
    waiting = _copies(order, voucher_of(order), vouchers + 2)
    _rows(order, enterprises[0].pk)
    seller = sign_in(world.seller)

    def claim(cookie: str) -> dict[str, Any]:
        return {"path": "/ent/quota/claim/", "cookie": cookie, "amount": "1", "agree": "on"}

    def receive(voucher: Voucher) -> dict[str, Any]:
        path = f"/q/{voucher.code}/receive/"
        return {"path": path, "cookie": seller, "signature": signature(voucher), "checked": "on"}

    requests: Requests = {
        "claim": (post(**claim(cookie)) for cookie in cycle(cookies)),
        "hot": (post(**claim(cookie)) for cookie in cycle(cookies[-1:])),
        "free": (post(**claim(cookie)) for cookie in cycle(free)),
        "receive": (post(**receive(voucher)) for voucher in waiting[2:]),
        "list": (get("/ent/orders/", cookies[0]) for _n in cycle([0])),
    }
    counts = {
        "claim": lambda: _queries([claim(cookies[0])] * 2),
        "receive": lambda: _queries([receive(voucher) for voucher in waiting[:2]]),
        "list": lambda: _queries([{"path": "/ent/orders/", "cookie": cookies[0]}] * 2),
    }
    connections.close_all()
    return requests, counts


def _copies(order: Order, voucher: Voucher, number: int) -> list[Voucher]:
    """More vouchers in the same state, each with its order; the guards of the first state do not look."""
    with _unguarded():
        vouchers = Voucher.objects.bulk_create(_copy(voucher, code=new_code()) for _n in range(number))
        Order.objects.bulk_create(_copy(order, number=f"B{v.pk}", voucher_id=v.pk) for v in vouchers)
    return vouchers


def _rows(order: Order, organization: int) -> None:
    """A list of orders to look at."""
    with _unguarded():
        Order.objects.bulk_create(
            _copy(order, number=f"L{n}", voucher_id=None, organization_id=organization) for n in range(ROWS)
        )


@contextmanager
def _unguarded() -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield


def _copy(row: M, **values: Any) -> M:
    kept = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    return type(row)(**{**kept, **values})


def _queries(requests: list[dict[str, Any]]) -> int:
    """Queries of the last request, when a worker has served the same page before."""
    for request in requests:
        with CaptureQueriesContext(connection) as caught:
            _ask(**request)
    return sum(not query["sql"].startswith(_NO_QUERY) for query in caught.captured_queries)


def _ask(path: str, cookie: str, **fields: str) -> None:
    client = Client(SERVER_NAME="localhost", HTTP_COOKIE=cookie)
    if fields:
        client.post(path, {"_token": secrets.token_urlsafe(32), **fields})
    else:
        client.get(path)
