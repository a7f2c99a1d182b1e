"""What a reviewer writes beside each voucher of a redemption, before the step is agreed to."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.subjects import Given
from innovation_voucher.lib.money import format_yuan

from ..models import Redemption, RedemptionLine
from .redeeming import lock


@transaction.atomic
def keep_lines(redemption: Redemption, given: Given, *, by: User, office: Office | None, reason: str) -> None:
    """Keep what each line is given (yuan, reason) by its id; at most what was asked or agreed before.

    The decision of the same step calls this under its own rules. Every line must be named.
    """
    redemption = lock(redemption)
    lines = list(redemption.lines.order_by("id"))
    if {line.pk for line in lines} != set(given):
        raise Refused(_("明细刚刚变了，请刷新后重新核定。"))
    lowered = [line.pk for line in lines if _keep(line, *given[line.pk], reason)]
    if lowered:
        after = {str(pk): str(given[pk][0]) for pk in lowered}
        audit.record(
            "redemption.lines_lowered", redemption, by=by, office=office, region=redemption.region, after=after
        )


def _keep(line: RedemptionLine, amount: Decimal, words: str, reason: str) -> bool:
    """Write one line; whether it is less than it was."""
    most = line.claimed if line.approved is None else line.approved
    if not 0 <= amount <= most:
        raise Refused(_("每项核定金额最多为申请金额 %(most)s 元。") % {"most": format_yuan(most)})
    line.approved = amount
    if amount != most:
        line.reason = words.strip() or reason[:300]
    line.save(update_fields=["approved", "reason"])
    return amount != most
