"""券与额度: filters one by one and together, hostile words, and what the export makes of them."""

import csv
import io
from copy import deepcopy
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization, User
from carriers.models import Carrier
from innovation_voucher.casework import calendar
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import HOSTILE
from vouchers.desk import ROWS, VoucherList, frozen_now, views
from vouchers.desk_forms import VoucherFilters
from vouchers.exports import HEADS, export_rows
from vouchers.models import Programme, QuotaAccount, Voucher
from vouchers.rules import is_frozen
from vouchers.services import set_freeze, terminate_voucher

from . import factories
from .pages import client_of, put_into

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-9")]

LIST, EXPORT = reverse("desk-vouchers"), reverse("desk-vouchers-csv")


@pytest.fixture
def officer(db: None) -> User:
    return cast.make_officer(cast.COUNTY, "terminate_voucher", "view_cases")


@pytest.fixture
def desk(officer: User) -> Client:
    return client_of(officer)


@pytest.fixture(scope="module")
def built(kept: Path) -> dict[str, Voucher]:
    """Vouchers of 2,000, 10,000 and 14,000 yuan, asked for nine days ago, yesterday and today."""
    made, programme = {}, factories.make_programme()
    for name, contract, days in (("甲", 2_000, 9), ("乙", 10_000, 1), ("丙", 18_000, 0)):
        firm = cast.make_organization(name=f"{name}号试验有限公司")
        voucher = factories.make_voucher(firm, programme, contract=contract)
        Voucher.objects.filter(pk=voucher.pk).update(requested_at=calendar.now() - timedelta(days=days))
        made[name] = voucher
    return made


@pytest.fixture
def three(built: dict[str, Voucher]) -> dict[str, Voucher]:
    return deepcopy(built)


def day(ago: int) -> str:
    return (calendar.today() - timedelta(days=ago)).isoformat()


def table(client: Client, **query: Any) -> list[dict[str, str]]:
    response = client.get(EXPORT, query)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def names(client: Client, **query: Any) -> str:
    """First characters of the exported enterprises, in the order of the rows."""
    return "".join(row["企业"][0] for row in table(client, **query))


# --- Filters --------------------------------------------------------------------------------------


FILTERS = [
    ({}, "丙乙甲"),
    ({"since": 1}, "丙乙"),
    ({"until": 1}, "乙甲"),
    ({"since": 1, "until": 1}, "乙"),
    ({"since": 0, "until": 9}, ""),
    ({"least": "10000"}, "丙乙"),
    ({"least": "10000.01"}, "丙"),
    ({"least": "10,000.00"}, "丙乙"),
    ({"least": "0"}, "丙乙甲"),
    ({"least": "10000", "until": 1}, "乙"),
    ({"least": "10000", "until": 1, "q": "甲号"}, ""),
    ({"q": "号试验", "since": 8, "sort": "oldest"}, "乙丙"),
    ({"q": " 乙号 "}, "乙"),
    ({"view": "waiting", "least": "14000"}, "丙"),
    ({"view": "paid"}, ""),
    ({"view": "没有这个"}, "丙乙甲"),
    ({"sort": "amount"}, "丙乙甲"),
    ({"sort": "oldest"}, "甲乙丙"),
]


@pytest.mark.parametrize(("query", "found"), FILTERS)
def test_every_filter_alone_and_with_others(
    three: dict[str, Voucher], desk: Client, query: dict[str, Any], found: str
) -> None:
    asked = {name: day(value) if name in ("since", "until") else value for name, value in query.items()}
    assert names(desk, **asked) == found
    page = desk.get(LIST, asked).content.decode()
    assert {name for name in "甲乙丙" if f"{name}号试验有限公司</a>" in page} == set(found)


def test_the_order_by_the_last_valid_day(desk: Client) -> None:
    """Thirty days from three days of June, asked for in another order."""
    programme = factories.make_programme(valid_days=30)
    june = calendar.now().replace(month=6, day=1)
    for name, days in (("甲", 3), ("乙", 1), ("丙", 2)):
        with calendar.acting_at(june + timedelta(days=days)):
            factories.make_voucher(cast.make_organization(name=f"{name}号试验有限公司"), programme)
    assert names(desk, sort="ending") == "乙丙甲"


