"""Documents that people take away: the receipt of something handed in."""

from django.template.loader import render_to_string

from innovation_voucher.lib.pdf import render_html

from . import pages
from .models import Verification


def receipt(verification: Verification) -> bytes:
    """The receipt (回执) as PDF: number, time, materials, who decides until when."""
    return render_html(render_to_string("accounts/receipt.html", pages.state(verification)))
