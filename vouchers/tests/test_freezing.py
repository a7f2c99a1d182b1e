"""A freeze: who sets it, what it stops, whom it is told, and how it ends by itself."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message, Office
from innovation_voucher.tests import cast
from vouchers import freeze_rules, rules, services
from vouchers.models import LedgerEntry, QuotaAccount, Voucher
from vouchers.services import claim_instantly, lift_freeze, set_freeze

from . import factories
from .test_vouchers import put_into

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-9")]

WHY = "收到举报，正在核查"
LIVE = sorted(rules.LIVE)
OVER = sorted(set(Voucher.State.values) - rules.LIVE)


@pytest.fixture
def officer(db: None) -> User:
    return cast.make_officer(cast.COUNTY, "terminate_voucher")


@pytest.fixture(scope="module")
def built(kept: Path) -> Voucher:
    """An issued voucher of 14,000 yuan."""
    return factories.make_voucher()


@pytest.fixture
def voucher(built: Voucher) -> Voucher:
    return deepcopy(built)


def account_of(voucher: Voucher) -> QuotaAccount:
    return QuotaAccount.objects.get(pk=voucher.account_id)


def freeze(thing: Any, by: User, until: date | None = None, reason: str = WHY) -> Any:
    return set_freeze(thing, by=by, office=Office.objects.filter(group__user=by).first(), reason=reason, until=until)


def everything() -> list[Any]:
    return [list(Voucher.objects.values()), list(QuotaAccount.objects.values()), LedgerEntry.objects.count()]


# --- Setting it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", LIVE)
def test_every_live_voucher_can_be_frozen_and_freed(voucher: Voucher, officer: User, state: str) -> None:
    put_into(voucher, state)
    before = account_of(voucher).held
    frozen = freeze(voucher, officer)
    assert (frozen.frozen_reason, frozen.frozen_until, frozen.status) == (WHY, None, state)
    assert lift_freeze(voucher, by=officer, office=None).frozen_reason == ""
    assert account_of(voucher).held == before


@pytest.mark.parametrize("state", OVER)
def test_what_is_over_is_not_frozen(voucher: Voucher, officer: User, state: str) -> None:
    put_into(voucher, state)
    before = everything()
    with pytest.raises(Refused, match="不能冻结"):
        freeze(voucher, officer)
    assert everything() == before


def test_both_sides_and_the_record_are_told_each_time(voucher: Voucher, officer: User) -> None:
    for _again in range(2):
        freeze(voucher, officer)
        lift_freeze(voucher, by=officer, office=None, reason="已查清")
    people = (cast.owner_of(voucher.organization), cast.owner_of(voucher.carrier.organization))
    for person in people:
        kinds = Message.objects.filter(user=person, kind__in=("voucher.frozen", "voucher.unfrozen"))
        assert kinds.count() == 4
    assert Message.objects.filter(kind="voucher.frozen").first().body == WHY  # type: ignore[union-attr]
    row = AuditRow.objects.filter(verb="voucher.frozen").latest("pk")
    assert (row.actor_id, row.reason) == (officer.pk, WHY)


@pytest.mark.parametrize("typed", [WHY, f"{WHY}。", f" {WHY}。。 "])
def test_a_full_stop_of_the_reason_is_not_said_twice(voucher: Voucher, officer: User, typed: str) -> None:
    assert freeze(voucher, officer, reason=typed).frozen_reason == WHY
    assert rules.may_confirm(voucher.__class__.objects.get(pk=voucher.pk)) == (
        False,
        f"这张券已冻结：{WHY}。请联系科技主管部门",
    )


@pytest.mark.parametrize(
    ("reason", "days", "words"),
    [
        ("", None, "写明冻结的原因"),
        (" 。", None, "写明冻结的原因"),
        ("   ", None, "写明冻结的原因"),
        (WHY, -1, "不能早于今天"),
    ],
)
def test_a_freeze_needs_a_reason_and_a_day_to_come(
    voucher: Voucher, officer: User, reason: str, days: int | None, words: str
) -> None:
    until = None if days is None else calendar.today() + timedelta(days=days)
    before = everything()
    with pytest.raises(Refused, match=words):
        freeze(voucher, officer, until, reason)
    assert everything() == before


def test_twice_is_refused_and_so_is_lifting_nothing(voucher: Voucher, officer: User) -> None:
    with pytest.raises(Refused, match="现在没有冻结"):
        lift_freeze(voucher, by=officer, office=None)
    freeze(voucher, officer)
    with pytest.raises(Refused, match="已经冻结"):
        freeze(voucher, officer, reason="再来一次")
    voucher.refresh_from_db()
    assert voucher.frozen_reason == WHY


@pytest.mark.feature("X-3")
def test_only_the_bureau_of_the_place_freezes_and_lifts(voucher: Voucher, officer: User) -> None:
    elsewhere = cast.make_officer(cast.OTHER_COUNTY, "terminate_voucher")
    reader = cast.make_officer(cast.COUNTY, "view_cases", office=cast.make_office("agency", rights=("view_cases",)))
    people = (elsewhere, reader, cast.owner_of(voucher.organization), cast.owner_of(voucher.carrier.organization))
    before = everything()
    for person in people:
        for thing in (voucher, account_of(voucher)):
            with pytest.raises(NotAllowed, match="终止和冻结由"), transaction.atomic():
                freeze(thing, person)
    assert everything() == before
    freeze(voucher, officer)
    for person in people:
        with pytest.raises(NotAllowed), transaction.atomic():
            lift_freeze(voucher, by=person, office=None)
    voucher.refresh_from_db()
    assert voucher.frozen_reason == WHY


# --- What it stops --------------------------------------------------------------------------------

STOPPED: dict[str, tuple[str, Callable[[Voucher, User], object]]] = {
    "received": ("issued", lambda v, by: services.confirm_voucher(v, by=by)),
    "returned": ("issued", lambda v, by: services.return_by_carrier(v, by=by, reason="不符")),
    "voided": ("issued", lambda v, by: services.void_voucher(v, by=None, reason="填错")),
    "redeemed": ("confirmed", lambda v, by: services.start_redeeming(v, by=by)),
    "put into a batch": ("redeeming", lambda v, by: services.freeze_voucher(v, amount=Decimal(1), by=by)),
    "mended": (
        "returned",
        lambda v, by: services.resubmit_voucher(
            v, facts=factories.facts(), redeemer="enterprise", by=cast.owner_of(v.organization)
        ),
    ),
}


@pytest.mark.parametrize("act", STOPPED)
def test_a_frozen_voucher_is_not(voucher: Voucher, officer: User, act: str) -> None:
    state, verb = STOPPED[act]
    put_into(voucher, state)
    freeze(voucher, officer, calendar.today())
    before = everything()
    with pytest.raises(Refused, match=f"已冻结：{WHY}，至"), transaction.atomic():
        verb(voucher, officer)
    assert everything() == before
    lift_freeze(voucher, by=officer, office=None)
    verb(voucher, officer)


def test_the_bureau_terminates_a_frozen_voucher(voucher: Voucher, officer: User) -> None:
    put_into(voucher, "confirmed")
    freeze(voucher, officer)
    assert services.terminate_voucher(voucher, by=officer, office=None, reason="查实").status == "terminated"
    assert account_of(voucher).available == 20_000


def test_the_clock_ends_a_frozen_voucher_too(voucher: Voucher, officer: User) -> None:
    freeze(voucher, officer)
    assert services.lapse_voucher(voucher).status == "lapsed"


# --- Until when -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_frozen"), [(0, True), (9, True), (10, True), (11, False), (400, False)])
def test_a_freeze_with_a_last_day_is_over_the_day_after(
    voucher: Voucher, officer: User, days: int, is_frozen: bool
) -> None:
    today = calendar.today()
    frozen = freeze(voucher, officer, today + timedelta(days=10))
    assert rules.is_frozen(frozen, today + timedelta(days=days)) is is_frozen


def test_a_freeze_without_a_last_day_stays(voucher: Voucher, officer: User) -> None:
    frozen = freeze(voucher, officer)
    assert rules.is_frozen(frozen, calendar.today() + timedelta(days=4_000))


def test_after_its_last_day_the_voucher_goes_on_and_can_be_frozen_anew(
    voucher: Voucher, officer: User, time_machine: Any
) -> None:
    freeze(voucher, officer, calendar.today())
    tomorrow = calendar.now() + timedelta(days=1)
    time_machine.move_to(tomorrow)
    voucher.refresh_from_db()
    assert freeze_rules.may_lift(voucher) == (False, "现在没有冻结，刷新页面查看最新状态")
    assert freeze_rules.may_freeze(voucher)[0]
    assert services.confirm_voucher(voucher, by=officer).status == "confirmed"


# --- Accounts -------------------------------------------------------------------------------------


def test_a_frozen_account_neither_holds_nor_claims(voucher: Voucher, officer: User) -> None:
    account = freeze(account_of(voucher), officer, calendar.today() + timedelta(days=3))
    owner = cast.owner_of(voucher.organization)
    before = everything()
    with pytest.raises(Refused, match="额度已冻结"), transaction.atomic():
        factories.make_voucher(voucher.organization, voucher.programme, voucher.carrier, quota=0)
    with pytest.raises(Refused, match="额度已冻结"), transaction.atomic():
        claim_instantly(voucher.organization, voucher.programme, amount=Decimal(100), by=owner)
    assert everything() == before
    assert Message.objects.filter(user=owner, kind="account.frozen", body=WHY).count() == 1
    lift_freeze(account, by=officer, office=None)
    claim_instantly(voucher.organization, voucher.programme, amount=Decimal(100), by=owner)
    assert Message.objects.filter(user=owner, kind="account.unfrozen").count() == 1


def test_vouchers_of_a_frozen_account_go_on(voucher: Voucher, officer: User) -> None:
    freeze(account_of(voucher), officer)
    assert services.confirm_voucher(voucher, by=officer).status == "confirmed"


def test_a_lapsed_account_is_not_frozen(voucher: Voucher, officer: User) -> None:
    account = account_of(voucher)
    account.lapse()
    account.save()
    with pytest.raises(Refused, match="已失效，不用冻结"):
        freeze(account, officer)


def test_the_right_is_asked_at_the_accepting_bureau(voucher: Voucher) -> None:
    account = account_of(voucher)
    assert freeze_rules.region_of(account) == voucher.organization.bureau
    assert freeze_rules.region_of(voucher) == voucher.region
