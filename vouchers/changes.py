"""What changed between two versions of rules: parameter by parameter and row by row, in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .models import ProgrammeVersion
from .models.parameters import Parameters
from .models.policies import VersionRow
from .parameter_fields import labels
from .parameter_help import GROUPS
from .parameter_words import NOTHING, value_words
from .presets import ROWS

#: By what a row is found again in another version.
_KEYS = ("stage", "key", "act")
_UNSAID = {"id", "version", "position"}


@dataclass(frozen=True)
class Change:
    """One line of the page: where it stands, what it is called, the old words and the new ones."""

    group: str
    label: str
    before: str
    after: str


def before(version: ProgrammeVersion) -> ProgrammeVersion | None:
    """What a version is compared with: the one before it, else the last one of the year before."""
    rows = ProgrammeVersion.objects.select_related("programme")
    own = rows.filter(programme=version.programme_id, number__lt=version.number).order_by("-number").first()
    if own:
        return own
    now = version.programme
    earlier = rows.filter(programme__family=now.family, programme__kind=now.kind, programme__year__lt=now.year)
    return earlier.filter(published_at__isnull=False).order_by("-programme__year", "-number").first()


def changes(old: ProgrammeVersion, new: ProgrammeVersion) -> list[Change]:
    """Everything in which two versions differ, in the order of the pages (seven queries)."""
    return [*parameter_changes(old, new), *_kept_changes(old, new), *_row_changes(old, new)]


def parameter_changes(old: Parameters, new: Parameters) -> list[Change]:
    """Every parameter that has another value."""
    found = []
    for name, label in labels().items():
        was, is_now = (value_words(name, getattr(rules, name)) for rules in (old, new))
        if was != is_now:
            found.append(Change(group_of(name), str(label), was, is_now))
    return found


def group_of(name: str) -> str:
    """The head under which a parameter stands."""
    names = Parameters.parameter_names()
    before_it = [head for head, first in GROUPS if names.index(first) <= names.index(name)]
    return str(before_it[-1])


def _kept_changes(old: ProgrammeVersion, new: ProgrammeVersion) -> Iterator[Change]:
    """What regions may change, how far, and what has no source."""
    group = _("地区调整与暂定值")
    kinds: dict[str, Callable[[Any], str]] = {"overridable": _names, "bounds": _bounds, "assumed": _names}
    for name, words in kinds.items():
        was, is_now = (words(getattr(version, name)) for version in (old, new))
        if was != is_now:
            label = str(ProgrammeVersion._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            yield Change(group, label, was or NOTHING, is_now or NOTHING)


def _names(names: list[str]) -> str:
    known = labels()
    return "、".join(str(known.get(name, name)) for name in sorted(names))


def _bounds(bounds: dict[str, Any]) -> str:
    known = labels()
    words = _("%(label)s %(low)s 至 %(high)s")
    ends = [{"label": known.get(name, name), "low": low, "high": high} for name, (low, high) in sorted(bounds.items())]
    return "；".join(words % end for end in ends)


def _row_changes(old: ProgrammeVersion, new: ProgrammeVersion) -> Iterator[Change]:
    for model in ROWS.values():
        were, are = (_rows(model, version) for version in (old, new))
        for key in sorted({*were, *are}):
            was, is_now = were.get(key), are.get(key)
            row = is_now or was
            if row is not None and _said(was) != _said(is_now):
                yield Change(str(model._meta.verbose_name), _name(row), *_different(was, is_now))


def _rows(model: Any, version: ProgrammeVersion) -> dict[tuple[str, ...], VersionRow]:
    rows = model._default_manager.filter(version=version)
    return {tuple(str(getattr(row, key, "")) for key in _KEYS): row for row in rows}


def _name(row: Any) -> str:
    stage = row.get_stage_display() if hasattr(row, "stage") else ""
    return " ".join(filter(None, (stage, getattr(row, "label", "") or row.act)))


def _said(row: VersionRow | None) -> dict[str, str]:
    """Label and words of every column that says something."""
    columns = [column for column in row._meta.concrete_fields if column.name not in _UNSAID] if row else []
    return {str(column.verbose_name): _cell(row, column) for column in columns}


def _cell(row: Any, column: Any) -> str:
    value = getattr(row, column.name)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "、".join(str(part[-1] if isinstance(part, list) else part) for part in value) or NOTHING
    return NOTHING if value in (None, "") else str(value)


def _different(was: VersionRow | None, is_now: VersionRow | None) -> tuple[str, str]:
    """The columns that differ on both sides; a row that only one side has is told whole there."""
    old, new = _said(was), _said(is_now)
    names = [name for name in old or new if not (old and new) or old[name] != new[name]]
    return _listed(old, names), _listed(new, names)


def _listed(side: dict[str, str], names: list[str]) -> str:
    words = (f"{name}：{side[name]}" for name in names if side.get(name, NOTHING) != NOTHING)
    return "；".join(words) or NOTHING
