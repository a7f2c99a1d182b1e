"""States of orders and reviews as people see them."""

from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.statuses import Status, Statuses, Text, called

from .models import Order
from .roads import applies, asks_contract, asks_region, comes_with_order, holds_late, policy_for
from .rules import ENDED_VOUCHER

#: The database's states, refined by contract and voucher; `shown_status` picks one.
ORDER = Statuses(
    Status(
        code="placed",
        label=_("待机构确认"),
        tone="blue",
        turn="carrier",
        next_text=_("机构会确认价格和交付时间，或说明不接单的原因。"),
    ),
    Status(
        code="talking",
        label=_("沟通中"),
        tone="blue",
        turn="enterprise",
        next_text=_("机构已报价。企业接受后订单生效，机构可以修改报价。"),
    ),
    Status(
        code="awaiting_enterprise",
        label=_("待企业确认"),
        tone="amber",
        turn="enterprise",
        next_text=_("机构登记了电话里谈妥的预约。企业确认后订单生效。"),
    ),
    Status(
        code="awaiting_contract",
        label=_("待上传合同"),
        tone="amber",
        turn="enterprise",
        next_text=_("机构已确认预约。上传双方盖章的合同后，就可以使用创新券。"),
    ),
    Status(
        code="awaiting_use",
        label=_("待使用创新券"),
        tone="amber",
        turn="enterprise",
        next_text=_("合同已上传。现在可以申请使用创新券。"),
    ),
    Status(
        code="awaiting_request",
        label=_("待申请核额"),
        tone="amber",
        turn="enterprise",
        next_text=_("机构已确认预约。现在可以向科技局申请核定券额。"),
    ),
    Status(
        code="awaiting_application",
        label=_("待申请创新券"),
        tone="amber",
        turn="enterprise",
        next_text=_("机构已确认预约。填写申请、上传合同或报价单，就可以申请创新券。"),
    ),
    Status(
        code="awaiting_amount",
        label=_("待科技局核额"),
        tone="blue",
        turn="bureau",
        next_text=_("科技局核定可用额度后，创新券发给机构。"),
    ),
    Status(
        code="awaiting_mend",
        label=_("待补正"),
        tone="amber",
        turn="enterprise",
        next_text=_("科技局退回了用券申请。按要求补正后重新提交，额度仍为您保留。"),
    ),
    Status(
        code="awaiting_receipt",
        label=_("待机构接收创新券"),
        tone="blue",
        turn="carrier",
        next_text=_("机构扫码或在线接收后创新券生效；未接收前企业可自行作废。"),
    ),
    Status(
        code="awaiting_resubmit",
        label=_("待重新提交"),
        tone="amber",
        turn="enterprise",
        next_text=_("创新券没有用成，额度已退回。核对后可以重新提交，或取消订单。"),
    ),
    Status(
        code="accepted",
        label=_("服务中"),
        tone="blue",
        turn="carrier",
        next_text=_("机构正在服务，完成后登记服务结果。"),
    ),
    Status(
        code="delivered",
        label=_("待确认完成"),
        tone="amber",
        turn="enterprise",
        next_text=_("机构已登记完成。核对结果后确认完成，有问题可以说明。"),
    ),
    Status(code="completed", label=_("已完成"), tone="green", next_text=_("服务已完成，可以评价和申请兑付。")),
    Status(code="declined", label=_("机构未接单"), tone="red", next_text=_("可以换一家机构再次预约。")),
    Status(code="cancelled", label=_("已取消"), tone="grey", next_text=_("需要时可以再次预约。")),
    Status(code="lapsed", label=_("已失效"), tone="grey", next_text=_("超过办理时限。需要时可以再次预约。")),
)


#: Steps of an order that a voucher pays for, of one without, and of one whose amount the region confirms.
STEPS = (_("预约"), _("机构确认"), _("合同"), _("用券"), _("服务"), _("完成"), _("评价"))
STEPS_WITHOUT = (_("预约"), _("机构确认"), _("服务"), _("完成"), _("评价"))
STEPS_REGION = (_("预约"), _("机构确认"), _("核额"), _("服务"), _("完成"), _("评价"))

#: Number of the step in which an order stands, by shown code, for each of these roads.
_AT = {
    "placed": (2, 2, 2),
    "talking": (2, 2, 2),
    "awaiting_enterprise": (2, 2, 2),
    "awaiting_contract": (3, 3, 3),
    **dict.fromkeys(
        (
            "awaiting_use",
            "awaiting_request",
            "awaiting_application",
            "awaiting_amount",
            "awaiting_mend",
            "awaiting_receipt",
        ),
        (4, 3, 3),
    ),
    "awaiting_resubmit": (4, 3, 3),
    "accepted": (5, 3, 4),
    "delivered": (6, 4, 5),
    "completed": (7, 5, 6),
}


def shown(order: Order, *, has_contract: bool, quoted: bool = False) -> Status:
    """The status that people see: a pure function of the order, its open quote, its contract and its voucher."""
    if order.status == Order.State.PLACED and order.by_carrier:
        return ORDER["awaiting_enterprise"]
    if order.status == Order.State.PLACED and quoted:
        return ORDER["talking"]
    if order.status != Order.State.ACCEPTED:
        return ORDER[order.status]
    row = ORDER[_accepted_code(order, has_contract=has_contract)]
    # While offices look at the use, the state is called as the step that it has passed calls it.
    return called(order.voucher, row) if row.code == "awaiting_amount" else row


def _accepted_code(order: Order, *, has_contract: bool) -> str:
    if order.voucher is not None:
        return _BY_VOUCHER.get(order.voucher.status, "accepted")
    policy = policy_for(order)
    if not order.use_voucher or holds_late(policy):
        return "accepted"
    if applies(policy):
        return "awaiting_application"
    if not asks_contract(policy):
        return "awaiting_request"
    return "awaiting_use" if has_contract else "awaiting_contract"


_BY_VOUCHER: dict[str, str] = {
    "requested": "awaiting_amount",
    "returned": "awaiting_mend",
    "issued": "awaiting_receipt",
    **dict.fromkeys(ENDED_VOUCHER, "awaiting_resubmit"),
}


def step_of(order: Order, code: str, *, reviewed: bool) -> tuple[tuple[Text, ...], int]:
    """The steps of the order's road and the number of the one now; 0 when it ended before its time."""
    road = _road(order)
    steps = (STEPS, STEPS_WITHOUT, STEPS_REGION)[road]
    if code == "completed" and reviewed:
        return steps, len(steps) + 1
    return steps, _AT.get(code, (0, 0, 0))[road]


def _road(order: Order) -> int:
    policy = policy_for(order)
    if not order.use_voucher or holds_late(policy) or comes_with_order(order):
        return 1
    return 2 if asks_region(policy) else 0


QUOTE = Statuses(
    Status(code="offered", label=_("待接受"), tone="amber", turn="enterprise"),
    Status(code="accepted", label=_("已接受"), tone="green"),
    Status(code="withdrawn", label=_("已撤回"), tone="grey"),
    Status(code="expired", label=_("已过期"), tone="grey"),
)
