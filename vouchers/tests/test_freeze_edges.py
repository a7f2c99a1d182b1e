"""A freeze at its edges: the last day and the day after, what it holds, who lifts it and how often."""

from copy import deepcopy
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow, Message
from innovation_voucher.tests import cast
from vouchers import buttons, control, freeze_rules, invariants, rules, services
from vouchers.models import QuotaAccount, Voucher
from vouchers.services import lift_freeze, set_freeze

from . import factories
from .pages import client_of, post, put_into, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-9")]

WHY = "收到举报，正在核查"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def officer(db: None) -> User:
    return cast.make_officer(cast.COUNTY, "terminate_voucher", "view_cases")


@pytest.fixture
def desk(officer: User) -> Client:
    return client_of(officer)


@pytest.fixture(scope="module")
def built(kept: Path) -> Voucher:
    """An issued voucher of 14,000 yuan out of 20,000."""
    return factories.make_voucher()


@pytest.fixture
def voucher(built: Voucher) -> Voucher:
    return deepcopy(built)


def account() -> QuotaAccount:
    return QuotaAccount.objects.get()


def freeze(thing: Any, by: User, until: date | None = None) -> Any:
    return set_freeze(thing, by=by, office=None, reason=WHY, until=until)


def lift(thing: Any, by: User) -> Any:
    return lift_freeze(thing, by=by, office=None, reason="已查清")


def verbs(act: str) -> int:
    return AuditRow.objects.filter(verb=act).count()


# --- The last day -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "minute", "day", "is_frozen"),
    [(0, 0, 20, True), (23, 59, 20, True), (0, 0, 21, False), (12, 0, 21, False)],
)
def test_a_freeze_lasts_to_midnight_of_its_last_day(
    voucher: Voucher, officer: User, hour: int, minute: int, day: int, is_frozen: bool
) -> None:
    year = calendar.today().year + 1
    freeze(voucher, officer, date(year, 6, 20))
    with calendar.acting_at(datetime(year, 6, day, hour, minute, tzinfo=SHANGHAI)):
        voucher.refresh_from_db()
        assert rules.is_frozen(voucher) is is_frozen
        assert freeze_rules.may_lift(voucher)[0] is is_frozen
        assert freeze_rules.may_freeze(voucher)[0] is not is_frozen
        assert freeze_rules.may_enter_batch(voucher)[0] is not is_frozen


def test_until_today_is_a_freeze_of_one_day(voucher: Voucher, officer: User) -> None:
    today = calendar.today()
    freeze(voucher, officer, today)
    with pytest.raises(Refused, match=f"已冻结：{WHY}，至 {today}"), transaction.atomic():
        services.confirm_voucher(voucher, by=officer)
    with calendar.acting_at(calendar.now() + timedelta(days=1)):
        assert services.confirm_voucher(voucher, by=officer).status == "confirmed"


def test_until_yesterday_is_refused_by_the_page_and_by_the_verb(voucher: Voucher, officer: User, desk: Client) -> None:
    yesterday = calendar.today() - timedelta(days=1)
    page = post(desk, "desk-voucher-freeze", voucher.code, reason=WHY, until=str(yesterday))
    assert page.status_code == 422
    assert "冻结截止日不能早于今天" in text(page)
    assert WHY in text(page)
    with pytest.raises(Refused, match="不能早于今天"), transaction.atomic():
        freeze(voucher, officer, yesterday)
    voucher.refresh_from_db()
    assert (voucher.frozen_reason, verbs("voucher.frozen")) == ("", 0)


def test_a_freeze_that_ran_out_is_replaced_by_the_next(voucher: Voucher, officer: User) -> None:
    freeze(voucher, officer, calendar.today())
    with calendar.acting_at(calendar.now() + timedelta(days=2)):
        set_freeze(voucher, by=officer, office=None, reason="再次举报", until=None)
        voucher.refresh_from_db()
        assert (voucher.frozen_reason, voucher.frozen_until) == ("再次举报", None)
    assert verbs("voucher.frozen") == 2


