"""How many queries a page may ask (performance.md, G12), on the demo world."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.tests.sweeps import targets
from innovation_voucher.tests.sweeps.targets import Target, fixed
from innovation_voucher.tests.sweeps.world import World, user
from vouchers import resolve

LIST, DETAIL, DASHBOARD, CLAIM, RECEIVE, SEARCH, ADMIN = 8, 12, 15, 12, 8, 8, 12

BUSY, CARRIER, OFFICER, PROVINCE, EXPERT = "chengguang", "donghai", "wang-bj", "qian-zd", "e-gu"

#: Who, page, its object, and its budget.
PAGES: list[tuple[str, str, Target, int]] = [
    ("", "services", fixed(), SEARCH),
    ("", "instruments", fixed(), SEARCH),
    ("", "carriers", fixed(), SEARCH),
    ("", "mutual-list", fixed(), SEARCH),
    ("", "map", fixed(), SEARCH),
    ("", "map-data", fixed(), SEARCH),
    ("", "map-card", targets.CARRIER_PAGE, DETAIL),
    ("", "service", targets.SERVICE, DETAIL),
    ("", "instrument", targets.INSTRUMENT, DETAIL),
    ("", "carrier-page", targets.CARRIER_PAGE, DETAIL),
    ("", "verify", targets.voucher(), DETAIL),
    ("", "quota-lookup", fixed(), LIST),
    ("", "programme-regions", fixed(), LIST),
    (BUSY, "services", fixed(), SEARCH),
    (BUSY, "ent-home", fixed(), DASHBOARD),
    (BUSY, "ent-cart", fixed(), LIST),
    (BUSY, "order-new", targets.SERVICE, DETAIL),
    (BUSY, "ent-orders", fixed(), LIST),
    (BUSY, "ent-order", targets.order(), DETAIL),
    (BUSY, "order-missing", fixed(), LIST),
    (BUSY, "ent-vouchers", fixed(), LIST),
    (BUSY, "ent-voucher", targets.voucher(), DETAIL),
    (BUSY, "ent-quota", fixed(), LIST),
    (BUSY, "quota-years", fixed(), LIST),
    (BUSY, "claim-form-pdf", targets.CLAIM, DETAIL),
    (BUSY, "ent-ledger", targets.ACCOUNT, LIST),
    (BUSY, "ent-claim", targets.CLAIM, DETAIL),
    (BUSY, "ent-redeem-list", fixed(), LIST),
    (BUSY, "ent-redeem", targets.RETURNED, DETAIL),
    (BUSY, "redeem-consent", targets.RETURNED, DETAIL),
    (BUSY, "ent-reviews", fixed(), LIST),
    (BUSY, "ent-quick", fixed(), LIST),
    (BUSY, "ent-cert", fixed(), DETAIL),
    (BUSY, "ent-cert-history", fixed(), LIST),
    (BUSY, "inbox", fixed(), LIST),
    (CARRIER, "carrier-home", fixed(), DASHBOARD),
    (CARRIER, "carrier-bookings", fixed(), LIST),
    (CARRIER, "carrier-booking", targets.order("placed"), DETAIL),
    (CARRIER, "order-quote", targets.order("placed"), DETAIL),
    (CARRIER, "order-phone", fixed(), DETAIL),
    (CARRIER, "carrier-vouchers", fixed(), LIST),
    (CARRIER, "carrier-items", fixed(), LIST),
    (CARRIER, "carrier-reviews", fixed(), LIST),
    (CARRIER, "carrier-redeem-list", fixed(), LIST),
    (CARRIER, "carrier-scan", fixed(), LIST),
    (OFFICER, "desk-inbox", fixed(), DASHBOARD),
    (OFFICER, "desk-queue", fixed(subject="verification"), LIST),
    (OFFICER, "desk-case", targets.case(status="open"), DETAIL),
    (OFFICER, "desk-recuse", targets.case(status="open"), DETAIL),
    (OFFICER, "desk-carriers", fixed(), LIST),
    (OFFICER, "desk-carrier", targets.COUNTYS_RECOGNITION, DETAIL),
    ("", "publicity-list", fixed(), LIST),
    ("", "publicity", targets.publicity("open"), DETAIL),
    ("yan-yh", "desk-publicity", fixed(), LIST),
    ("yan-yh", "desk-publicity-one", targets.publicity("open"), DETAIL),
    ("yan-yh", "desk-objections", fixed(), LIST),
    ("yan-yh", "desk-objection", targets.objection, DETAIL),
    ("feng-jg", "inst-panels", fixed(), LIST),
    ("feng-jg", "inst-panel", targets.panel(True), DETAIL),
    (EXPERT, "expert-tasks", fixed(), LIST),
    (EXPERT, "expert-history", fixed(), LIST),
    (EXPERT, "expert-case", targets.panel(False), DETAIL),
    (OFFICER, "desk-vouchers", fixed(), LIST),
    (OFFICER, "desk-voucher", targets.voucher(), DETAIL),
    (OFFICER, "desk-voucher-terminate", targets.voucher("confirmed"), DETAIL),
    (OFFICER, "desk-rules", fixed(), LIST),
    (OFFICER, "desk-rule-new", targets.programme, DETAIL),
    (OFFICER, "desk-rule", targets.local_rules, DETAIL),
    (OFFICER, "desk-paper", targets.RETURNED, DETAIL),
    (OFFICER, "desk-enterprises", fixed(), LIST),
    (OFFICER, "desk-enterprise", targets.firm, DETAIL),
]
#: Acts by those whose turn it is: the body is what their page sends.
ACTS: list[tuple[str, str, Target, dict[str, Any], int]] = [
    (BUSY, "ent-claim-new", fixed(), {"amount": "1000", "agree": "on"}, CLAIM),
    (CARRIER, "verify-receive", targets.voucher(), {"checked": "on"}, RECEIVE),
]
#: Lists of somebody with few rows beside those of somebody with many.
GROWING = [
    ("ent-orders", "qingyu", BUSY),
    ("ent-vouchers", "qingyu", BUSY),
    ("ent-redeem-list", "hegu", BUSY),
    ("inbox", "qingyu", BUSY),
    ("carrier-vouchers", "zhongruan", CARRIER),
    ("carrier-items", "lanjing", CARRIER),
]


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Answers about the world's policies do not reach the next package."""
    yield
    resolve._answers.clear()


