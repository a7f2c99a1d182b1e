"""券与额度: the bureau's list, its filters in the address, and the export of the same rows."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from innovation_voucher.casework import calendar
from innovation_voucher.lib.references import group_code
from innovation_voucher.tests import cast
from vouchers.desk import frozen_now, views
from vouchers.desk_forms import VoucherFilters
from vouchers.exports import HEADS
from vouchers.models import Programme, Voucher
from vouchers.rules import is_frozen
from vouchers.services import confirm_voucher, set_freeze, void_voucher

from . import factories

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-9")]

LIST, EXPORT = "desk-vouchers", "desk-vouchers-csv"


@pytest.fixture
def officer(db: None) -> User:
    return cast.make_officer(cast.COUNTY, "terminate_voucher", "view_cases")


@pytest.fixture
def desk(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def programme(db: None) -> Programme:
    return factories.make_programme()


def make(programme: Programme, **changes: Any) -> Voucher:
    """A voucher of a county's enterprise; `name` names the enterprise."""
    firm = cast.make_organization(name=changes.pop("name", ""), region_code=changes.pop("region", cast.COUNTY))
    return factories.make_voucher(firm, programme, **changes)


def text(client: Client, name: str = LIST, **query: str) -> str:
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return response.content.decode("utf-8-sig")


def shown(client: Client, **query: str) -> set[str]:
    """Names of the enterprises whose vouchers are listed."""
    rows = csv.DictReader(io.StringIO(text(client, EXPORT, **query)))
    return {row["企业"] for row in rows}


# --- Who reads what -------------------------------------------------------------------------------


@pytest.mark.feature("X-3")
def test_an_office_reads_its_own_regions_only(programme: Programme, desk: Client) -> None:
    make(programme, name="本区企业有限公司")
    make(programme, name="外区企业有限公司", region=cast.OTHER_COUNTY)
    page = text(desk)
    assert "本区企业有限公司" in page
    assert "外区企业有限公司" not in page
    assert shown(desk) == {"本区企业有限公司"}


@pytest.mark.feature("X-3")
@pytest.mark.parametrize("name", [LIST, EXPORT])
def test_an_office_without_a_right_reads_who_does(name: str) -> None:
    settler = cast.make_officer(
        cast.COUNTY, "settle", office=cast.make_office("province", "330000", rights=("settle",))
    )
    client = Client()
    client.force_login(settler)
    response = client.get(reverse(name))
    assert response.status_code == 403
    assert "科技主管部门" in response.content.decode()


def test_an_enterprise_does_not_come_here(programme: Programme) -> None:
    client = Client()
    client.force_login(cast.owner_of(make(programme).organization))
    assert client.get(reverse(LIST)).status_code == 403


# --- Quick views, filters, pages --------------------------------------------------------------------


def test_quick_views_count_and_show_their_states(programme: Programme, desk: Client, officer: User) -> None:
    waiting, confirmed, voided, frozen = (make(programme, name=f"第{n}号企业") for n in range(4))
    confirm_voucher(confirmed, by=officer)
    void_voucher(voided, by=None, reason="填错")
    set_freeze(frozen, by=officer, office=None, reason="核查", until=None)
    assert shown(desk, view="waiting") == {waiting.organization_name, frozen.organization_name}
    assert shown(desk, view="confirmed") == {confirmed.organization_name}
    assert shown(desk, view="over") == {voided.organization_name}
    assert shown(desk, view="frozen") == {frozen.organization_name}
    page = text(desk, view="frozen")
    assert 'aria-current="true">已冻结 <span class="n">1</span>' in page
    assert '全部 <span class="n">4</span>' in page


def test_every_state_is_in_exactly_one_view_beside_all_and_frozen() -> None:
    singles = [key for key in views() if key not in ("", "frozen")]
    found = [str(state) for key in singles for state in _states(views()[key][1])]
    assert sorted(found) == sorted(Voucher.State.values)


def _states(condition: Any) -> list[str]:
    """The states that a condition of one view names."""
    ((_field, value),) = condition.children
    return [value] if isinstance(value, str) else list(value)


@pytest.mark.parametrize(("days", "found"), [(None, True), (0, True), (5, True), (-1, False)])
def test_the_list_and_the_rule_agree_on_who_is_frozen(programme: Programme, days: int | None, found: bool) -> None:
    voucher = make(programme)
    until = None if days is None else calendar.today() + timedelta(days=days)
    Voucher.objects.update(frozen_reason="核查", frozen_until=until)
    voucher.refresh_from_db()
    assert is_frozen(voucher) is Voucher.objects.filter(frozen_now(Voucher)).exists() is found