def test_a_day_is_the_day_of_the_place_and_not_of_greenwich(three: dict[str, Voucher], desk: Client) -> None:
    """The first moment of a day here is still yesterday there."""
    midnight = timezone.localtime(calendar.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    assert midnight.astimezone(UTC).date() < calendar.today()
    Voucher.objects.filter(pk=three["甲"].pk).update(requested_at=midnight)
    assert names(desk, since=day(0), sort="oldest") == "甲丙"
    assert names(desk, until=day(1)) == "乙"


@pytest.mark.parametrize("words", ["-", " - - ", "--- "])
def test_dashes_alone_are_no_code(three: dict[str, Voucher], desk: Client, words: str) -> None:
    assert table(desk, q=words) == []


def test_a_dash_in_a_name_is_found(three: dict[str, Voucher], desk: Client) -> None:
    firm = cast.make_organization(name="云溪-澄光联合有限公司")
    factories.make_voucher(firm, three["甲"].programme)
    assert names(desk, q="溪-澄") == "云"
    assert names(desk, q="溪澄") == ""


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", *HOSTILE.values()])
def test_hostile_words_find_nothing_and_stand_as_text(three: dict[str, Voucher], desk: Client, words: str) -> None:
    response = desk.get(LIST, {"q": words[:60]})
    assert response.status_code == 200
    page = response.content.decode()
    assert "没有符合条件的结果" in page
    assert "<script>alert" not in page
    assert 'autofocus onfocus="' not in page
    assert table(desk, q=words[:60]) == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"since": "昨天"}, "日期写成 2026-01-31 的样子"),
        ({"until": "2026-02-30"}, "日期写成 2026-01-31 的样子"),
        ({"least": "一万"}, "券额不低于（元）"),
        ({"least": "-1"}, "券额不低于（元）"),
        ({"q": "长" * 61}, "60"),
        ({"sort": "不认识"}, "排序"),
    ],
)
def test_what_cannot_be_read_is_said_and_exports_nothing(
    three: dict[str, Voucher], desk: Client, query: dict[str, str], words: str
) -> None:
    page = desk.get(LIST, query)
    assert page.status_code == 422
    assert words in page.content.decode()
    export = desk.get(EXPORT, {**query, "view": "waiting"}, follow=True)
    (address, _status) = export.redirect_chain[0]
    assert address.startswith(f"{LIST}?")
    assert "view=waiting" in address
    assert export.status_code == 422
    assert "text/csv" not in export["Content-Type"]


@pytest.mark.parametrize("least", ["999999999999", "99999999999999999999999", "0.001"])
def test_a_sum_beyond_every_column_is_no_error_of_the_server(
    three: dict[str, Voucher], desk: Client, least: str
) -> None:
    assert desk.get(LIST, {"least": least}).status_code in (200, 422)


# --- Tabs, chips and pages keep the rest ------------------------------------------------------------


@pytest.fixture
def many(programme: Programme) -> tuple[Organization, Carrier]:
    """Two pages and one voucher of one enterprise, from 100 yuan on."""
    firm, carrier = cast.make_organization(name="多券企业有限公司"), factories.make_carrier()
    for n in range(2 * ROWS + 1):
        factories.make_voucher(firm, programme, carrier, contract=100 + n)
    return firm, carrier


def test_walking_through_the_pages_meets_every_voucher_once(many: Any, desk: Client) -> None:
    met = []
    for page in ("1", "2", "3"):
        rows = desk.get(LIST, {"q": "多券", "least": "100", "sort": "amount", "page": page}).context["page"]
        met += [voucher.amount for voucher in rows]
    assert met == sorted(met, reverse=True)
    assert [int(amount) for amount in met] == list(range(100 + 2 * ROWS, 99, -1))


def test_the_links_of_the_pages_keep_view_filters_and_order(many: Any, desk: Client) -> None:
    query = {"q": "多券", "least": "100", "sort": "oldest", "view": "waiting", "page": "2"}
    html = desk.get(LIST, query).content.decode().replace("&amp;", "&")
    links = [part.split('"')[0] for part in html.split('href="')[1:] if "page=3" in part.split('"')[0]]
    assert links
    for link in links:
        for kept in ("q=%E5%A4%9A%E5%88%B8", "least=100", "sort=oldest", "view=waiting"):
            assert kept in link, (kept, link)


@pytest.mark.parametrize("page", ["0", "-1", "abc", "", "9" * 30])
def test_a_page_that_is_none_is_the_nearest_one(three: dict[str, Voucher], desk: Client, page: str) -> None:
    rows = desk.get(LIST, {"page": page}).context["page"]
    assert [voucher.organization_name[0] for voucher in rows] == list("丙乙甲")


