"""The picture of an invoice or a bank receipt, within the limits of the scheme's evidence row for it."""

from typing import BinaryIO

from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import attachments
from innovation_voucher.casework.errors import Refused
from orders.models import Order
from vouchers.policy import EvidenceSpec

from ..models import BankReceipt, ContractPaper, Invoice

#: What comes with a picture.
Paper = Invoice | BankReceipt | ContractPaper
#: File name and content.
Picture = tuple[str, BinaryIO]


def keep_picture(row: EvidenceSpec | None, order: Order, paper: Paper, picture: Picture | None, *, by: User) -> None:
    """Hang the picture on the order; a paper that has one already needs no second.

    Without a row nothing is asked. Raises Refused where one is missing, FileRefused for what the
    row does not take.
    """
    if row is None:
        return
    if picture is None:
        if row.minimum and paper.image is None:
            raise Refused(_("上传%(label)s的图片或扫描件。") % {"label": row.label}, "picture")
        return
    name, data = picture
    drop_picture(paper, by=by)
    paper.image = attachments.attach(order, row.key, name=name, data=data, rule=attachments.rule_of(row), by=by)
    paper.save(update_fields=["image"])


def drop_picture(paper: Paper, *, by: User) -> None:
    """Take the picture out of its order."""
    if paper.image is not None:
        attachments.remove(paper.image, by=by)
