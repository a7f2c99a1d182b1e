"""As what an organization may claim, and whether its proof is still good on the day."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from .data import Policy
from .rows import ClassSpec

#: The reserved key of the field that holds the month of a certificate.
CERTIFICATE_MONTH = "certificate_month"
LIST, DECLARED = "list", "declared"
_YEAR = 12


def class_row(policy: Policy, key: str) -> ClassSpec | None:
    """What the scheme says of a class; None where it has no row for it."""
    return next((row for row in policy.classes if row.key == key), None)


def class_label(policy: Policy, key: str) -> str:
    """What people call the class; empty where the scheme gives it no name."""
    row = class_row(policy, key)
    return row.label if row else ""


def declared(policy: Policy) -> tuple[str, ...]:
    """The classes that an organization declares by itself."""
    return tuple(row.key for row in policy.classes if row.proof == DECLARED)


def options(policy: Policy, classes: Collection[str]) -> tuple[ClassSpec, ...]:
    """The named classes with which one that has `classes` may claim, in the order of the scheme."""
    wanted = set(policy.eligible_classes or ()) & set(classes)
    return tuple(row for row in policy.classes if row.key in wanted)


def class_problem(policy: Policy, classes: Collection[str]) -> str:
    """The sentence for organizations that have none of the asked qualifications; empty = fine."""
    wanted = policy.eligible_classes
    if not wanted or set(wanted) & set(classes):
        return ""
    listed = [row.label for row in policy.classes if row.proof == LIST and row.key in wanted]
    if listed:
        words = _("您单位不在当年的%(lists)s名单内。入库后再申领；已入库的，请联系科技主管部门核对名单")
        return words % {"lists": "、".join(listed)}
    return _("这项创新券不面向您单位的类型，可在办事指南查看申领对象")


def month_problem(policy: Policy, class_key: str, answers: Mapping[str, Any], day: date) -> str:
    """The sentence for a certificate that is too old on the day, or from the future; empty = fine.

    Months are compared, not days. An answer that is missing is another rule's business.
    """
    row, month = class_row(policy, class_key), str(answers.get(CERTIFICATE_MONTH) or "")
    if row is None or row.months is None or not month:
        return ""
    year, number = map(int, month.split("-"))
    age = (day.year - year) * _YEAR + day.month - number
    if age < 0:
        return _("证书发证年月晚于本月，核对后重新填写")
    if age <= row.months:
        return ""
    oldest = day.year * _YEAR + day.month - 1 - row.months
    first = f"{oldest // _YEAR}-{oldest % _YEAR + 1:02d}"
    return _("证书须在 %(n)d 个月内取得，本月申领的发证年月须为 %(first)s 或以后") % {"n": row.months, "first": first}
