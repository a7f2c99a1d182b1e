"""Who may set up programmes and local rules, and what a region may have instead of its programme's values."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from innovation_voucher.casework import calendar, rights
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rules import ALLOWED, Answer

from .models import Override, ProgrammeVersion
from .parameter_fields import labels
from .parameter_words import value_words
from .rule_gaps import version_under

MANAGE, SET = "manage_programmes", "set_rules"


def may_manage(user: Any, region: Region) -> Answer:
    """Programmes are set up by people with the right on the region that owns them."""
    if rights.holds(user, MANAGE, region):
        return ALLOWED
    return False, _("%(region)s的方案由有“管理方案”权限的人员设置。") % {"region": region.full_name}


def may_set(user: Any, region: Region) -> Answer:
    """Local rules are prepared and confirmed by people with the right on the region."""
    if rights.holds(user, SET, region):
        return ALLOWED
    offices = "、".join(office.name for office in rights.offices_with(SET, region)[:3])
    who = offices or _("当地科技主管部门")
    return False, _("%(region)s的规则由%(who)s有“设置规则”权限的人员设置。") % {"region": region.full_name, "who": who}


def may_confirm(user: Any, override: Override) -> Answer:
    """Another person than the one who prepared it, before its first day."""
    if override.published_at:
        return False, _("这一版规则已经公布，需要调整时新建一版")
    if override.region is None:
        return False, _("按资格设置的规则由省级主管部门公布。")
    answer = may_set(user, override.region)
    answer = is_another(user, override) if answer[0] else answer
    return begins_later(override.effective_from) if answer[0] else answer


def is_another(user: Any, override: Override) -> Answer:
    """Two people: nobody publishes what they prepared."""
    if user is None or override.prepared_by_id != user.pk:
        return ALLOWED
    return False, _("拟定人不能确认自己拟定的规则，由另一位有“设置规则”权限的人员确认。")


def may_withdraw(user: Any, override: Override) -> Answer:
    """What is not published yet may be taken back by anybody who may set rules there."""
    if override.published_at or override.region is None:
        return False, _("已公布的规则不能撤回，需要调整时新建一版")
    return may_set(user, override.region)


def begins_later(day: date) -> Answer:
    """Local rules begin on a later day: what was done today was done under today's rules."""
    if day > calendar.today():
        return ALLOWED
    return False, _("生效日期须晚于今天（%(today)s），已办理的业务不受影响") % {"today": calendar.today()}


def problems_within(override: Override) -> list[tuple[str, str]]:
    """Parameters with the sentence why the programme does not let a region set them so; "" concerns all."""
    version = version_under(override)
    if version is None:
        return [("", _("%(name)s还没有公布规则，公布后才能调整") % {"name": override.programme})]
    return list(_problems(override, version))


def _problems(override: Override, version: ProgrammeVersion) -> Iterator[tuple[str, str]]:
    for name, label in labels().items():
        value = getattr(override, name)
        if value is None:
            continue
        if name not in version.overridable:
            yield name, _("方案不允许地区调整“%(label)s”") % {"label": label}
        elif not _within(value, version.bounds.get(name)):
            low, high = (value_words(name, Decimal(str(end))) for end in version.bounds[name])
            yield name, _("“%(label)s”须在 %(low)s 至 %(high)s 之间") % {"label": label, "low": low, "high": high}


def _within(value: Any, bound: Any) -> bool:
    return not bound or Decimal(str(bound[0])) <= Decimal(value) <= Decimal(str(bound[1]))
