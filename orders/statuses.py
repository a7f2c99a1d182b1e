"""States of orders and reviews as people see them."""

from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.statuses import Status, Statuses

from .models import Order

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
        code="awaiting_amount",
        label=_("待科技局核额"),
        tone="blue",
        turn="bureau",
        next_text=_("科技局核定可用额度后，创新券发给机构。"),
    ),
    Status(
        code="awaiting_receipt",
        label=_("待机构接收创新券"),
        tone="blue",
        turn="carrier",
        next_text=_("机构扫码或在线接收后创新券生效；未接收前企业可自行作废。"),
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


def shown(order: Order, *, has_contract: bool) -> Status:
    """The status that people see: a pure function of the order, its contract and its voucher."""
    if order.status != Order.State.ACCEPTED:
        return ORDER[order.status]
    return ORDER[_accepted_code(order, has_contract=has_contract)]


def _accepted_code(order: Order, *, has_contract: bool) -> str:
    voucher = order.voucher
    if voucher is not None:
        waiting = {"requested": "awaiting_amount", "returned": "awaiting_amount", "issued": "awaiting_receipt"}
        return waiting.get(voucher.status, "accepted")
    if not order.use_voucher:
        return "accepted"
    return "awaiting_use" if has_contract else "awaiting_contract"
