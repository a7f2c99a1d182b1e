"""One enterprise from all sides: its flags, what is masked, persons without a code, and who reads it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.casework import calendar
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import HOSTILE
from orders.pages.desk_enterprise import NEWEST, EnterprisePage
from orders.tests.conftest import client_of
from orders.tests.factories import World, make_order, voucher_of
from vouchers.models import QuotaAccount
from vouchers.services import set_freeze, terminate_voucher
from vouchers.tests.factories import end_year

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-9")]

LIST = reverse("desk-enterprises")


@pytest.fixture
def officer(world: World) -> User:
    return cast.make_officer(cast.COUNTY, "terminate_voucher", "view_cases", "review_use")


@pytest.fixture
def desk(officer: User) -> Client:
    return client_of(officer)


def shown(client: Client, key: str) -> tuple[EnterprisePage, str]:
    response = client.get(reverse("desk-enterprise", args=[key]))
    assert response.status_code == 200
    return response.context["page"], response.content.decode()


def key_of(firm: Organization) -> str:
    assert firm.credit_code
    return str(firm.credit_code)


def freeze(thing: Any, by: User, days: int | None = None) -> None:
    until = None if days is None else calendar.today() + timedelta(days=days)
    set_freeze(thing, by=by, office=None, reason="举报核查", until=until)


def named(client: Client, **query: str) -> set[str]:
    return {firm.name for firm in client.get(LIST, query).context["page"]}


# --- Flags ------------------------------------------------------------------------------------------


def test_nothing_to_say_says_nothing(world: World, desk: Client) -> None:
    page, html = shown(desk, key_of(world.enterprise))
    assert page.flags == []
    assert "请留意" not in html


def test_terminated_vouchers_are_counted(world: World, desk: Client, officer: User) -> None:
    for _n in range(2):
        voucher = voucher_of(make_order(world, "received"))
        terminate_voucher(voucher, by=officer, office=None, reason="未开展")
    assert shown(desk, key_of(world.enterprise))[0].flags == ["有 2 张创新券被终止"]


def test_who_is_not_verified_is_flagged(world: World, desk: Client) -> None:
    firm = cast.make_organization(name="未认证的企业", verified=False)
    page, _html = shown(desk, key_of(firm))
    assert page.flags == ["还没有通过实名认证"]
    assert page.accounts == []


def test_a_freeze_is_flagged_to_its_last_day(world: World, desk: Client, officer: User) -> None:
    freeze(QuotaAccount.objects.get(), officer, days=0)
    page, html = shown(desk, key_of(world.enterprise))
    assert [flag.endswith("已冻结：举报核查") for flag in page.flags] == [True]
    assert "已冻结：举报核查" in html
    with calendar.acting_at(calendar.now() + timedelta(days=1)):
        assert shown(desk, key_of(world.enterprise))[0].flags == []
        assert named(desk, view="frozen") == set()


def test_quota_that_lapsed_frozen_is_no_flag_and_has_no_button(world: World, desk: Client, officer: User) -> None:
    account = QuotaAccount.objects.get()
    freeze(account, officer)
    assert named(desk, view="frozen") == {world.enterprise.name}
    account.refresh_from_db()
    account.lapse()
    account.save()
    page, html = shown(desk, key_of(world.enterprise))
    assert (page.flags, page.account_acts) == ([], [])
    assert "额度账户办理" not in html
    assert named(desk, view="frozen") == set()


def test_a_frozen_voucher_stands_in_its_row_until_it_ends(world: World, desk: Client, officer: User) -> None:
    voucher = voucher_of(make_order(world, "received"))
    freeze(voucher, officer)
    assert "已确认，已冻结" in shown(desk, key_of(world.enterprise))[1]
    assert named(desk, view="frozen") == {world.enterprise.name}
    terminate_voucher(voucher, by=officer, office=None, reason="查实")
    html = shown(desk, key_of(world.enterprise))[1]
    assert "，已冻结" not in html
    assert "已终止" in html
    assert named(desk, view="frozen") == set()


# --- What stands on it ------------------------------------------------------------------------------


def test_the_newest_rows_stand_and_the_rest_is_linked(world: World, desk: Client) -> None:
    orders = [make_order(world) for _n in range(NEWEST + 1)]
    _page, html = shown(desk, key_of(world.enterprise))
    assert [order.number in html for order in orders] == [False] + [True] * NEWEST
    assert f"{reverse('desk-vouchers')}?q=" in html


def test_accounts_stand_with_their_sums_the_longest_lasting_first(world: World, desk: Client) -> None:
    make_order(world, "issued")
    old = QuotaAccount.objects.get()
    end_year(old)
    page, html = shown(desk, key_of(world.enterprise))
    assert [account.pk for account in page.accounts] == [old.pk]
    for words in ("50,000.00", "36,000.00", "14,000.00", str(calendar.today() - timedelta(days=1))):
        assert words in html, words


def test_no_number_of_a_person_or_account_stands_in_full(world: World, desk: Client) -> None:
    make_order(world, "issued")
    _page, html = shown(desk, key_of(world.enterprise))
    assert str(world.owner.phone)[3:] not in html
    assert world.enterprise.bank_accounts.get(active=True).number not in html
    assert "19900000001" not in html


@pytest.mark.parametrize("words", HOSTILE.values())
def test_a_hostile_name_stands_as_text(world: World, desk: Client, words: str) -> None:
    firm = cast.make_organization(name=words)
    _page, html = shown(desk, key_of(firm))
    assert "<script>alert" not in html
    assert 'autofocus onfocus="' not in html
    assert words in named(desk, q=words[:8])


# --- Persons without a code -------------------------------------------------------------------------


@pytest.fixture
def person(db: None) -> Organization:
    """An entrepreneur who took the first verification back and drafts the second."""
    found = cast.entrepreneur()
    first = found.verifications.create(number="RZ-2026-900001", organization=found)
    first.withdraw()
    first.save()
    found.verifications.create(number="RZ-2026-900002", organization=found)
    return found


@pytest.mark.parametrize("number", ["RZ-2026-900001", "RZ-2026-900002"])
def test_a_person_is_found_by_any_verification(world: World, desk: Client, person: Organization, number: str) -> None:
    assert shown(desk, number)[0].organization == person


def test_the_list_leads_to_the_first_one_and_shows_no_code(world: World, desk: Client, person: Organization) -> None:
    html = desk.get(LIST, {"q": person.name}).content.decode()
    assert reverse("desk-enterprise", args=["RZ-2026-900001"]) in html
    assert "RZ-2026-900002" not in html
    facts = {row["label"] for row in shown(desk, "RZ-2026-900001")[0].facts}
    assert "统一社会信用代码" not in facts


def test_a_draft_of_a_verification_is_not_listed(world: World, desk: Client, person: Organization) -> None:
    _page, html = shown(desk, "RZ-2026-900002")
    links = [reverse("desk-case", args=["verification", f"RZ-2026-90000{n}"]) in html for n in (1, 2)]
    assert links == [True, False]


def test_a_person_without_any_is_listed_without_a_link(world: World, desk: Client) -> None:
    nobody = cast.entrepreneur()
    response = desk.get(LIST, {"q": nobody.name})
    assert response.status_code == 200
    assert nobody.name in response.content.decode()


@pytest.mark.parametrize("key", ["", "None", "0", "%", "RZ-", "9" * 18, "不存在"])
def test_a_key_of_nobody_is_not_there(world: World, desk: Client, person: Organization, key: str) -> None:
    cast.entrepreneur()
    assert desk.get(f"{LIST}{key}/" if key else f"{LIST}/").status_code == 404


# --- Who reads it -----------------------------------------------------------------------------------


@pytest.mark.feature("X-3")
def test_statuses_for_everybody(world: World) -> None:
    address = reverse("desk-enterprise", args=[key_of(world.enterprise)])
    people = {
        "elsewhere": (cast.make_officer(cast.OTHER_COUNTY, "view_cases"), 404),
        "province": (cast.make_officer("330000", "view_cases", kind="province"), 200),
        "verifier": (_officer_with("review_verification"), 200),
        "claims": (_officer_with("review_claim"), 200),
        "settler": (_officer_with("settle"), 403),
        "owner": (world.owner, 403),
        "seller": (world.seller, 403),
    }
    found = {name: client_of(user).get(address).status_code for name, (user, _status) in people.items()}
    assert found == {name: status for name, (_user, status) in people.items()}


def _officer_with(right: str) -> User:
    """Of an office of its own, which holds this right alone."""
    return cast.make_officer(office=cast.make_office("centre", rights=(right,), name=f"只有{right}的机构"))


@pytest.mark.feature("X-3")
def test_the_accepting_bureau_reads_it_and_not_the_place(world: World, desk: Client) -> None:
    """The case lies where the bureau is that accepts it, whatever the seat is."""
    elsewhere = cast.make_region(cast.OTHER_COUNTY)
    firm = cast.make_organization(name="别处受理有限公司", bureau=elsewhere)
    assert desk.get(reverse("desk-enterprise", args=[key_of(firm)])).status_code == 404
    other = client_of(cast.make_officer(cast.OTHER_COUNTY, "view_cases"))
    assert shown(other, key_of(firm))[0].organization == firm
    assert named(other) == {firm.name}


def test_a_reader_gets_the_reason_and_no_button(world: World) -> None:
    reader = client_of(_officer_with("view_cases"))
    page, html = shown(reader, key_of(world.enterprise))
    ((account, button),) = page.account_acts
    assert "办理" in button.reason
    assert reverse("desk-account-freeze", args=[account.number]) not in html


# --- The list ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["%", "_", "' OR 1=1", "\\"])
def test_signs_of_the_query_language_find_nothing(world: World, desk: Client, words: str) -> None:
    assert named(desk, q=words) == set()


def test_a_list_keeps_words_and_view_over_its_pages(world: World, desk: Client) -> None:
    for n in range(21):
        cast.make_organization(name=f"分页试验{n:02d}有限公司")
    first = desk.get(LIST, {"q": "分页试验", "view": "verified"})
    assert len(first.context["page"]) == 20
    html = first.content.decode().replace("&amp;", "&")
    (link,) = {part.split('"')[0] for part in html.split('href="')[1:] if "page=2" in part.split('"')[0]}
    assert "view=verified" in link
    assert len(desk.get(LIST + link).context["page"]) == 1
    assert "页试" in desk.get(LIST + link).content.decode()


def test_sums_are_of_quota_in_use_and_multiply_nothing(desk: Client, world: World) -> None:
    for _n in range(2):
        make_order(world, "issued", contract=10_000)
    (row,) = desk.get(LIST, {"q": world.enterprise.name}).context["page"]
    assert (row.available, row.held, row.vouchers_count) == (30_000, 20_000, 2)
    account = QuotaAccount.objects.get()
    account.lapse()
    account.save()
    (row,) = desk.get(LIST, {"q": world.enterprise.name}).context["page"]
    assert (row.available, row.held, row.vouchers_count) == (None, None, 2)