def test_tabs_and_chips_lead_to_the_first_page_with_the_rest_kept(many: Any, desk: Client) -> None:
    found: VoucherList = desk.get(LIST, {"q": "多券", "least": "100", "page": "2"}).context["list"]
    for tab in found.tabs:
        assert "q=" in tab["url"]
        assert "page" not in tab["url"]
    chips = {chip["label"].split("：")[0]: chip["url"] for chip in found.chips}
    assert set(chips) == {"券号、企业或机构", "券额不低于（元）"}
    assert "least=100" in chips["券号、企业或机构"]
    assert "q=" not in chips["券号、企业或机构"]
    assert "least" not in chips["券额不低于（元）"]


def test_a_chip_stands_only_for_what_was_understood() -> None:
    form = VoucherFilters({"q": "云溪", "since": "昨天", "least": "", "sort": "amount"})
    assert [name for name, _words in form.in_use] == ["q"]


# --- The export -------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", HOSTILE["formula"]])
def test_no_cell_of_a_party_is_a_formula(programme: Programme, desk: Client, cell: str) -> None:
    factories.make_voucher(cast.make_organization(name=cell), programme, factories.make_carrier(name=cell))
    (row,) = table(desk)
    assert row["企业"] == row["服务机构"] == f"'{cell}"


def test_a_comma_and_a_line_break_stay_in_their_cell(programme: Programme, desk: Client) -> None:
    name = '云溪,"智造"\n有限公司'
    factories.make_voucher(cast.make_organization(name=name), programme)
    (row,) = table(desk)
    assert row["企业"] == name
    assert row["状态"] == "待机构确认"


def test_each_row_has_a_cell_for_each_head(three: dict[str, Voucher], desk: Client) -> None:
    rows = list(export_rows(Voucher.objects.select_related("region")))
    assert {len(row) for row in rows} == {len(HEADS)}
    amounts = {row["企业"][0]: (row["合同金额（元）"], row["券额（元）"]) for row in table(desk)}
    assert amounts == {"甲": ("2000.00", "2000.00"), "乙": ("10000.00", "10000.00"), "丙": ("18000.00", "14000.00")}
    assert date.fromisoformat(table(desk)[0]["有效期至"]) == Voucher.objects.latest("pk").valid_until


@pytest.mark.feature("X-3")
def test_the_export_of_another_county_is_empty_whatever_it_asks(three: dict[str, Voucher]) -> None:
    elsewhere = client_of(cast.make_officer(cast.OTHER_COUNTY, "view_cases"))
    for query in ({}, {"q": "甲号"}, {"q": three["甲"].code}, {"view": "waiting"}):
        assert table(elsewhere, **query) == [], query
    assert elsewhere.get(LIST).context["list"].counts[""] == 0


@pytest.mark.feature("X-3")
def test_the_province_reads_all_of_its_counties(three: dict[str, Voucher]) -> None:
    far = cast.make_organization(name="丁号试验有限公司", region_code=cast.OTHER_COUNTY)
    factories.make_voucher(far, three["甲"].programme, contract=500)
    province = cast.make_officer("330000", "view_cases", kind="province")
    assert names(client_of(province), sort="oldest") == "甲乙丙丁"


# --- A freeze is over with what it froze --------------------------------------------------------------


def test_a_voucher_that_ended_frozen_is_frozen_no_more(three: dict[str, Voucher], officer: User, desk: Client) -> None:
    voucher = three["甲"]
    put_into(voucher, "confirmed")
    set_freeze(voucher, by=officer, office=None, reason="举报核查", until=None)
    assert names(desk, view="frozen") == "甲"
    terminate_voucher(voucher, by=officer, office=None, reason="查实")
    voucher.refresh_from_db()
    assert (voucher.frozen_reason, is_frozen(voucher)) == ("举报核查", False)
    assert names(desk, view="frozen") == ""
    assert "已冻结</strong>" not in desk.get(LIST, {"view": "over"}).content.decode()


@pytest.mark.parametrize("state", Voucher.State.values)
def test_list_and_rule_agree_in_every_state(programme: Programme, state: str) -> None:
    voucher = factories.make_voucher(cast.make_organization(), programme)
    Voucher.objects.update(frozen_reason="核查")
    put_into(voucher, state)
    assert is_frozen(voucher) is Voucher.objects.filter(frozen_now(Voucher)).exists()
    in_view = Voucher.objects.filter(views()["frozen"][1]).exists()
    assert in_view is is_frozen(voucher)


def test_a_lapsed_account_is_frozen_no_more(three: dict[str, Voucher], officer: User) -> None:
    account = QuotaAccount.objects.get(organization=three["甲"].organization)
    set_freeze(account, by=officer, office=None, reason="核查", until=None)
    account.refresh_from_db()
    assert is_frozen(account)
    account.lapse()
    account.save()
    assert not is_frozen(account)
    assert not QuotaAccount.objects.filter(frozen_now(QuotaAccount)).exists()
