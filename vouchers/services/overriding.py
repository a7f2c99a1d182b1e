"""Local rules: prepared by one person of the region, confirmed by another, from a later day on."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit, messaging, rights
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Office, Region
from innovation_voucher.casework.rules import require

from ..models import Override, Programme
from ..programme_rules import SET, begins_later, may_confirm, may_set, may_withdraw, problems_within
from .publishing import publish


@transaction.atomic
def prepare_override(
    programme: Programme,
    region: Region,
    *,
    by: User | None,
    effective_from: date,
    parameters: Mapping[str, Any],
    office: Office | None = None,
) -> Override:
    """Write down what the region shall have instead of the programme's values; another person puts it into force.

    `parameters` are all that differ from the programme, not only what changes now.
    """
    row = Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
    require(may_set(by, region), NotAllowed)
    require(begins_later(effective_from))
    rows = row.overrides.filter(region=region, class_key="")
    if draft := rows.filter(published_at=None).first():
        raise Refused(_("第 %(number)s 版还在等待确认，先确认或撤回它") % {"number": draft.number}, "draft_open")
    newest = latest_of(row, region)
    number = max(rows.values_list("number", flat=True), default=0) + 1
    override = Override(
        programme=row,
        region=region,
        number=number,
        effective_from=effective_from,
        prepared_by=by,
        **parameters,
    )
    _fits(override)
    if not _differs(override, newest):
        raise Refused(_("没有改动：填写的与现行规则相同"), "no_change")
    override.save()
    after = {"rules": str(row), "effective_from": effective_from, **_said(override)}
    audit.record("override.prepared", override, by=by, region=region, office=office, after=after)
    others = rights.holders(SET, region).exclude(pk=by.pk if by else None)
    _tell(override, others, _("有一份本地规则等待您确认"))
    return override


@transaction.atomic
def confirm_override(override: Override, *, by: User | None, office: Office | None = None) -> None:
    """Put prepared local rules into force from their day on; by another person than who prepared them."""
    row = _locked(override)
    if row.region:
        require(may_set(by, row.region), NotAllowed)
    require(may_confirm(by, row))
    _fits(row)
    publish(row, by=by)
    audit.record("override.confirmed", row, by=by, region=row.region, office=office)
    _tell(row, [row.prepared_by] if row.prepared_by else [], _("您拟定的本地规则已确认"))


@transaction.atomic
def withdraw_override(override: Override, *, by: User | None, office: Office | None = None) -> None:
    """Take back what nobody has confirmed yet; its audit stays."""
    row = _locked(override)
    if row.region:
        require(may_set(by, row.region), NotAllowed)
    require(may_withdraw(by, row))
    audit.record("override.withdrawn", row, by=by, region=row.region, office=office, before=_said(row))
    row.delete()


def _tell(override: Override, people: Iterable[Any], title: str) -> None:
    body = _("%(rules)s，自 %(day)s 起") % {"rules": override, "day": override.effective_from}
    link, key = reverse("desk-rule", args=[override.pk]), f"rules:{override.pk}:{title}"
    messaging.notify(people, kind="rules", title=title, body=body, link=link, dedupe=key)


def latest_of(programme: Programme, region: Region) -> Override | None:
    """What the region has published last, whether it is in force already or not yet."""
    rows = programme.overrides.filter(region=region, class_key="", published_at__isnull=False)
    return rows.order_by("-effective_from", "-number").first()


def _locked(override: Override) -> Override:
    found = Override.objects.select_for_update(of=("self",)).filter(pk=override.pk).first()
    if found is None:
        raise Refused(_("这份草案已经撤回"))
    return found


def _fits(override: Override) -> None:
    if problems := problems_within(override):
        raise Refused("；".join(words for _name, words in problems), "out_of_bounds")


def _said(override: Override) -> dict[str, Any]:
    values = {name: getattr(override, name) for name in override.parameter_names()}
    return {name: value for name, value in values.items() if value is not None}


def _differs(override: Override, newest: Override | None) -> bool:
    return _said(override) != (_said(newest) if newest else {})
