"""What casework must know of orders: who sees one, what its deadlines do, its verbs' words."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.organizations import people_of
from innovation_voucher.casework import attachments, audit, subjects
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.statuses import register_statuses
from innovation_voucher.casework.subjects import Check
from innovation_voucher.lib.money import format_yuan
from vouchers import services as vouchers
from vouchers.answers import answered
from vouchers.models import Voucher
from vouchers.policy import asks_amount
from vouchers.resolve import policy_of
from vouchers.rules import may_see as may_see_voucher

from . import due, rules, services, statuses
from .forms.use import UseForm
from .models import Order
from .roads import asked_rows

VERBS = {
    "order.placed": _("提交预约"),
    "order.entered": _("机构登记电话预约"),
    "order.phone_confirmed": _("企业确认电话预约"),
    "order.quoted": _("机构报价"),
    "order.quote_withdrawn": _("机构撤回报价"),
    "order.quote_accepted": _("企业接受报价"),
    "order.difference": _("补下差价订单"),
    "order.offline": _("登记线下合同"),
    "order.quick": _("登记快速兑付"),
    "order.accepted": _("机构确认预约"),
    "order.declined": _("机构未接单"),
    "order.cancelled": _("取消预约"),
    "order.lapsed": _("预约超时失效"),
    "order.reminded": _("机构提醒上传合同"),
    "order.evidence": _("上传材料"),
    "order.evidence_removed": _("删除材料"),
    "order.use_returned": _("用券申请退回补正"),
    "order.use_resubmitted": _("用券申请补正后重新提交"),
    "order.voucher_used": _("使用创新券"),
    "order.voucher_received": _("机构接收创新券"),
    "order.voucher_returned": _("机构退回创新券"),
    "order.resubmitted": _("重新提交"),
    "order.copied": _("由原订单重新提交"),
    "order.delivered": _("登记服务完成"),
    "order.completed": _("确认完成"),
    "order.problem": _("反馈有问题"),
    "order.reviewed": _("评价服务"),
    "order.default_review": _("系统默认评价"),
    "order.review_replied": _("回复评价"),
}


def _never(*_args: Any, **_kwargs: Any) -> None:
    raise AssertionError("orders have no review chain")


# --- The review of a use ------------------------------------------------------------------------


def approve_use(voucher: Voucher, *, by: User, office: Office | None, amount: Decimal | None, reason: str) -> None:
    """The last step agreed: the voucher is issued at the usable amount and goes to the carrier."""
    issued = vouchers.issue_voucher(voucher, by=by, amount=amount, office=office, reason=reason)
    services.forward(issued, services.order_of(issued))


def reject_use(voucher: Voucher, *, by: User, office: Office | None, reason: str) -> None:
    """The quota is free again; the enterprise may hand the order in anew."""
    vouchers.refuse_voucher(voucher, by=by, office=office, reason=reason)


def use_targets(voucher: Voucher) -> list[subjects.Target]:
    """What a return may be pinned to: facts of the contract, the scheme's own questions, evidence."""
    policy = policy_of(voucher.snapshot)
    asked = [("amount", _("申请使用金额"))] if asks_amount(policy) else []
    facts = [(name, UseForm.base_fields[name].label) for name in services.facts_asked(policy)]
    rows = [(row.key, row.label) for row in asked_rows(policy)]
    return [*asked, *facts, *rows, *((row.key, row.label) for row in policy.evidence_of(services.STAGE))]


def use_checks(voucher: Voucher) -> list[Check]:
    """系统核对 of a use: the amount by the rules, the carrier's standing, the parties."""
    order = services.order_of(voucher)
    policy = policy_of(voucher.snapshot)
    recognized, standing = rules.in_scope(order.organization, voucher.carrier, policy)
    allowed, reason = services.may_pay_for(order, policy)
    return [
        Check(_("券额按规则计算"), voucher.formula.get("words", ""), str(voucher.amount)),
        Check(_("服务机构可以用券"), _("已认可"), standing or _("已认可"), ok=recognized),
        Check(_("类别和关联方"), _("可以补贴"), reason or _("可以补贴"), ok=allowed),
    ]


def use_answers(voucher: Voucher) -> Iterator[tuple[Any, Any]]:
    """What the reviewer reads of the contract and its amounts, and the scheme's own questions."""
    yield _("服务机构"), voucher.carrier_name
    yield _("服务内容"), voucher.service_title
    yield _("合同名称"), voucher.contract_name
    yield _("合同编号"), voucher.contract_number
    yield _("签订日期"), voucher.contract_date or ""
    yield _("合同金额"), format_yuan(voucher.contract_amount)
    yield _("申请券额"), format_yuan(voucher.amount)
    yield _("由谁兑付"), voucher.get_redeemer_display()
    for row in answered(asked_rows(policy_of(voucher.snapshot)), voucher.answers):
        yield row["label"], row["value"]


def _use_subject() -> subjects.Subject:
    return subjects.Subject(
        model=Voucher,
        key="use",
        label=_("创新券使用"),
        approve=approve_use,
        return_=services.return_use,
        reject=reject_use,
        may_see=may_see_voucher,
        facts_template="orders/_use_facts.html",
        checks=use_checks,
        targets=use_targets,
        expire=due.expire,
        remind=due.remind,
        parties=lambda voucher: people_of(voucher.organization) + people_of(voucher.carrier.organization),
        answers=use_answers,
        region=lambda voucher: voucher.region,
        url=lambda voucher: reverse("ent-order", args=[services.order_of(voucher).number]),
        files_of=lambda voucher: attachments.files(services.order_of(voucher)),
    )


def _order_subject() -> subjects.Subject:
    return subjects.Subject(
        model=Order,
        key="order",
        label=_("订单"),
        approve=_never,
        return_=_never,
        reject=_never,
        may_see=rules.may_see,
        facts_template="orders/_order_facts.html",
        parties=lambda order: people_of(order.organization),
        region=lambda order: order.region,
        url=lambda order: reverse("ent-order", args=[order.number]),
        expire=due.expire,
        remind=due.remind,
    )


def register() -> None:
    """Called once by AppConfig.ready."""
    audit.register_verbs(VERBS)
    register_statuses("orders.Order", statuses.ORDER)
    register_statuses("orders.Quote", statuses.QUOTE)
    subjects.register(_order_subject())
    subjects.register(_use_subject())
