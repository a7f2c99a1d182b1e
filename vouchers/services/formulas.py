"""The formula that a voucher keeps: how its amount came about, in words."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from innovation_voucher.lib.money import yuan

from ..policy import Subsidy, plain


def plain_formula(most: Subsidy) -> dict[str, str]:
    """The formula of an amount that the rules compute."""
    return {"words": most.words, "decided_by": most.decided_by}


def asked_formula(asked: Decimal) -> dict[str, str]:
    """The formula of an amount that the reviewer will set."""
    words = _("申请 %(asked)s 元，由审核人核定") % {"asked": plain(asked)}
    return {"words": words, "decided_by": "reviewer", "asked": str(yuan(asked))}


def reviewed_formula(formula: dict[str, Any], amount: Decimal) -> dict[str, Any]:
    """The same formula once the reviewer has set `amount` yuan."""
    set_to = plain(amount)
    if "asked" in formula:
        words = _("申请 %(asked)s 元，核定 %(amount)s 元") % {"asked": plain(yuan(formula["asked"])), "amount": set_to}
    else:
        words = _("%(words)s；核定 %(amount)s 元") % {"words": formula.get("words", ""), "amount": set_to}
    return {**formula, "words": words, "reviewed": str(amount)}
