"""规则设置: what a region's programmes say, what the region has instead, and since when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Region

from .models import Override, Programme, ProgrammeVersion
from .parameter_fields import labels
from .parameter_words import NOTHING, value_words
from .resolve import taking_part


@dataclass(frozen=True)
class Line:
    """One parameter: what holds without us, and what we have instead (empty where nothing)."""

    label: str
    given: str
    ours: str


@dataclass(frozen=True)
class LocalRules:
    """One programme as a region sees it. `above` are the overrides of wider regions, `rows` our own."""

    programme: Programme
    version: ProgrammeVersion
    above: tuple[Override, ...]
    rows: tuple[Override, ...]

    @cached_property
    def ours(self) -> Override | None:
        """What holds in the region today."""
        published = [row for row in self.rows if row.published_at and row.effective_from <= calendar.today()]
        return max(published, key=lambda row: (row.effective_from, row.number), default=None)

    @property
    def draft(self) -> Override | None:
        """What waits for another person."""
        return next((row for row in self.rows if row.published_at is None), None)

    @property
    def history(self) -> list[tuple[Override, str]]:
        """Every version of our own with what has become of it, the newest first."""
        return [(row, state_words(row, self.ours)) for row in sorted(self.rows, key=lambda row: -row.number)]

    @property
    def lines(self) -> list[Line]:
        """The parameters that regions may change."""
        return [self._line(name) for name in labels() if name in self.version.overridable]

    @property
    def fixed(self) -> list[Line]:
        """What the programme alone says, where it says anything."""
        lines = (self._line(name) for name in labels() if name not in self.version.overridable)
        return [line for line in lines if line.given != NOTHING]

    def given(self, name: str) -> Any:
        """The value that holds without us."""
        layers = (*reversed(self.above), self.version)
        return next((value for layer in layers if (value := getattr(layer, name)) is not None), None)

    def _line(self, name: str) -> Line:
        ours = getattr(self.ours, name, None)
        given = value_words(name, self.given(name))
        return Line(str(labels()[name]), given, "" if ours is None else value_words(name, ours))


def state_words(row: Override, ours: Override | None) -> str:
    """What has become of one version of local rules."""
    if row.published_at is None:
        return _("待确认")
    if row == ours:
        return _("执行中")
    return _("未到生效日期") if row.effective_from > calendar.today() else _("已被后来的版本替代")


def rules_in(region: Region, *, programme: Programme | None = None) -> list[LocalRules]:
    """The programmes that accept claims in the region now or later, with its rules (four queries)."""
    running = Programme.objects.filter(status=Programme.State.OPEN, closes_on__gte=calendar.today())
    programmes = list(running.filter(taking_part(region), **({"pk": programme.pk} if programme else {})))
    versions = _versions(programmes)
    scope = Q(programme__in=programmes, region__code__in=region.ancestor_codes, class_key="")
    rows = list(Override.objects.filter(scope).select_related("region", "prepared_by", "published_by"))
    return [
        LocalRules(one, versions[one.pk], _above(one, region, rows), _own(one, region, rows))
        for one in programmes
        if one.pk in versions
    ]


def _versions(programmes: Iterable[Programme]) -> dict[int, ProgrammeVersion]:
    """The version of the day, else the first that will come."""
    found: dict[int, ProgrammeVersion] = {}
    rows = ProgrammeVersion.objects.filter(programme__in=list(programmes), published_at__isnull=False)
    for version in rows.order_by("effective_from", "number"):
        if version.effective_from <= calendar.today() or version.programme_id not in found:
            found[version.programme_id] = version
    return found


def _own(programme: Programme, region: Region, rows: Iterable[Override]) -> tuple[Override, ...]:
    return tuple(row for row in rows if (row.programme_id, row.region) == (programme.pk, region))


def _above(programme: Programme, region: Region, rows: Iterable[Override]) -> tuple[Override, ...]:
    """The newest of each wider region that hold today, the widest first."""
    newest: dict[str, Override] = {}
    for row in sorted(rows, key=lambda row: (row.effective_from, row.number)):
        holds = row.published_at is not None and row.effective_from <= calendar.today()
        if holds and row.programme_id == programme.pk and row.region and row.region != region:
            newest[row.region.path] = row
    return tuple(newest[path] for path in sorted(newest))


def compared(row: Override, before: Override | None) -> list[Line]:
    """The parameters that a version of local rules sets, or no longer sets, beside the version before."""
    names = [name for name in labels() if getattr(row, name) is not None or getattr(before, name, None) is not None]
    words = [(name, value_words(name, getattr(before, name, None))) for name in names]
    return [Line(str(labels()[name]), given, value_words(name, getattr(row, name))) for name, given in words]


def before_it(row: Override) -> Override | None:
    """The version of the same region that was published before this one."""
    rows = Override.objects.filter(programme=row.programme_id, region=row.region_id, class_key=row.class_key)
    return rows.filter(published_at__isnull=False, number__lt=row.number).order_by("-number").first()


def first_day() -> Any:
    """The earliest day from which new local rules can hold."""
    return calendar.today() + timedelta(days=1)
