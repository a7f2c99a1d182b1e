"""The printed voucher."""

import base64

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import attachments
from innovation_voucher.casework.models import Attachment
from innovation_voucher.lib import qr
from innovation_voucher.lib.chinese_amount import in_words
from innovation_voucher.lib.pdf import render_html
from innovation_voucher.lib.references import group_code

from .models import Voucher
from .services import scan_url


def voucher_pdf(voucher: Voucher, *, by: User) -> Attachment:
    """The A4 print of the voucher as it is now; made once per state and print version."""
    key = f"print-{voucher.print_version}-{voucher.status}"
    made = attachments.files(voucher, key)
    if made:
        return made[0]
    name = _("创新券 %(code)s.pdf") % {"code": group_code(voucher.code)}
    return attachments.generated(voucher, key, name=name, content=_render(voucher), by=by)


def _render(voucher: Voucher) -> bytes:
    image = base64.b64encode(qr.svg(scan_url(voucher)).encode()).decode()
    context = {
        "voucher": voucher,
        "qr": f"data:image/svg+xml;base64,{image}",
        "amount_words": in_words(voucher.amount),
        "portal_name": settings.PORTAL_NAME,
        "host": settings.BASE_URL,
    }
    return render_html(render_to_string("vouchers/print.html", context))
