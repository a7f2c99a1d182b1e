"""The imported enterprise registry: kept up to date, and offered to fill a form with."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.identifiers import clean_uscc
from innovation_voucher.lib.money import parse_yuan
from innovation_voucher.lib.spreadsheets import numbered

from .. import answers, rules
from ..models import EnterpriseRecord, User, Verification

#: Heads of the file's columns → fields of the record.
COLUMNS = {
    "统一社会信用代码": "credit_code",
    "单位名称": "name",
    "法定代表人": "legal_person",
    "地址": "address",
    "单位性质": "nature",
    "成立日期": "founded_on",
    "注册资本": "capital",
}


@transaction.atomic
def apply_autofill(verification: Verification, fields: Iterable[str], *, by: User) -> Verification:
    """Take over the ticked facts of the registry, and no others; raises Refused when none is ticked."""
    verification = Verification.objects.select_for_update().select_related("organization").get(pk=verification.pk)
    require(rules.may_act(by, verification.organization), NotAllowed)
    require(rules.may_edit(verification))
    ticked = set(fields)
    rows = [row for row in answers.autofill_diff(verification) if row.field in ticked]
    if not rows:
        raise Refused(_("勾选要更新的项目，至少一项"), "none_ticked")
    for row in rows:
        section = answers.section_for(verification, row.field).key
        verification.answers.setdefault(section, {})[row.field] = row.new
    verification.save()
    record = answers.record_of(verification.organization)
    audit.record(
        "verification.autofilled",
        verification,
        by=by,
        region=verification.organization.bureau,
        before={row.field: row.old for row in rows},
        after={row.field: row.new for row in rows},
        reason=record.source if record else "",
    )
    return verification


def import_records(rows: Iterable[Mapping[str, str]], *, source: str) -> tuple[int, list[str]]:
    """Add or renew records; returns how many, and a sentence per row that was left out.

    Rows are mappings by the heads of `COLUMNS`; capital in yuan. One bad row stops no other.
    """
    done, problems = 0, []
    for number, row in numbered(rows):
        try:
            values = _values(row)
        except ValueError as error:
            problems.append(_("第 %(row)d 行：%(why)s") % {"row": number, "why": error})
            continue
        code = values.pop("credit_code")
        values |= {"source": source, "imported_at": timezone.now()}
        EnterpriseRecord.objects.update_or_create(credit_code=code, defaults=values)
        done += 1
    return done, problems


def _values(row: Mapping[str, str]) -> dict[str, object]:
    """The fields of one record; raises ValueError with what is wrong."""
    texts = {field: _text(row, head, field) for head, field in COLUMNS.items()}
    if not texts["name"]:
        raise ValueError(_("缺少单位名称"))
    return {
        **texts,
        "credit_code": clean_uscc(texts["credit_code"]),
        "founded_on": _day(texts["founded_on"]) if texts["founded_on"] else None,
        "capital": parse_yuan(texts["capital"]) if texts["capital"] else None,
    }


def _text(row: Mapping[str, str], head: str, field: str) -> str:
    text = str(row.get(head) or "").strip()
    longest: int | None = getattr(EnterpriseRecord._meta.get_field(field), "max_length", None)
    if longest is not None and len(text) > longest:
        raise ValueError(_("%(head)s最多 %(n)d 字") % {"head": head, "n": longest})
    if "\0" in text:
        raise ValueError(_("%(head)s里有不能保存的字符，删去后再导入") % {"head": head})
    return text


def _day(text: str) -> date:
    """The day at the head of a date or a date with time; raises ValueError with the sentence."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise ValueError(_("成立日期写成 2020-05-06 这样")) from None
