"""Phones among the answers of a scheme's form: each is confirmed by SMS before it is handed in."""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.services import is_confirmed
from innovation_voucher.casework.errors import Refused
from innovation_voucher.lib.identifiers import mask_mobile

from .models.policies import FieldRow
from .policy import FieldSpec


def phone_rows(rows: Iterable[FieldSpec]) -> list[FieldSpec]:
    """Those that ask for a phone."""
    return [row for row in rows if row.type == FieldRow.Type.PHONE]


def e164(answer: str) -> str:
    """A phone of an answer as accounts keep it."""
    return f"+86{answer.removeprefix('+86')}"


def require_confirmed(
    organization: Organization,
    rows: Iterable[FieldSpec],
    answers: Mapping[str, Any],
    *,
    among: Container[str] | None = None,
) -> None:
    """Raise Refused ("phone") for phones that nobody of the organization has confirmed.

    Only those of `among` are looked at where it is given: what cannot be mended now is not asked for.
    """
    wanted = (row for row in phone_rows(rows) if among is None or row.key in among)
    words = list(_unconfirmed(organization, wanted, answers))
    if words:
        raise Refused("；".join(words), "phone")


def _unconfirmed(organization: Organization, rows: Iterable[FieldSpec], answers: Mapping[str, Any]) -> Iterator[str]:
    for row in rows:
        answer = str(answers.get(row.key) or "")
        if answer and not is_confirmed(organization, e164(answer)):
            values = {"label": row.label, "phone": mask_mobile(answer.removeprefix("+86"))}
            yield _("%(label)s %(phone)s 还没有经短信验证，回到填写页验证后再提交") % values
