"""How a voucher looks as a card, on the wall and alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework.statuses import Status, Text, called

from . import rules
from .models import Voucher
from .resolve import policy_of
from .statuses import VOUCHER

State = Voucher.State

WAITING = (State.RETURNED, State.RETURNED_BY_CARRIER, State.REQUESTED, State.ISSUED)
#: Quick views of the wall: key, words, states (none = all).
VIEWS: tuple[tuple[str, Text, frozenset[str]], ...] = (
    ("", gettext_lazy("全部"), frozenset()),
    ("mine", gettext_lazy("轮到我"), frozenset({State.RETURNED, State.RETURNED_BY_CARRIER})),
    ("live", gettext_lazy("进行中"), rules.LIVE - {State.RETURNED}),
    ("paid", gettext_lazy("已兑付"), frozenset({State.PAID})),
    (
        "over",
        gettext_lazy("已结束"),
        frozenset({State.REFUSED, State.VOIDED, State.TERMINATED, State.LAPSED}),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Card:
    """The names that components/voucher_card.html reads, and whether the holder may tick it."""

    code: str
    title: str
    amount: Any
    org: str
    carrier: str
    what: str
    contract: str
    valid_until: date
    tag: Status
    qr_url: str
    foot: Text
    url: str
    label: str
    look: str
    tickable: bool = False


def card_of(voucher: Voucher, *, full: bool = False, may_write: bool = False) -> Card:
    """The card of a voucher whose snapshot and programme were fetched with it."""
    status = called(voucher, VOUCHER[voucher.status])
    living = voucher.status in rules.LIVE
    return Card(
        code=voucher.code,
        title=voucher.programme.name,
        amount=voucher.amount,
        org=voucher.organization_name,
        carrier=voucher.carrier_name,
        what=voucher.service_title,
        contract=voucher.contract_number,
        valid_until=voucher.valid_until,
        tag=status,
        qr_url=reverse("ent-voucher-qr", args=[voucher.code]) if living else "",
        foot=_verify_words() if full and living else _foot(voucher, status),
        url=reverse("ent-voucher", args=[voucher.code]),
        label=_("查看"),
        look=_look(voucher),
        tickable=may_write and not full and rules.voidable(voucher, policy_of(voucher.snapshot)),
    )


def _look(voucher: Voucher) -> str:
    if VOUCHER[voucher.status].turn == "enterprise":
        return "act"
    if voucher.status == State.PAID:
        return "paid"
    return "" if voucher.status in rules.LIVE else "over"


def _verify_words() -> str:
    return _("机构用手机扫码或输入券号核验并确认；券面信息生成后不得更改")


def _foot(voucher: Voucher, status: Status) -> Text:
    if voucher.status == State.RETURNED_BY_CARRIER and voucher.end_reason:
        return _("轮到您：%(why)s") % {"why": voucher.end_reason}
    if voucher.status == State.LAPSED and voucher.end_reason:
        return voucher.end_reason
    if voucher.status == State.ISSUED and voucher.confirm_until:
        return _("有效期已过，服务机构须在 %(day)s 前确认") % {"day": voucher.confirm_until.isoformat()}
    if voucher.status == State.CONFIRMED:
        return _("%(day)s前可兑付") % {"day": voucher.redeem_until.isoformat()}
    return status.next_text


def view_counts(statuses: Iterable[tuple[str, int]]) -> dict[str, int]:
    """How many vouchers each quick view holds, from the counts by state."""
    counts = dict(statuses)
    return {key: sum(n for s, n in counts.items() if not states or s in states) for key, _words, states in VIEWS}
