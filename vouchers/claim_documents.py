"""The form of a claim on paper: every answer in its section, to be printed, stamped and scanned."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from innovation_voucher.lib.crypto import decrypt
from innovation_voucher.lib.pdf import render_html

from .answers import answered
from .claim_specs import fields_of, rules_of
from .models import Claim
from .policy import FieldSpec, class_label


def claim_form(claim: Claim) -> bytes:
    """The PDF of the form as it is now. Only for people of the organization: it holds what is kept secret."""
    context = {
        "claim": claim,
        "class_label": class_label(rules_of(claim), claim.class_key),
        "sections": list(_sections(claim)),
        "portal_name": settings.PORTAL_NAME,
        "printed_on": timezone.localdate(),
    }
    return render_html(render_to_string("vouchers/claim_form_print.html", context))


def _sections(claim: Claim) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Heads with label and answer of every field, secrets in plain."""
    for head, rows in groupby(fields_of(claim), key=lambda row: row.section):
        yield head, [_line(row, claim) for row in rows]


def _line(row: FieldSpec, claim: Claim) -> dict[str, Any]:
    value = claim.answers.get(row.key)
    if row.is_secret:
        return {"label": row.label, "value": decrypt(value) if value else ""}
    return next(iter(answered([row], claim.answers)), {"label": row.label, "value": ""})