def test_a_freeze_that_ran_out_cannot_be_lifted(voucher: Voucher, officer: User, desk: Client) -> None:
    freeze(voucher, officer, calendar.today() + timedelta(days=1))
    Voucher.objects.update(frozen_until=calendar.today() - timedelta(days=1))
    page = desk.get(reverse("desk-voucher-lift", args=[voucher.code]))
    assert "现在没有冻结" in text(page)
    late = post(desk, "desk-voucher-lift", voucher.code, reason="已查清")
    assert late.status_code == 409
    assert verbs("voucher.unfrozen") == 0


# --- Lifting ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["voucher", "account"])
def test_lifting_twice_lifts_once(voucher: Voucher, officer: User, kind: str) -> None:
    thing = voucher if kind == "voucher" else account()
    freeze(thing, officer, calendar.today() + timedelta(days=9))
    assert lift(thing, officer).frozen_until is None
    told = Message.objects.filter(kind=f"{kind}.unfrozen").count()
    with pytest.raises(Refused, match="现在没有冻结"), transaction.atomic():
        lift(thing, officer)
    assert verbs(f"{kind}.unfrozen") == 1
    assert Message.objects.filter(kind=f"{kind}.unfrozen").count() == told > 0


def test_the_second_tab_that_lifts_is_told(voucher: Voucher, officer: User, desk: Client) -> None:
    freeze(voucher, officer)
    first, second = (post(desk, "desk-voucher-lift", voucher.code, reason="已查清") for _tab in range(2))
    assert (first.status_code, second.status_code) == (302, 409)
    assert "现在没有冻结" in text(second)


def test_lifting_needs_words_too(voucher: Voucher, officer: User, desk: Client) -> None:
    freeze(voucher, officer)
    page = post(desk, "desk-voucher-lift", voucher.code, reason=" ")
    assert page.status_code == 422
    voucher.refresh_from_db()
    assert rules.is_frozen(voucher)


def test_a_colleague_lifts_what_another_froze(voucher: Voucher, officer: User) -> None:
    freeze(voucher, officer)
    colleague = cast.make_officer(cast.COUNTY, "terminate_voucher", name="另一位")
    lift(voucher, colleague)
    row = AuditRow.objects.get(verb="voucher.unfrozen")
    assert (row.actor_id, row.reason) == (colleague.pk, "已查清")


# --- What is over -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["paid", "voided", "terminated", "lapsed", "refused"])
def test_what_is_over_is_neither_frozen_nor_freed(voucher: Voucher, desk: Client, state: str) -> None:
    put_into(voucher, state)
    for act, words in (("freeze", "不能冻结"), ("lift", "现在没有冻结")):
        page = text(desk.get(reverse(f"desk-voucher-{act}", args=[voucher.code])))
        assert words in page, act
        assert post(desk, f"desk-voucher-{act}", voucher.code, reason=WHY).status_code == 409
    voucher.refresh_from_db()
    assert voucher.frozen_reason == ""


def test_what_ended_while_it_was_frozen_has_nothing_to_lift(voucher: Voucher, officer: User, desk: Client) -> None:
    put_into(voucher, "confirmed")
    freeze(voucher, officer)
    services.terminate_voucher(voucher, by=officer, office=None, reason="查实")
    voucher.refresh_from_db()
    assert freeze_rules.may_lift(voucher) == (False, "现在没有冻结，刷新页面查看最新状态")
    assert post(desk, "desk-voucher-lift", voucher.code, reason="已查清").status_code == 409
    assert [str(button.label) for button in buttons.voucher_buttons(officer, voucher)] == ["终止此券", "冻结"]
    assert all(button.reason for button in buttons.voucher_buttons(officer, voucher))
    owner = client_of(cast.owner_of(voucher.organization))
    assert "这张券已冻结" not in text(owner.get(reverse("ent-voucher", args=[voucher.code])))


# --- Accounts and what they hold --------------------------------------------------------------------


def test_held_vouchers_of_a_frozen_account_end_and_give_back_into_it(voucher: Voucher, officer: User) -> None:
    freeze(account(), officer)
    services.void_voucher(voucher, by=cast.owner_of(voucher.organization), reason="填错")
    assert (account().available, account().held, account().frozen_reason) == (20_000, 0, WHY)
    with pytest.raises(Refused, match="额度已冻结"), transaction.atomic():
        factories.make_voucher(voucher.organization, voucher.programme, voucher.carrier, quota=0)
    assert (account().available, account().held) == (20_000, 0)
    for name, check in invariants.CHECKS.items():
        assert list(check()) == [], name


