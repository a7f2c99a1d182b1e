"""What a reviewer writes beside each voucher of a redemption, before the step is agreed to."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.subjects import Award, Given
from innovation_voucher.lib.money import format_yuan

from ..models import Redemption, RedemptionLine
from .gaps import worth_of_contract
from .redeeming import lock


@transaction.atomic
def keep_lines(redemption: Redemption, given: Given, *, by: User, office: Office | None, reason: str) -> None:
    """Keep what each line is given by its id; at most what was asked or agreed before.

    What is recognized of the contract bounds the amount too.

    The decision of the same step calls this under its own rules. Every line must be named.
    """
    redemption = lock(redemption)
    lines = list(redemption.lines.select_related("voucher__snapshot").order_by("id"))
    if {line.pk for line in lines} != set(given):
        raise Refused(_("明细刚刚变了，请刷新后重新核定。"))
    awards = {key: Award(*row) for key, row in given.items()}
    lowered = [line.pk for line in lines if _keep(line, awards[line.pk], reason)]
    if lowered:
        after = {str(pk): str(awards[pk].amount) for pk in lowered}
        audit.record(
            "redemption.lines_lowered", redemption, by=by, office=office, region=redemption.region, after=after
        )


def _keep(line: RedemptionLine, award: Award, reason: str) -> bool:
    """Write one line; whether it is less than it was."""
    most = line.claimed if line.approved is None else line.approved
    if line.contract_amount is not None and award.basis is not None:
        most = min(most, _recognize(line, award.basis))
    if not 0 <= award.amount <= most:
        raise Refused(_("每项核定金额最多为申请金额 %(most)s 元。") % {"most": format_yuan(most)})
    before = line.claimed if line.approved is None else line.approved
    line.approved = award.amount
    if award.amount != before:
        line.reason = award.why.strip() or reason[:300]
    line.save(update_fields=["approved", "approved_contract", "reason"])
    return award.amount != before


def _recognize(line: RedemptionLine, basis: Decimal) -> Decimal:
    """Note what is recognized of the contract, at most what was before; what it is worth, yuan."""
    if not 0 <= basis <= line.recognized_contract:
        words = _("认定合同金额最多 %(most)s 元。")
        raise Refused(words % {"most": format_yuan(line.recognized_contract)})
    line.approved_contract = basis
    return worth_of_contract(line.voucher, basis)
