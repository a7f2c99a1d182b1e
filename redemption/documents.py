"""The form of a redemption to be signed, stamped and handed in on paper."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import attachments, calendar
from innovation_voucher.casework.models import Attachment
from innovation_voucher.lib import pdf
from innovation_voucher.lib.money import format_yuan
from innovation_voucher.lib.references import group_code
from vouchers.answers import answered
from vouchers.resolve import policy_of

from . import asked, services
from .models import Redemption, RedemptionLine

KEY = "form"


def redemption_form(redemption: Redemption, *, by: User) -> Attachment:
    """The PDF of what was handed in; made once for every time that it was."""
    moment = redemption.submitted_at
    key = f"{KEY}-{moment:%Y%m%d%H%M%S}" if moment else KEY
    made = attachments.files(redemption, key)
    if made:
        return made[0]
    name = _("兑付申请表-%(number)s.pdf") % {"number": redemption.number}
    return attachments.generated(redemption, key, name=name, content=pdf.render_html(form_html(redemption)), by=by)


def form_html(redemption: Redemption) -> str:
    """The form as a complete HTML document with its own CSS."""
    lines = list(redemption.lines.select_related("voucher__snapshot", "voucher__order").order_by("id"))
    papers = services.papers_for([line.voucher for line in lines])
    context = {
        "redemption": redemption,
        "facts": _facts(redemption),
        "lines": [{"voucher": line.voucher, "rows": _rows(line, papers[line.voucher_id])} for line in lines],
        "said": answered(asked.rows(policy_of(redemption.snapshot)), redemption.answers),
        "today": calendar.today(),
        "font_css": pdf.font_css(),
    }
    return render_to_string("redemption/form_print.html", context)


def _facts(redemption: Redemption) -> list[dict[str, Any]]:
    payee, account = redemption.payee, redemption.bank_account
    rows = [
        (_("申请编号"), redemption.number),
        (_("申请单位"), payee.name),
        (_("统一社会信用代码"), payee.credit_code or ""),
        (_("受理地区"), redemption.region.full_name),
        (_("收款账户"), f"{account.holder} {account.bank}" if account else ""),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _rows(line: RedemptionLine, papers: services.Papers) -> list[tuple[str, str]]:
    voucher = line.voucher
    contracts = "\n".join(f"{paper.name}  {format_yuan(paper.amount)}" for paper in papers.contracts)
    invoices = "\n".join(f"{invoice.name} {invoice.number}  {_amount(invoice)}".strip() for invoice in papers.invoices)
    rows = [
        (_("券号"), group_code(voucher.code)),
        (_("服务机构"), voucher.carrier_name),
        (_("申请券额（元）"), format_yuan(voucher.amount)),
        (_("合同有效金额（元）"), contracts),
        (_("发票（元）"), invoices),
        (_("银行回单合计（元）"), format_yuan(papers.receipt_sum)),
        (_("兑付金额（元）"), format_yuan(line.claimed)),
    ]
    return [(label, value) for label, value in rows if value]


def _amount(invoice: Any) -> str:
    return format_yuan(invoice.amount) if invoice.amount is not None else ""