def browser(username: str) -> Client:
    client = Client()
    if username:
        client.force_login(user(username))
    return client


def asked(client: Client, name: str, target: Target, body: dict[str, Any] | None = None) -> tuple[int, list[str]]:
    """Status and the statements, without those that only open or close a transaction."""
    url = reverse(name, kwargs=target()[0])
    # What is kept from the commit on (policies) is kept here too, as after a request of a real browser.
    with TestCase.captureOnCommitCallbacks(execute=True), CaptureQueriesContext(connection) as queries:
        response = client.get(url) if body is None else client.post(url, {"_token": new_token(), **body})
    said = [query["sql"] for query in queries.captured_queries]
    return response.status_code, [sql for sql in said if not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))]


@pytest.mark.parametrize(("who", "name", "target", "budget"), PAGES, ids=[f"{p[0] or 'public'}-{p[1]}" for p in PAGES])
def test_a_page_keeps_to_its_budget(world: World, who: str, name: str, target: Target, budget: int) -> None:
    client = browser(who)
    asked(client, name, target)  # policies and content types are cached by the first reader
    status, queries = asked(client, name, target)
    assert status == 200
    assert len(queries) <= budget, f"{len(queries)} of {budget}:\n" + "\n".join(queries)


@pytest.mark.parametrize(("who", "name", "target", "body", "budget"), ACTS, ids=[act[1] for act in ACTS])
def test_an_act_keeps_to_its_budget(
    world: World, who: str, name: str, target: Target, body: dict[str, Any], budget: int
) -> None:
    client = browser(who)
    asked(client, name, target)  # the page of the form
    status, queries = asked(client, name, target, body)
    assert status == 302
    assert len(queries) <= budget, f"{len(queries)} of {budget}:\n" + "\n".join(queries)


@pytest.mark.parametrize(("name", "few", "many"), GROWING, ids=[row[0] for row in GROWING])
def test_a_list_asks_as_much_for_one_row_as_for_many(world: World, name: str, few: str, many: str) -> None:
    counts = []
    for who in (few, many):
        client = browser(who)
        asked(client, name, fixed())
        counts.append(len(asked(client, name, fixed())[1]))
    assert counts[1] <= counts[0], f"{counts} queries of {few} and {many}"


def test_every_list_of_the_admin_keeps_to_its_budget(world: World) -> None:
    client, counts = browser(PROVINCE), {}
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        status, queries = asked(client, name, fixed())
        if status == 200:
            counts[name] = len(queries)
    assert len(counts) > 10
    assert {name: count for name, count in counts.items() if count > ADMIN} == {}
