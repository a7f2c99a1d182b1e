"""Bank receipts and files behind an order."""

from datetime import date
from decimal import Decimal
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import attachments, audit
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Attachment
from orders.models import Order
from vouchers.policy import EvidenceSpec

from .. import asked
from ..models import BankReceipt
from ..things import Thing, handle, rules_of
from .gaps import RECEIPTS
from .opened import open_order
from .pictures import Picture, drop_picture, keep_picture


@transaction.atomic
def add_receipt(
    thing: Thing, *, by: User, amount: Decimal, paid_on: date | None, picture: Picture | None = None
) -> BankReceipt:
    """Write down what a bank receipt says, yuan, with its picture (file name, content) where one is asked for."""
    order = open_order(thing, RECEIPTS, by)
    if amount <= 0:
        raise Refused(_("回单金额须大于 0 元。"))
    receipt = BankReceipt.objects.create(order=order, amount=amount, paid_on=paid_on)
    row = asked.picture_rows(rules_of(handle(order))).get(asked.RECEIPT_PICTURE)
    keep_picture(row, order, receipt, picture, by=by)
    after = {"amount": str(amount)}
    audit.record("redemption.receipt_added", handle(order), by=by, region=order.region, after=after)
    return receipt


@transaction.atomic
def remove_receipt(thing: Thing, receipt: BankReceipt, *, by: User) -> None:
    """Take a bank receipt back while its order is open."""
    order = open_order(thing, RECEIPTS, by)
    before = {"amount": str(receipt.amount)}
    if BankReceipt.objects.filter(pk=receipt.pk, order=order).delete()[0]:
        drop_picture(receipt, by=by)
        audit.record("redemption.receipt_removed", handle(order), by=by, region=order.region, before=before)


@transaction.atomic
def add_paper(thing: Thing, key: str, *, by: User, name: str, data: BinaryIO) -> Attachment:
    """Keep a file for one evidence row of the redemption stage; it hangs on the order."""
    order = open_order(thing, key, by)
    row = _row(order, key)
    if row.maximum is not None and len(attachments.files(order, key)) >= row.maximum:
        words = _("“%(label)s”最多 %(n)s 份。先删除一份，再上传。")
        raise Refused(words % {"label": row.label, "n": row.maximum}, "too_many")
    file = attachments.attach(order, key, name=name, data=data, rule=attachments.rule_of(row), by=by)
    after = {"key": key, "file": file.name}
    audit.record("redemption.paper_added", handle(order), by=by, region=order.region, after=after)
    return file


@transaction.atomic
def remove_paper(thing: Thing, file: Attachment, *, by: User) -> None:
    """Take a file of the redemption stage back while its order is open."""
    order = open_order(thing, file.key, by)
    row = _row(order, file.key)
    if file not in attachments.files(order, row.key):
        raise Refused(_("这份材料不属于这张券。"))
    attachments.remove(file, by=by)
    before = {"key": file.key, "file": file.name}
    audit.record("redemption.paper_removed", handle(order), by=by, region=order.region, before=before)


def _row(order: Order, key: str) -> EvidenceSpec:
    rows = asked.file_rows(rules_of(handle(order)))
    found = next((row for row in rows if row.key == key), None)
    if found is None:
        raise Refused(_("这份材料不需要上传。"))
    return found
