"""The page on which a voucher is used: the form, its evidence, and what it would be worth."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework import calendar
from innovation_voucher.casework.templatetags.portal import iso_day, yuan
from innovation_voucher.lib.money import format_yuan
from vouchers import services as vouchers
from vouchers.policy import Gap, Policy, Subsidy, plain, rate_words, redeemers
from vouchers.policy.amounts import Part

from .. import rules, services
from ..forms.rows import answered
from ..forms.use import REDEEMERS, UseForm
from ..models import Order
from . import files as files_of

#: What decided the amount, in words; the sum itself needs none.
_DECIDED = {
    "tiers": gettext_lazy("由合同金额决定"),
    "reviewer": gettext_lazy("由科技局核定"),
    "min_contract": gettext_lazy("合同金额低于最低金额"),
    "cap_voucher": gettext_lazy("由单券上限决定"),
    "cap_year": gettext_lazy("由年度上限决定"),
    "remaining": gettext_lazy("由可用额度决定"),
}


def _tier(part: Part) -> str:
    """One step of the tiers as the panel names it."""
    if part.rate == 1:
        return _("%(base)s 元，全额") % {"base": plain(part.base)}
    return _("%(base)s 元，按 %(rate)s") % {"base": plain(part.base), "rate": rate_words(part.rate)}


class UsePage:
    """An order on which a voucher may be used, for one of the enterprise's people."""

    def __init__(self, order: Order, request: HttpRequest) -> None:
        self.order, self.request = order, request
        self.may, self.reason = rules.may_use(request.user, order)
        if self.may:
            self.may, self.reason = services.may_pay_for(order, self.policy)

    @cached_property
    def policy(self) -> Policy:
        return services.use_policy(self.order)

    def form(self, data: Any = None) -> UseForm:
        """The form; the contract's name and amount are known from the order."""
        who, agreed = redeemers(self.policy), self.order.agreed_amount
        initial = {
            "contract_name": _("%(title)s技术服务合同") % {"title": self.order.title},
            "contract_amount": format_yuan(agreed) if agreed is not None else "",
            "redeemer": who[0] if len(who) == 1 else "carrier",
        }
        return UseForm(data, redeemers=who, rows=self.policy.fields_of(services.STAGE), initial=initial)

    @cached_property
    def files(self) -> list[Any]:
        return files_of.order_files(self.order)

    @property
    def gaps(self) -> list[Gap]:
        return services.use_gaps(self.order, self.policy)

    def boxes(self, errors: Mapping[str, str]) -> list[dict[str, Any]]:
        """One upload box per evidence row."""
        return files_of.boxes(services.evidence_rows(self.order), self.order, self.files, dict(errors))

    @cached_property
    def available(self) -> Decimal:
        """Quota left under the order's scheme, yuan."""
        return self._balance.available

    @cached_property
    def _balance(self) -> vouchers.Balance:
        programme = self.order.programme
        if programme is None:
            return vouchers.Balance()
        return vouchers.balance(self.order.organization, programme, day=calendar.today())

    def worth(self, amount: Decimal) -> Subsidy:
        """What a voucher on the contract is worth today."""
        return services.estimate(self.order, amount)

    def panel(self, amount: Decimal | None) -> dict[str, Any]:
        """The side panel: rows, the sum, the formula in words and what decided."""
        left = {"label": _("可用额度"), "value": yuan(self.available), "look": "sub"}
        if amount is None:
            return {"rows": [left], "words": _("填好合同金额，点“重新计算”。")}
        worth = self.worth(amount)
        tiers = [{"label": _tier(part), "value": yuan(part.base * part.rate), "look": ""} for part in worth.parts]
        return {
            "rows": [{"label": _("合同金额"), "value": yuan(amount), "look": ""}, *tiers, left],
            "sum_label": _("券额"),
            "total": worth.amount,
            "whole": amount,
            "words": worth.words,
            "why": self._why(worth),
            "stop": worth.amount <= 0,
        }

    def _why(self, worth: Subsidy) -> str:
        decided = _DECIDED.get(worth.decided_by, "")
        until = iso_day(self._balance.valid_until)
        after = _("用后还剩 %(left)s 元，%(day)s 到期。") % {"left": plain(self.available - worth.amount), "day": until}
        return f"{decided}；{after}" if worth.amount > 0 else f"{decided}。"

    def facts(self, form: UseForm) -> list[dict[str, Any]]:
        """What the check page repeats."""
        use, worth = form.use, self.worth(form.use.contract_amount)
        rows = [
            (_("服务机构"), self.order.carrier.name),
            (_("服务内容"), self.order.title),
            (_("服务类别"), self.order.category_name),
            (_("合同名称"), use.contract_name),
            (_("合同编号"), use.contract_number),
            (_("签订日期"), iso_day(use.contract_date)),
            (_("合同金额"), _("%(amount)s 元") % {"amount": yuan(use.contract_amount)}),
            (_("券额"), _("%(amount)s 元（%(words)s）") % {"amount": yuan(worth.amount), "words": worth.words}),
            (_("由谁申请兑付"), REDEEMERS[use.redeemer]),
            (_("材料"), "、".join(file.name for file in self.files)),
        ]
        own = answered(self.policy.fields_of(services.STAGE), use.answers)
        return [{"label": label, "value": value} for label, value in rows] + own
