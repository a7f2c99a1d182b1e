"""How a panel of experts scores: rows of a step over the standard ones of `data/panel_rules.json`."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_STANDARD = Path(__file__).resolve().parent / "data" / "panel_rules.json"
_NUMBERS = ("size", "quorum", "days", "comment_below", "spread")
_CRITERION = {"key", "label", "help", "points"}
#: What a sheet calls its other boxes and buttons.
_TAKEN = {"comment", "check"}


@dataclass(frozen=True)
class Criterion:
    """One row of the sheet; `points` is the most that it can be given."""

    key: str
    label: str
    points: int
    help: str = ""


@dataclass(frozen=True)
class PanelRules:
    """`size` experts are drawn, `quorum` of them suffice after `days` working days.

    A total below `comment_below` needs a written opinion; totals further apart than `spread` are scored
    again. `blind`: the experts do not read who applies.
    """

    size: int
    quorum: int
    days: int
    comment_below: int
    spread: int
    blind: bool
    criteria: tuple[Criterion, ...]

    @property
    def most(self) -> int:
        """The best total."""
        return sum(row.points for row in self.criteria)

    def too_far_apart(self, totals: Iterable[int]) -> bool:
        """Whether the experts disagree so much that they score again."""
        given = list(totals)
        return bool(given) and max(given) - min(given) > self.spread


@cache
def standard() -> Mapping[str, Any]:
    """The rules of a step that says nothing."""
    rows: Mapping[str, Any] = json.loads(_STANDARD.read_text(encoding="utf-8"))
    return rows


def complete(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """All rules as they are kept with a panel."""
    return {**standard(), **(given or {})}


def parsed(kept: Mapping[str, Any]) -> PanelRules:
    """The rules of a panel."""
    criteria = tuple(Criterion(**row) for row in kept["criteria"])
    return PanelRules(**{name: kept[name] for name in _NUMBERS}, blind=bool(kept["blind"]), criteria=criteria)


def check_rules(given: Any) -> None:
    """Raise ValidationError when the rows of a step make no sheet."""
    if not isinstance(given, dict) or set(given) - set(standard()):
        raise ValidationError(_("只能写这些键：%(keys)s") % {"keys": "、".join(standard())})
    rules = complete(given)
    wrong = [name for name in _NUMBERS if not _is_count(rules[name])]
    if wrong:
        raise ValidationError(_("这些键须是正整数：%(keys)s") % {"keys": "、".join(wrong)})
    if not isinstance(rules["blind"], bool):
        raise ValidationError(_("blind 只能写 true 或 false。"))
    if rules["quorum"] > rules["size"]:
        raise ValidationError(_("最低有效份数不能多于专家人数。"))
    rows = rules["criteria"]
    if not isinstance(rows, list) or not rows or not all(_is_criterion(row) for row in rows):
        raise ValidationError(_("每个评分项须有 key、label 和正整数 points。"))
    if len({row["key"] for row in rows}) != len(rows):
        raise ValidationError(_("评分项的 key 不能重复。"))
    if taken := _TAKEN & {row["key"] for row in rows}:
        raise ValidationError(_("这些 key 已有别的用途，换一个：%(keys)s") % {"keys": "、".join(sorted(taken))})


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_criterion(row: Any) -> bool:
    texts = isinstance(row, dict) and all(isinstance(row.get(name), str) and row[name] for name in ("key", "label"))
    return texts and isinstance(row.get("help", ""), str) and not set(row) - _CRITERION and _is_count(row.get("points"))
