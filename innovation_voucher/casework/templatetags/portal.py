"""Tags and filters of every page: status words, amounts, dates, numbers, icons, links."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from innovation_voucher.casework.icons import ICONS
from innovation_voucher.casework.statuses import TURN_LABELS, Status, status_of
from innovation_voucher.lib import identifiers

register = template.Library()


# --- Status ---------------------------------------------------------------------------------


@register.simple_tag
def status(obj: Any) -> SafeString:
    """The status word of an object (or of a ``Status`` row) in its tone."""
    row = obj if isinstance(obj, Status) else status_of(obj)
    return format_html('<strong class="govuk-tag t-{}">{}</strong>', row.tone, row.label)


@register.simple_tag
def status_row(obj: Any) -> Status:
    """The row itself, for ``next_text``: ``{% status_row order as row %}``."""
    return status_of(obj)


@register.simple_tag(takes_context=True)
def turn(context: template.Context, obj: Any, due: date | None = None) -> SafeString:
    """Whose turn it is and until when, seen by the reader of this page.

    ``due`` defaults to the object's ``due_on``. The reader is ``viewer`` of the context.
    """
    row = obj if isinstance(obj, Status) else status_of(obj)
    due = due or getattr(obj, "due_on", None)
    if not row.turn:
        return format_html('<span class="turn turn--over">{}</span>', _("现在不需要您操作"))
    if row.turn == _side(context.get("viewer")):
        words = _("轮到您办理，%(day)s") % {"day": day_before(due)} if due else _("轮到您办理")
        return format_html('<span class="turn turn--you">{}</span>', words)
    who = TURN_LABELS[row.turn]
    words = _("等待%(who)s") % {"who": who}
    if due:
        words = _("等待%(who)s，%(day)s") % {"who": who, "day": day_before(due)}
    return format_html('<span class="turn turn--other">{}</span>', words)


def _side(viewer: Any) -> str:
    """The word of ``Status.turn`` that stands for this reader."""
    audience = getattr(viewer, "audience", "public")
    if audience == "office":
        return getattr(getattr(viewer, "office", None), "kind", "") or "bureau"
    return "platform" if audience == "admin" else str(audience)


# --- Amounts, dates, numbers ----------------------------------------------------------------


@register.filter
def yuan(amount: Decimal | int | None) -> str:
    """Yuan as 18,000.00; empty for nothing."""
    return "" if amount is None or amount == "" else f"{Decimal(amount):,.2f}"


@register.filter
def yuan_sign(amount: Decimal | int | None) -> str:
    """Yuan as ¥18,000.00, for cards and tables without a unit in the head."""
    return "" if amount is None or amount == "" else f"¥{yuan(amount)}"


@register.filter
def cn_datetime(moment: datetime | None) -> str:
    """2026-11-20 14:05 in the time of the portal."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def _as_day(moment: date) -> date:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


@register.filter
def cn_day(moment: date | None) -> str:
    """11月27日, or 2027年1月4日 when it is not this year."""
    if not moment:
        return ""
    day = _as_day(moment)
    parts = {"month": day.month, "day": day.day}
    if day.year == timezone.localdate().year:
        return _("%(month)s月%(day)s日") % parts
    return _("%(year)s年%(month)s月%(day)s日") % {"year": day.year, **parts}


@register.filter
def iso_day(moment: date | None) -> str:
    """2026-11-27, for tables."""
    return _as_day(moment).isoformat() if moment else ""


@register.filter
def day_before(moment: date | None) -> str:
    """11月27日前: the last day on which something may be done."""
    return _("%(day)s前") % {"day": cn_day(moment)} if moment else ""


@register.filter
def voucher_code(code: str | None) -> str:
    """Twelve characters in groups of four: 7K3M-9QTX-2B8F."""
    text = (code or "").replace("-", "")
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


@register.filter
def mask_org(name: str | None) -> str:
    """A firm's name as strangers see it."""
    return identifiers.mask_org(name) if name else ""


@register.filter
def mask_mobile(number: str | None) -> str:
    """A mobile number as strangers see it: 138****0217."""
    return identifiers.mask_mobile(number) if number else ""


# --- Pieces of components -------------------------------------------------------------------


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A line icon, hidden from screen readers: the words beside it say the same."""
    return format_html(
        '<svg class="ico{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f" {css}" if css else "",
        mark_safe(ICONS[name]),  # noqa: S308 - our own constants
    )


@register.simple_tag
def nav_url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page, or '' when this installation has no such page."""
    try:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


@register.simple_tag
def meter_widths(meter: Mapping[str, Any] | Any) -> dict[str, int]:
    """Widths of the quota bar in thousandths of the yearly limit."""
    values = meter if isinstance(meter, Mapping) else vars(meter)
    limit = values["limit"] or 1
    return {key: share(values[key], limit) for key in ("claimed", "used")}


@register.filter
def share(part: Decimal | int, whole: Decimal | int) -> int:
    """``part`` of ``whole`` in thousandths, held between 0 and 1000, for SVG bars."""
    return max(0, min(1000, round(part * 1000 / whole))) if whole else 0


@register.simple_tag
def step_now(steps: Sequence[Any], current: int) -> Any:
    """The word of the step now, empty when all are done."""
    return steps[current - 1] if 0 < current <= len(steps) else ""


@register.simple_tag
def page_numbers(page: Page[Any]) -> list[int | None]:
    """Numbers to link; ``None`` stands for a gap."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [n if isinstance(n, int) else None for n in shown]


@register.filter
def item(mapping: Mapping[Any, Any], key: Any) -> Any:
    """``mapping[key]`` or nothing."""
    return mapping.get(key)


@register.filter
def errors_of(bound: BoundField) -> str:
    """First message of a field, for pages that draw their own boxes."""
    return str(bound.errors[0]) if bound.errors else ""


@register.simple_tag
def seen_words(files: Sequence[Any]) -> str:
    """How many of the files the reviewer has opened."""
    seen = sum(1 for file in files if (file["seen"] if isinstance(file, Mapping) else file.seen))
    return _("已看 %(seen)s 份，共 %(total)s 份") % {"seen": seen, "total": len(files)}
