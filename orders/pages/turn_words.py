"""Until when the side whose turn it is acts on an order, and what follows else."""

from django.utils.translation import gettext as _

from innovation_voucher.casework.statuses import Text
from vouchers.models import Voucher

from ..models import Order
from ..services import term_for


def answer_words(order: Order) -> str:
    """Until when to answer a booking, and what happens else."""
    term = term_for(order, "order_answer")
    said = (
        _("确认价格和交付时间，或说明不接单的原因。请在%(days)s内答复。")
        if term.only_reminds
        else _("确认价格和交付时间，或说明不接单的原因。%(days)s内未答复的，预约自动失效。")
    )
    return said % {"days": f" {term.words}"}


def _term_words(order: Order, act: str, said: Text, only_reminds: Text) -> str:
    term = term_for(order, act)
    return str(only_reminds if term.only_reminds else said) % {"days": f" {term.words}"}


def quote_why(order: Order) -> str:
    """Until when to answer a quote, for the enterprise."""
    return _term_words(
        order,
        "quote_answer",
        _("核对价格和交付时间，接受后订单生效；有疑问可以留言。%(days)s内未答复的，预约自动失效。"),
        _("核对价格和交付时间，接受后订单生效；有疑问可以留言。请在%(days)s内答复。"),
    )


def quoted_words(order: Order) -> str:
    """The same for the carrier that awaits it."""
    return _term_words(
        order,
        "quote_answer",
        _("企业接受报价后订单生效；%(days)s内未答复的，预约自动失效。"),
        _("企业接受报价后订单生效，应在%(days)s内答复。"),
    )


def entered_words(order: Order) -> str:
    """Until when an entered booking must be confirmed, for both sides."""
    return _term_words(
        order,
        "order_answer",
        _("企业核对电话里谈妥的服务和金额后确认；%(days)s内未确认的，预约自动失效。"),
        _("企业核对电话里谈妥的服务和金额后确认，应在%(days)s内办理。"),
    )


def completion_words(order: Order) -> str:
    """What follows when the service was recorded, for the carrier that awaits the enterprise."""
    term = term_for(order, "completion")
    said = (
        _("企业核对结果后，应在%(days)s内确认完成。")
        if term.only_reminds
        else _("企业核对结果后确认完成；%(days)s内未办理的自动确认。")
    )
    return said % {"days": f" {term.words}"}


def resubmit_words(order: Order) -> str:
    """What the carrier sent back is given up with the same press; what ended otherwise is over already."""
    sent_back = order.voucher is not None and order.voucher.status == Voucher.State.RETURNED_BY_CARRIER
    return _("作废并重新提交") if sent_back else _("重新提交")
