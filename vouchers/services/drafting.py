"""New drafts out of what was published: next year's programme, or the next version of this one."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rules import require

from ..models import Override, Programme, ProgrammeVersion
from ..models.parameters import Parameters
from ..presets import ROWS
from ..programme_rules import may_manage

_KEPT = ("overridable", "bounds", "assumed")


@transaction.atomic
def clone_programme(
    source: Programme, *, by: User | None, family: str, year: int, kind: str, name: str, region: Region
) -> Programme:
    """A draft of `source` for another year, kind or region, with its newest published rules.

    Rows are copied, chains are named as before; local rules of regions that belong to the new
    programme become drafts from its first day on, for another person to publish.
    """
    require(may_manage(by, region), NotAllowed)
    newest = newest_of(source)
    programme = Programme(
        family=family,
        year=year,
        kind=kind,
        name=name,
        summary=source.summary,
        region=region,
        opens_on=_moved(source.opens_on, year - source.year),
        closes_on=_moved(source.closes_on, year - source.year),
        shared_cap=source.shared_cap,
    )
    try:
        with transaction.atomic():
            programme.save()
    except IntegrityError:
        raise Refused(_("已有同一系列、年度和券种的方案，改写其中一项"), "programme_once") from None
    programme.participating.set(row for row in source.participating.all() if _stays(row, source, region))
    _copy_version(newest, programme, number=1, day=programme.opens_on)
    for override in _newest_overrides(source, region):
        _copied(override, programme, 1, programme.opens_on, region=override.region, prepared_by=by).save()
    audit.record("programme.cloned", programme, by=by, region=region, after={"source": str(source)})
    return programme


@transaction.atomic
def draft_version(programme: Programme, *, by: User | None, effective_from: date) -> ProgrammeVersion:
    """The next version of the rules as a draft, with everything that the newest published one says."""
    row = Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
    require(may_manage(by, row.region), NotAllowed)
    newest = newest_of(row)
    if draft := row.versions.filter(published_at=None).first():
        raise Refused(_("第 %(number)s 版还是草稿，先修改或公布它") % {"number": draft.number}, "draft_open")
    number = row.versions.order_by("-number").values_list("number", flat=True)[0] + 1
    version = _copy_version(newest, row, number=number, day=effective_from)
    audit.record("programme.version_drafted", row, by=by, region=row.region, after={"rules": str(version)})
    return version


def newest_of(programme: Programme) -> ProgrammeVersion:
    """The newest published version; Refused where none is."""
    found = programme.versions.filter(published_at__isnull=False).order_by("-effective_from", "-number").first()
    if found is None:
        raise Refused(_("%(name)s还没有公布规则，不能作为底稿") % {"name": programme.name}, "no_rules")
    return found


def lock_draft(rules: ProgrammeVersion | Override) -> None:
    """Hold the row of rules that are about to be edited; Refused when somebody has published them meanwhile."""
    if type(rules)._default_manager.select_for_update(of=("self",)).get(pk=rules.pk).published_at:
        raise Refused(_("这一版规则已经公布，需要调整时新建一版"))


def _moved(day: date, years: int) -> date:
    """The same day so many years later; the leap day becomes the last of February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _copied(row: Parameters, programme: Programme, number: int, day: date, **more: Any) -> Any:
    """An unsaved draft with the parameters and the kept columns of a row."""
    names = [*row.parameter_names(), *(name for name in (*_KEPT, "class_key") if hasattr(row, name))]
    said = {name: getattr(row, name) for name in names}
    model: type[Any] = type(row)
    return model(programme=programme, number=number, effective_from=day, **said, **more)


def _copy_version(newest: ProgrammeVersion, programme: Programme, *, number: int, day: date) -> ProgrammeVersion:
    version: ProgrammeVersion = _copied(newest, programme, number, day)
    version.save()
    for model in ROWS.values():
        rows = list(model._default_manager.filter(version=newest))
        for row in rows:
            row.pk, row.version = None, version  # type: ignore[attr-defined]
        model._default_manager.bulk_create(rows)
    return version


def _newest_overrides(source: Programme, region: Region) -> Iterable[Override]:
    """Of each scope the rules that were published last, where the scope lies in the region."""
    found = source.overrides.filter(published_at__isnull=False).select_related("region")
    newest = {(row.region_id, row.class_key): row for row in found.order_by("effective_from", "number")}
    return [row for row in newest.values() if row.region is None or _stays(row.region, source, region)]


def _stays(part: Region, source: Programme, region: Region) -> bool:
    """Whether a part of the source belongs to its copy: all where the owner stays, as parts may lie beyond it."""
    return region == source.region or region.covers(part)
