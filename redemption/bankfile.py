"""The bank's file: one row per payment, safe to open in a spreadsheet, adding up to the batch."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from innovation_voucher.lib import spreadsheets

from .models import Payment, SettlementBatch

#: Column words that the bank writes back, each with the names that banks use for it.
RESULT_COLUMNS: dict[str, tuple[str, ...]] = {
    "reference": ("流水号", "reference"),
    "result": ("结果", "状态", "result"),
    "amount": ("金额", "amount"),
    "bank_reference": ("银行流水号", "bank_reference"),
    "reason": ("退回原因", "原因", "reason"),
}
NEEDED = ("reference", "result", "amount")
PAID_WORDS = ("成功", "已拨付", "paid")
FAILED_WORDS = ("退回", "未成功", "failed")


def _headers() -> list[str]:
    return [_("流水号"), _("户名"), _("账号"), _("开户银行"), _("金额"), _("用途")]


def _rows(batch: SettlementBatch, payments: Iterable[Payment]) -> list[list[Any]]:
    purpose = _("创新券兑付 %(number)s") % {"number": batch.number}
    return [[p.reference, p.holder, p.account, p.bank, p.amount, purpose] for p in payments]


def bank_xlsx(batch: SettlementBatch, payments: Iterable[Payment]) -> bytes:
    """The bank file as a workbook."""
    return spreadsheets.xlsx(_headers(), _rows(batch, payments))


def bank_csv(batch: SettlementBatch, payments: Iterable[Payment]) -> bytes:
    """The bank file as UTF-8 text with a byte-order mark, as office programs expect."""
    return b"\xef\xbb\xbf" + spreadsheets.csv_text(_headers(), _rows(batch, payments)).encode()


def cell(row: dict[str, str], name: str) -> str:
    """The value of a result column under any of its names, empty when absent."""
    return next((row[title].strip() for title in RESULT_COLUMNS[name] if row.get(title)), "")


def missing_columns(row: dict[str, str]) -> list[str]:
    """Names of the columns that a result file must have and this row has not."""
    return [titles[0] for name, titles in RESULT_COLUMNS.items() if name in NEEDED and not set(titles) & set(row)]
