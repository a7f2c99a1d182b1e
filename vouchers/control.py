"""The bureau's acts on a voucher or an account, each with its page: what it does, and what follows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework import calendar
from innovation_voucher.casework.rules import Answer
from innovation_voucher.casework.statuses import Text
from innovation_voucher.lib.forms import PortalForm
from innovation_voucher.lib.money import format_yuan
from innovation_voucher.lib.references import group_code

from . import freeze_rules, rules, services
from .desk_forms import ControlForm, FreezeForm
from .models import QuotaAccount, Voucher

Thing = Voucher | QuotaAccount


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act: `key` in its address, `run` the verb, `may` whether it is possible now, `consequence` what it does."""

    key: str
    label: Text
    run: Callable[..., Any]
    may: Callable[[Any, Any], Answer]
    consequence: Callable[[Any], str]
    said: Text
    form: type[PortalForm] = ControlForm
    warning: bool = True


def is_of_earlier_year(voucher: Voucher) -> bool:
    """Whether the last valid day of the voucher's quota is over: what it gives back lapses."""
    last_day = voucher.account.valid_until if voucher.account else voucher.valid_until
    return last_day < calendar.today()


def _after_termination(voucher: Voucher) -> str:
    if is_of_earlier_year(voucher):
        said = _(
            "终止后不能恢复。这是往年的创新券，额度已于 %(day)s 到期：%(amount)s 元不会退回本年度，直接失效；"
            "原服务可能无法使用今年的额度。只是金额有误的，不用终止，可在兑付审核时核减。"
        )
    else:
        said = _("终止后不能恢复。额度 %(amount)s 元退回企业的可用额度，有效期至 %(day)s；企业可以重新使用。")
    return said % {"amount": format_yuan(voucher.held), "day": voucher.valid_until.isoformat()}


def _after_freeze(thing: Thing) -> str:
    if isinstance(thing, Voucher):
        return _("冻结期间，这张券不能接收、退回、作废和兑付，扫码显示“此券已冻结”；企业和服务机构会收到通知。")
    return _("冻结期间，这个账户不能申领，也不能用于新的创新券；已提交的创新券照常办理，企业会收到通知。")


def _after_lift(_thing: Thing) -> str:
    return _("解除后立即恢复使用，有关单位会收到通知。")


TERMINATE = Act(
    key="terminate",
    label=gettext_lazy("终止此券"),
    run=services.terminate_voucher,
    may=rules.may_terminate,
    consequence=_after_termination,
    said=gettext_lazy("已终止，企业和服务机构会收到通知"),
)
FREEZE = Act(
    key="freeze",
    label=gettext_lazy("冻结"),
    run=services.set_freeze,
    may=lambda _user, thing: freeze_rules.may_freeze(thing),
    consequence=_after_freeze,
    said=gettext_lazy("已冻结，有关单位会收到通知"),
    form=FreezeForm,
)
LIFT = Act(
    key="lift",
    label=gettext_lazy("解除冻结"),
    run=services.lift_freeze,
    may=lambda _user, thing: freeze_rules.may_lift(thing),
    consequence=_after_lift,
    said=gettext_lazy("已解除冻结"),
    warning=False,
)


def facts(thing: Thing) -> list[dict[str, Any]]:
    """Which voucher or account it is about."""
    if isinstance(thing, Voucher):
        rows = [
            (_("券号"), group_code(thing.code)),
            (_("企业"), thing.organization_name),
            (_("服务机构"), thing.carrier_name),
            (_("服务内容"), thing.service_title),
            (_("券额"), _("%s 元") % format_yuan(thing.amount)),
            (_("有效期至"), thing.valid_until.isoformat()),
            (_("状态"), thing.get_status_display()),
        ]
    else:
        rows = [
            (_("额度账户"), thing.number),
            (_("企业"), thing.organization.name),
            (_("可用额度"), _("%s 元") % format_yuan(thing.available)),
            (_("占用中"), _("%s 元") % format_yuan(thing.held)),
            (_("有效期至"), thing.valid_until.isoformat()),
        ]
    return [{"label": label, "value": value} for label, value in rows]
