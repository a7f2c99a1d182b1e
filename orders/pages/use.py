"""The page on which a voucher is used: the form, its evidence, and what it would be worth."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.templatetags.portal import iso_day, yuan
from innovation_voucher.lib.money import format_yuan
from vouchers import services as vouchers
from vouchers.answers import answered
from vouchers.phone_forms import Phones
from vouchers.policy import Gap, Policy, Subsidy, asked_problem, asks_amount, plain, rate_words, redeemers
from vouchers.policy.amounts import Part

from .. import rules, services, use_words
from ..forms.rows import PREFIX
from ..forms.use import REDEEMERS, UseForm
from ..models import Order
from ..roads import asked_rows, asks_contract
from . import files as files_of
from .mend import Mending

ZERO = Decimal(0)
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
        self.mending = rules.may_mend(request.user, order)[0]
        self.may, self.reason = (True, "") if self.mending else rules.may_use(request.user, order)
        if self.may:
            self.may, self.reason = services.may_pay_for(order, self.policy)

    @cached_property
    def policy(self) -> Policy:
        return services.use_policy(self.order)

    @property
    def asks_contract(self) -> bool:
        """Whether a signed contract is looked at."""
        return asks_contract(self.policy)

    @cached_property
    def reviewers(self) -> list[str]:
        return use_words.reviewers(self.policy)

    @property
    def lede(self) -> str:
        """What to fill in, and who does what with it."""
        if self.mending:
            return _("只有标出的内容可以修改，其余保持不变；额度仍为您保留。")
        return use_words.lede(self.policy, self.reviewers, asks_contract=self.asks_contract)

    @property
    def until(self) -> str:
        """What handing in closes, and until when it can be taken back."""
        return use_words.until(self.policy, self.reviewers)

    def form(self, data: Any = None, *, phones: Phones | None = None) -> UseForm:
        """The form with what is known already; when it was returned, only what must be mended is open."""
        form = UseForm(
            data,
            phones=phones,
            redeemers=redeemers(self.policy),
            asks_amount=asks_amount(self.policy),
            asks_contract=self.asks_contract,
            rows=asked_rows(self.policy),
            initial=self._from_voucher() if self.mending else self._from_order(),
        )
        form.title = self.order.title
        if self.mending:
            form.reopen({key: self.mend.pins(key) for key in self.mend.asked}, self.mend.open_keys)
        return form

    def _from_order(self) -> dict[str, Any]:
        """The contract's name and amount are known from the order."""
        who, agreed = redeemers(self.policy), self.order.agreed_amount
        return {
            "contract_name": _("%(title)s技术服务合同") % {"title": self.order.title},
            "contract_amount": format_yuan(agreed) if agreed is not None else "",
            "redeemer": who[0] if len(who) == 1 else "carrier",
            **{f"{PREFIX}{key}": value for key, value in self.order.answers.items()},
        }

    def _from_voucher(self) -> dict[str, Any]:
        """What was handed in before; encrypted answers are asked anew."""
        voucher = self.order.voucher
        if voucher is None:
            return {}
        secret = {row.key for row in asked_rows(self.policy) if row.is_secret}
        answers = {f"{PREFIX}{key}": value for key, value in voucher.answers.items() if key not in secret}
        facts = {name: getattr(voucher, name) for name in services.FACTS}
        sums = {"contract_amount": format_yuan(voucher.contract_amount), "amount": format_yuan(voucher.amount)}
        return {**facts, **sums, **answers}

    @cached_property
    def mend(self) -> Mending:
        """What was returned."""
        return Mending(self.order)

    def problems(self, form: UseForm) -> dict[str, str]:
        """What is wrong with well-filled amounts, by field."""
        use = form.use
        if "amount" not in form.fields:
            return {}
        words = asked_problem(use.amount, use.contract_amount, self.worth(use.contract_amount))
        return {"amount": words} if words else {}

    def submit(self, form: UseForm, *, by: User) -> None:
        """The button of the check page: used, or handed in again."""
        verb = services.resubmit_use if self.mending else services.use_voucher
        verb(self.order, by=by, use=form.use)

    @cached_property
    def files(self) -> list[Any]:
        return files_of.order_files(self.order)

    @property
    def gaps(self) -> list[Gap]:
        return services.use_gaps(self.order, self.policy)

    def boxes(self, errors: Mapping[str, str]) -> list[dict[str, Any]]:
        """One upload box per evidence row."""
        boxes = files_of.boxes(services.evidence_rows(self.order), self.order, self.files, dict(errors))
        for box in boxes if self.mending else ():
            key = box["row"].key
            box["pins"], box["closed"] = self.mend.pins(key), self.mend.is_closed(key)
            if box["closed"]:
                box["files"] = [{**file, "delete_url": ""} for file in box["files"]]
        return boxes

    @cached_property
    def available(self) -> Decimal | None:
        """Quota left under the order's scheme, with what a returned use holds, yuan; None = no limit."""
        order = self.order
        if order.programme is None:
            return ZERO
        left = vouchers.quota_left(order.organization, order.programme, self.policy, day=calendar.today())
        return None if left is None else left + (order.voucher.held if order.voucher else ZERO)

    @cached_property
    def _balance(self) -> vouchers.Balance:
        programme = self.order.programme
        if programme is None:
            return vouchers.Balance()
        return vouchers.balance(self.order.organization, programme, day=calendar.today())

    def worth(self, amount: Decimal) -> Subsidy:
        """What a voucher on the contract is worth today."""
        return services.estimate(self.order, amount)

    def panel(self, amount: Decimal | None, asked: Decimal | None = None) -> dict[str, Any]:
        """The side panel: rows, the sum, the formula in words and what decided."""
        most = _("不限") if self.available is None else yuan(self.available)
        left = {"label": _("可用额度"), "value": most, "look": "sub"}
        if amount is None:
            return {"rows": [left], "words": _("填好合同金额，点“重新计算”。")}
        worth = self.worth(amount)
        parts = () if asks_amount(self.policy) else worth.parts
        tiers = [{"label": _tier(part), "value": yuan(part.base * part.rate), "look": ""} for part in parts]
        fits = asked is not None and not asked_problem(asked, amount, worth)
        total = asked if fits and asked is not None else worth.amount
        return {
            "rows": [{"label": _("合同金额"), "value": yuan(amount), "look": ""}, *tiers, left],
            "sum_label": self._sum_label(fits=fits),
            "total": total,
            "whole": amount,
            "words": worth.words,
            "why": self._why(worth, total),
            "stop": worth.amount <= 0,
        }

    def _sum_label(self, *, fits: bool) -> str:
        if not asks_amount(self.policy):
            return _("券额")
        return _("申请使用金额") if fits else _("最多可申请")

    def _why(self, worth: Subsidy, total: Decimal) -> str:
        decided = _DECIDED.get(worth.decided_by, "")
        if worth.amount <= 0 or self.available is None:
            return f"{decided}。"
        words = {"left": plain(self.available - total), "day": iso_day(self._balance.valid_until)}
        after = _("用后还剩 %(left)s 元，%(day)s 到期。") if words["day"] else _("用后还剩 %(left)s 元。")
        return f"{decided}；{after % words}"

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
            self._amount_fact(use, worth),
            (_("由谁申请兑付"), REDEEMERS[use.redeemer]),
            (_("材料"), "、".join(file.name for file in self.files)),
        ]
        own = answered(asked_rows(self.policy), use.answers)
        return [{"label": label, "value": value} for label, value in rows if value] + own

    @staticmethod
    def _amount_fact(use: services.Use, worth: Subsidy) -> tuple[str, str]:
        if use.amount is not None:
            return _("申请使用金额"), _("%(amount)s 元（由科技局核定）") % {"amount": yuan(use.amount)}
        return _("券额"), _("%(amount)s 元（%(words)s）") % {"amount": yuan(worth.amount), "words": worth.words}
