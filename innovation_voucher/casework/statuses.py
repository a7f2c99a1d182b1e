"""What a state is called, in which tone, whose turn it is and what comes next.

One state is one word and one tone on every page, message and export. Each app lists its own rows
in ``statuses.py`` and registers them for its models in ``AppConfig.ready()``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Tone = Literal["grey", "blue", "amber", "green", "red", "purple"]
Turn = Literal[
    "", "enterprise", "carrier", "bureau", "agency", "centre", "third_party", "province", "public", "platform", "expert"
]
Text = str | Promise

#: How the party whose turn it is is named to everybody else.
TURN_LABELS: dict[str, Text] = {
    "enterprise": _("企业"),
    "carrier": _("服务机构"),
    "bureau": _("科技局"),
    "agency": _("专业机构"),
    "centre": _("管理中心"),
    "third_party": _("第三方机构"),
    "province": _("省级主管部门"),
    "public": _("公示"),
    "platform": _("平台"),
    "expert": _("评审专家"),
}


@dataclass(frozen=True, kw_only=True)
class Status:
    """One state as people see it.

    ``tone``: grey = idle or over, blue = with someone else, amber = the holder must act,
    green = good end, red = stopped, purple = before the public or experts. ``turn`` names the
    party that acts next, empty when nobody does. ``next_text`` is the sentence under the status,
    ``sms`` the short text of the message that announces it.
    """

    code: str
    label: Text
    tone: Tone
    turn: Turn = ""
    next_text: Text = ""
    sms: Text = ""


class Statuses(Mapping[str, Status]):
    """The rows of one object, by code; an unknown code raises ``KeyError`` with what is known."""

    def __init__(self, *rows: Status) -> None:
        self._rows = {row.code: row for row in rows}
        if len(self._rows) != len(rows):
            raise ValueError("a status code is listed twice")

    def __getitem__(self, code: str) -> Status:
        try:
            return self._rows[code]
        except KeyError:
            known = ", ".join(self._rows)
            raise KeyError(f"no status row for {code!r}; known are {known}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def choices(self) -> list[tuple[str, Text]]:
        """Pairs for the ``choices`` of a state field, so labels are written once."""
        return [(row.code, row.label) for row in self._rows.values()]


_registry: dict[str, Statuses] = {}


def register_statuses(model_label: str, statuses: Statuses) -> None:
    """Tell the portal the rows of a model, as in ``register_statuses("orders.Order", ORDER)``."""
    _registry[model_label.lower()] = statuses


def statuses_of(model_label: str) -> Statuses:
    """Return the rows of a model by label; ``KeyError`` when none were registered."""
    try:
        return _registry[model_label.lower()]
    except KeyError:
        raise KeyError(f"no statuses are registered for {model_label!r}") from None


def status_of(obj: Any) -> Status:
    """Return the row for an object: its ``shown_status`` where it has one, else ``status``.

    ``shown_status`` is for objects whose word depends on more than the state field: it is either
    a code or a ``Status`` itself.
    """
    code = getattr(obj, "shown_status", None)
    if code is None:
        code = obj.status
    if isinstance(code, Status):
        return code
    return called(obj, statuses_of(obj._meta.label)[code])


def called(obj: Any, row: Status) -> Status:
    """The row of an object's state under the name that the step it passed last gives it, where one does."""
    words = getattr(obj, "step_words", "")
    return replace(row, label=words) if words else row
