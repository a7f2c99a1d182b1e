"""Files of an order as the file component shows them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from innovation_voucher.casework import attachments
from innovation_voucher.casework.models import Attachment
from innovation_voucher.lib.uploads.refusal import size_text
from vouchers.policy import EvidenceSpec

from ..forms.use import EvidenceForm
from ..models import Order
from ..services.evidence import TEMPLATE_KEY


def shown(file: Attachment, *, remove_url: str = "") -> dict[str, Any]:
    """Name, kind, size and addresses of one file."""
    pages = _("%(n)d 页，") % {"n": file.pages} if file.kind == "pdf" and file.pages else ""
    return {
        "name": file.name,
        "kind": file.kind.upper(),
        "meta": f"{pages}{size_text(file.size)}",
        "url": reverse("file", args=[file.token]),
        "delete_url": remove_url,
    }


def order_files(order: Order) -> list[Attachment]:
    """What people gave to the order, without the documents that the portal made (one query)."""
    return [file for file in attachments.files(order) if file.key != TEMPLATE_KEY]


def given(files: Iterable[Attachment], key: str, *, order: Order, removable: bool) -> list[dict[str, Any]]:
    """The files of one evidence row."""
    return [
        shown(file, remove_url=reverse("ent-order-file-remove", args=[order.number, file.token]) if removable else "")
        for file in files
        if file.key == key
    ]


def boxes(
    rows: Iterable[EvidenceSpec], order: Order, files: list[Attachment], errors: dict[str, str]
) -> list[dict[str, Any]]:
    """One upload box per evidence row: what is there, what is missing, what went wrong."""
    found = []
    for row in rows:
        there = given(files, row.key, order=order, removable=True)
        form = EvidenceForm(row)
        words = errors.get(row.key, "")
        found.append(
            {
                "row": row,
                "files": there,
                "missing": max(0, row.minimum - len(there)),
                "field": form["file"],
                "error": words,
            }
        )
    return found
