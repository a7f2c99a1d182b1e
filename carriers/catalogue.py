"""The public catalogue: what a reader asks for in the address, the rows of it, and how many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rules import ALLOWED, Answer

from . import mutual, rules
from .facets import Category, Facets
from .models import Carrier, Instrument, Service

#: So many regions are named on a row.
LABELS = 4
#: Counting further would cost more than it tells.
CAP = 1000


@dataclass(frozen=True)
class Kind:
    """One tab of the catalogue."""

    key: str
    label: Promise
    unit: Promise
    model: type[Model]
    related: tuple[str, ...]

    @property
    def is_offering(self) -> bool:
        """Whether it has a category and a price."""
        return self.model is not Carrier


_OF_CARRIER = ("carrier__region", "category")
KINDS = {
    kind.key: kind
    for kind in (
        Kind("services", _("服务"), _("项"), Service, _OF_CARRIER),
        Kind("instruments", _("仪器设备"), _("台"), Instrument, _OF_CARRIER),
        Kind("carriers", _("服务机构"), _("家"), Carrier, ("region",)),
    )
}

_LOWEST_PRICE = F("price").asc(nulls_last=True)
SORTS: dict[str, tuple[Promise, tuple[Any, ...]]] = {
    "": (_("综合"), ("-rank", "number")),
    "price": (_("价格低"), (_LOWEST_PRICE, "number")),
    "rating": (_("评价高"), ("-rating", "number")),
    "finished": (_("完成多"), ("-finished_orders", "number")),
}
#: Least mean of the real ratings, in hundredths.
RATINGS = {"4.5": 450, "4.0": 400}


@dataclass(frozen=True)
class Ask:
    """What the reader wants: words, nodes of the two trees, prices in yuan, the least rating."""

    words: str = ""
    categories: Sequence[Category] = ()
    places: Sequence[Any] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    rate: str = ""
    region: Region | None = None
    sort: str = ""


def filtered(kind: Kind, ask: Ask, facets: Facets) -> QuerySet[Any]:
    """The rows of one tab that fit, in no order."""
    rows: QuerySet[Any] = kind.model._default_manager.shown()  # type: ignore[attr-defined]
    if ask.words:
        rows = rows.filter(search_text__words=ask.words)
    if ask.places:
        rows = rows.filter(region_path__within=[place.path for place in ask.places])
    if ask.rate in RATINGS:
        rows = rows.filter(rating__gte=RATINGS[ask.rate])
    if kind.is_offering:
        return _offerings(rows, ask, facets)
    return rows.recognized_in(ask.region, mutual.carriers_for(ask.region)) if ask.region else rows  # type: ignore[attr-defined]


def _offerings(rows: QuerySet[Any], ask: Ask, facets: Facets) -> QuerySet[Any]:
    if ask.categories:
        rows = rows.filter(category_id__in=facets.below(ask.categories))
    if ask.low is not None:
        rows = rows.filter(price__gte=ask.low)
    if ask.high is not None:
        rows = rows.filter(price__lte=ask.high)
    return rows.bookable_in(ask.region, mutual.carriers_for(ask.region)) if ask.region else rows  # type: ignore[attr-defined]


def ordered(kind: Kind, rows: QuerySet[Any], sort: str) -> QuerySet[Any]:
    """In the order that the reader chose; carriers have no price."""
    usable = sort in SORTS and (kind.is_offering or sort != "price")
    _label, order = SORTS[sort if usable else ""]
    return rows.select_related(*kind.related).defer("search_text").order_by(*order)


@dataclass(frozen=True)
class Hit:
    """One row with the regions that recognize its carrier, and whether the reader may use a voucher.

    `regions` have the keys of `Carrier.standings`; `answer` is None when the reader's region is not known.
    """

    item: Any
    regions: Sequence[Mapping[str, str]] = ()
    answer: Answer | None = None

    @property
    def labels(self) -> list[str]:
        """Names of the first regions."""
        return [region["name"] for region in self.regions[:LABELS]]

    @property
    def more(self) -> int:
        """How many regions are not named."""
        return max(0, len(self.regions) - LABELS)

    @property
    def bookable(self) -> bool | None:
        """Whether a voucher pays here; None when the reader's region is not known."""
        return None if self.answer is None else self.answer[0]

    @property
    def reason(self) -> str:
        """Why no voucher pays here; empty when one does."""
        return "" if self.answer is None else self.answer[1]


def hit(item: Any, region: Region | None) -> Hit:
    """A service, an instrument or a carrier as the reader sees it (no query: the carrier carries it)."""
    standings = (item if isinstance(item, Carrier) else item.carrier).standings
    recognized = [row for row in standings if row["status"] in (rules.State.RECOGNIZED, rules.MUTUAL)]
    return Hit(item, recognized, _answer(item, standings, region) if region else None)


def _answer(item: Any, standings: Sequence[Mapping[str, str]], region: Region) -> Answer:
    answer = ALLOWED if isinstance(item, Carrier) else rules.offered(item)
    if not answer[0]:
        return answer
    covering = [row["status"] for row in standings if region.path.startswith(row["path"])]
    return rules.standing_answer(rules.strongest(covering), region)