def test_words_find_code_enterprise_and_carrier(programme: Programme, desk: Client) -> None:
    one, other = make(programme, name="云溪一号有限公司"), make(programme, name="澄光二号有限公司")
    for words in (group_code(one.code), one.code.lower(), one.code[:5], "云溪", one.carrier_name):
        assert shown(desk, q=words) == {one.organization_name}, words
    assert shown(desk, q="二号") == {other.organization_name}
    assert "没有符合条件的结果" in text(desk, q="查无此企业")


def test_days_and_amounts_narrow_and_stand_as_chips(programme: Programme, desk: Client) -> None:
    small, large = make(programme, name="小额企业", contract=2_000), make(programme, name="大额企业", contract=18_000)
    Voucher.objects.filter(pk=small.pk).update(requested_at=calendar.now() - timedelta(days=9))
    today = calendar.today().isoformat()
    assert shown(desk, since=today) == {large.organization_name}
    assert shown(desk, until=(calendar.today() - timedelta(days=5)).isoformat()) == {small.organization_name}
    assert shown(desk, least="5000") == {large.organization_name}
    page = text(desk, since=today, least="5000", view="waiting")
    assert f"申请日期从：{today}" in page
    assert "?since=" in page.replace("&amp;", "&")
    assert "清除筛选" in page


def test_a_day_that_is_none_is_asked_about_and_kept(programme: Programme, desk: Client) -> None:
    make(programme)
    response = desk.get(reverse(LIST), {"since": "昨天", "q": "企业"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "日期写成 2026-01-31 的样子" in page
    assert 'value="昨天"' in page


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["large", "small"]),
        ("oldest", ["small", "large"]),
        ("amount", ["large", "small"]),
        ("不认识", ["large", "small"]),
    ],
)
def test_the_order_follows_the_address(programme: Programme, desk: Client, sort: str, order: list[str]) -> None:
    made = {"small": make(programme, contract=2_000), "large": make(programme, contract=18_000)}
    form = VoucherFilters({"sort": sort})
    rows = Voucher.objects.filter(form.condition).order_by(*form.ordering)
    assert [row.pk for row in rows] == [made[name].pk for name in order]


def test_twenty_rows_a_page_and_the_filters_stay(programme: Programme, desk: Client) -> None:
    firm = cast.make_organization(name="多券企业有限公司")
    carrier = factories.make_carrier()
    for _n in range(21):
        factories.make_voucher(firm, programme, carrier, contract=100)
    page = text(desk, q="多券")
    assert page.count('<span class="cell2 mono">') == 20
    assert "共 21 张" in page
    assert text(desk, q="多券", page="2").count('<span class="cell2 mono">') == 1
    assert text(desk, q="多券", page="99").count('<span class="cell2 mono">') == 1


@pytest.mark.feature("X-10")
def test_one_row_or_thirty_ask_as_much(programme: Programme, desk: Client, django_assert_max_num_queries: Any) -> None:
    carrier, firm = factories.make_carrier(), cast.make_organization()
    factories.make_voucher(firm, programme, carrier, contract=100)
    text(desk)
    with django_assert_max_num_queries(8):
        text(desk)
    for _n in range(29):
        factories.make_voucher(firm, programme, carrier, contract=100)
    with django_assert_max_num_queries(8):
        text(desk)


# --- The export -------------------------------------------------------------------------------------


def test_the_export_says_what_the_list_says_and_hides_no_formula(programme: Programme, desk: Client) -> None:
    voucher = make(programme, name="=HYPERLINK(1)有限公司")
    response = desk.get(reverse(EXPORT))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="vouchers.csv"'
    assert response.content.startswith(b"\xef\xbb\xbf")
    (head, row) = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert head == [str(label) for label in HEADS]
    assert row[:2] == [group_code(voucher.code), "'=HYPERLINK(1)有限公司"]
    assert row[6:8] == ["14000.00", "待机构确认"]


def test_looking_and_exporting_change_nothing(programme: Programme, desk: Client) -> None:
    make(programme)
    before = list(Voucher.objects.values())
    text(desk)
    text(desk, EXPORT)
    assert list(Voucher.objects.values()) == before
