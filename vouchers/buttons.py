"""The bureau's acts as its pages offer them, with the reason beside those that are not possible now."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rules import Answer
from innovation_voucher.casework.statuses import Text

from . import control, rules
from .models import QuotaAccount, Voucher


@dataclass(frozen=True)
class Button:
    """An act as the page of a voucher or an account offers it; `reason` says why not now."""

    label: Text
    url: str
    reason: str


def voucher_buttons(user: Any, voucher: Voucher) -> list[Button]:
    """The acts on a voucher. Who may not at all gets the reason once, at the first of them."""
    controlled = rules.may_control(user, voucher.region)
    return list(_buttons(user, voucher, [control.TERMINATE, *_freezing(voucher)], "voucher", voucher.code, controlled))


def account_buttons(user: Any, account: QuotaAccount, bureau: Region) -> list[Button]:
    """Freezing an account of a holder whose cases `bureau` accepts, or lifting the freeze."""
    controlled = rules.may_control(user, bureau)
    return list(_buttons(user, account, _freezing(account), "account", account.number, controlled))


def _freezing(thing: control.Thing) -> list[control.Act]:
    return [control.LIFT if rules.is_frozen(thing) else control.FREEZE]


def _buttons(
    user: Any, thing: control.Thing, acts: list[control.Act], kind: str, key: str, controlled: Answer
) -> Iterator[Button]:
    for act in acts:
        allowed, reason = act.may(user, thing) if controlled[0] else controlled
        yield Button(act.label, reverse(f"desk-{kind}-{act.key}", args=[key]), "" if allowed else reason)