def test_a_voucher_and_its_account_are_frozen_each_by_itself(voucher: Voucher, officer: User) -> None:
    freeze(account(), officer)
    voucher.refresh_from_db()
    assert not rules.is_frozen(voucher)
    freeze(voucher, officer)
    lift(account(), officer)
    voucher.refresh_from_db()
    assert rules.is_frozen(voucher)
    assert not rules.is_frozen(account())


def test_a_paid_voucher_of_a_frozen_account_stays_paid(voucher: Voucher, officer: User) -> None:
    put_into(voucher, "paid")
    freeze(account(), officer)
    voucher.refresh_from_db()
    assert (voucher.status, rules.is_frozen(voucher)) == ("paid", False)
    assert rules.is_frozen(account())


def test_the_account_freezes_until_a_day_by_its_page(voucher: Voucher, desk: Client) -> None:
    number = account().number
    until = calendar.today() + timedelta(days=30)
    response = post(desk, "desk-account-freeze", number, reason=WHY, until=str(until))
    assert response.status_code == 302
    assert (account().frozen_reason, account().frozen_until) == (WHY, until)
    again = post(desk, "desk-account-freeze", number, reason="再来一次")
    assert again.status_code == 409
    assert "已经冻结，需要修改时先解除冻结" in text(again)
    with calendar.acting_at(calendar.now() + timedelta(days=31)):
        assert not rules.is_frozen(account())


def test_quota_of_a_year_that_is_over_is_not_frozen_on_its_page(voucher: Voucher, desk: Client) -> None:
    lapsed = account()
    lapsed.lapse()
    lapsed.save()
    assert "已失效，不用冻结" in text(desk.get(reverse("desk-account-freeze", args=[lapsed.number])))
    assert post(desk, "desk-account-freeze", lapsed.number, reason=WHY).status_code == 409
    assert account().frozen_reason == ""


# --- The page of an act -----------------------------------------------------------------------------


def test_the_page_names_what_it_is_about(voucher: Voucher, desk: Client) -> None:
    page = text(desk.get(reverse("desk-voucher-freeze", args=[voucher.code])))
    for words in (voucher.organization_name, voucher.carrier_name, "14,000.00 元", "待机构确认"):
        assert words in page, words
    facts = {row["label"]: row["value"] for row in control.facts(account())}
    assert facts["可用额度"] == "6,000.00 元"
    assert facts["占用中"] == "14,000.00 元"


@pytest.mark.parametrize("length", [200, 201])
def test_a_reason_has_room_for_200_characters(voucher: Voucher, desk: Client, length: int) -> None:
    page = post(desk, "desk-voucher-freeze", voucher.code, reason="查" * length)
    assert page.status_code == (302 if length == 200 else 422)
    voucher.refresh_from_db()
    assert len(voucher.frozen_reason) == (200 if length == 200 else 0)


def test_the_same_form_freezes_once(voucher: Voucher, desk: Client) -> None:
    address = reverse("desk-voucher-freeze", args=[voucher.code])
    token = desk.get(address).content.decode().split('name="_token" value="')[1].split('"')[0]
    answers = [desk.post(address, {"_token": token, "reason": WHY}).status_code for _again in range(2)]
    assert answers == [302, 302]
    assert verbs("voucher.frozen") == 1


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_an_act_is_only_read_and_posted(voucher: Voucher, desk: Client, method: str) -> None:
    address = reverse("desk-voucher-freeze", args=[voucher.code])
    assert getattr(desk, method)(address).status_code == 405
    voucher.refresh_from_db()
    assert voucher.frozen_reason == ""


def test_the_signed_out_are_sent_to_sign_in(voucher: Voucher) -> None:
    response = post(Client(), "desk-voucher-freeze", voucher.code, reason=WHY)
    assert response.status_code == 302
    assert "login" in response["Location"]
    voucher.refresh_from_db()
    assert voucher.frozen_reason == ""
