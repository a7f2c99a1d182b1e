"""The contract template of an order, filled with both parties and the service."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import attachments, calendar
from innovation_voucher.casework.models import Attachment
from innovation_voucher.lib import chinese_amount, pdf

from .models import Order
from .services.evidence import TEMPLATE_KEY


def contract_template(order: Order, *, by: User) -> Attachment:
    """The PDF of the template; made when first asked for, its facts are fixed once the order is accepted."""
    made = attachments.files(order, TEMPLATE_KEY)
    if made:
        return made[0]
    content = pdf.render_html(contract_html(order))
    name = _("技术服务合同模板-%(number)s.pdf") % {"number": order.number}
    return attachments.generated(order, TEMPLATE_KEY, name=name, content=content, by=by)


def contract_html(order: Order) -> str:
    """The template as a complete HTML document with its own CSS."""
    amount = order.agreed_amount
    context = {
        "order": order,
        "today": calendar.today(),
        "amount_words": chinese_amount.in_words(amount) if amount is not None else "",
    }
    return render_to_string("orders/contract_template.html", context)
