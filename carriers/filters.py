"""Links of the catalogue: filters in use, tabs, orders. Everything chosen stands in the address."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from innovation_voucher.lib.money import format_yuan

from .catalogue import CAP, KINDS, SORTS, Ask, Kind
from .counting import shown_count


@dataclass(frozen=True)
class Link:
    """A word with its address; `current` is where the reader is."""

    label: str | Promise
    url: str
    current: bool = False
    count: str = ""


def chips_of(query: QueryDict, ask: Ask) -> list[Link]:
    """The filters in use, each with the address without it."""
    named = [("cat", node.code, node.name) for node in ask.categories]
    named += [("region", place.code, place.name) for place in ask.places]
    if ask.low is not None:
        named.append(("min", "", _("%s 元以上") % format_yuan(ask.low)))
    if ask.high is not None:
        named.append(("max", "", _("%s 元以内") % format_yuan(ask.high)))
    if ask.rate:
        named.append(("rate", "", _("%s 分及以上") % ask.rate))
    if ask.region:
        named.append(("mine", "", _("%s可用券") % ask.region.name))
    return [Link(label, without(query, name, value)) for name, value, label in named]


def without(query: QueryDict, name: str, value: str = "") -> str:
    """The address without one filter, on the first page; an empty value takes all of the name."""
    left = query.copy()
    left.setlist(name, [given for given in query.getlist(name) if value and given != value])
    left.pop("page", None)
    return f"?{left.urlencode()}"


def cleared(query: QueryDict) -> str:
    """The address with the words and the order alone."""
    left = query.copy()
    for name in set(left) - {"q", "sort"}:
        del left[name]
    return f"?{left.urlencode()}"


def kept(query: QueryDict, *but: str) -> list[tuple[str, str]]:
    """What a form of the page sends along in hidden fields: everything but its own boxes and the page."""
    return [(name, value) for name, values in query.lists() if name not in {*but, "page"} for value in values]


def tabs_of(request: HttpRequest, counts: dict[str, int], current: Kind) -> list[Link]:
    """The kinds of results with their counts for the same question."""
    left = request.GET.copy()
    left.pop("page", None)
    tail = f"?{left.urlencode()}" if left else ""
    return [
        Link(kind.label, reverse(kind.key) + tail, kind is current, shown_count(counts[kind.key], CAP))
        for kind in KINDS.values()
    ]


def sorts_of(request: HttpRequest, kind: Kind, current: str) -> list[Link]:
    """The orders that a kind of results has."""
    return [
        Link(label, _sorted_by(request.GET, key), key == current)
        for key, (label, _order) in SORTS.items()
        if kind.is_offering or key != "price"
    ]


def _sorted_by(query: QueryDict, key: str) -> str:
    left: Any = query.copy()
    left.pop("page", None)
    left["sort"] = key
    return f"?{left.urlencode()}"
