"""The innovation map: which carriers answer a question, where they stand, and how many per county.

A point is one carrier, or a heap of them where more were found than a browser should draw.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, FloatField, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Floor

from innovation_voucher.casework.models import Region

from .catalogue import KINDS, Ask, Kind, filtered
from .facets import Facets
from .models import Carrier, Instrument, Service

#: A browser is given at most so many points.
MOST_POINTS = 200
#: Rows and columns of the grid that heaps are made on; at most 14 x 14 of them.
GRID = 14
#: West, south, east, north in degrees: what is drawn when nothing narrower was asked.
COUNTRY = (73.0, 3.0, 136.0, 54.0)
#: So many fitting offers are named under a carrier.
NAMED = 2
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Point:
    """Degrees east and north, how many carriers, and of a single one its number and name."""

    longitude: float
    latitude: float
    count: int
    number: str = ""
    name: str = ""


def found(key: str, ask: Ask, facets: Facets) -> QuerySet[Carrier]:
    """Carriers in the catalogue's answer: `key` is one of its kinds, or empty for all of them.

    An institution is found by itself, by a service or by an instrument; a category or a price can
    only be met by what it offers.
    """
    kinds = _kinds(key, ask)
    if kinds == [KINDS["carriers"]]:
        return filtered(kinds[0], ask, facets)
    fits = Q()
    for kind in kinds:
        rows = filtered(kind, ask, facets)
        fits |= Q(pk__in=rows.values("carrier" if kind.is_offering else "pk"))
    carriers: QuerySet[Carrier] = Carrier.objects.shown().filter(fits)
    return carriers


def _kinds(key: str, ask: Ask) -> list[Kind]:
    """Offers that no word and no rating picks out lead to no carrier that is not there by itself."""
    if key in KINDS:
        return [KINDS[key]]
    if ask.categories or ask.low is not None or ask.high is not None:
        return [kind for kind in KINDS.values() if kind.is_offering]
    return list(KINDS.values()) if ask.words or ask.rate else [KINDS["carriers"]]


def matching(carriers: Sequence[Carrier], ask: Ask, facets: Facets) -> dict[int, list[Any]]:
    """Of each carrier the services, then the instruments that fit the words, best first (two queries).

    Nothing without words: then every offer fits. Each row has `page`, the name of its address.
    """
    fits: dict[int, list[Any]] = {}
    for kind in KINDS.values() if ask.words and carriers else ():
        if kind.is_offering:
            rows = filtered(kind, ask, facets).filter(carrier__in=carriers).defer("search_text", "description")
            for row in rows.order_by("-rank", "number"):
                row.page = kind.key.removesuffix("s")
                fits.setdefault(row.carrier_id, []).append(row)
    return {pk: rows[:NAMED] for pk, rows in fits.items()}


def listed(rows: QuerySet[Carrier]) -> QuerySet[Any]:
    """In the order of the list, each with the number of its listed services and instruments."""
    annotated = rows.annotate(services_count=_offered(Service), instruments_count=_offered(Instrument))
    return annotated.select_related("region").defer("search_text").order_by("-rank", "number")


def _offered(model: Any) -> Coalesce:
    own = model.objects.filter(carrier=OuterRef("pk"), listed=True).order_by().values("carrier")
    return Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0, output_field=IntegerField())


def areas(rows: QuerySet[Carrier]) -> list[dict[str, Any]]:
    """Regions in which carriers sit, with how many: keys code, name and count (one query)."""
    grouped = rows.order_by().values_list("region__code", "region__full_name").annotate(n=Count("pk"))
    return [{"code": code, "name": name, "count": n} for code, name, n in grouped.order_by("-n", "region__code")]


def points(rows: QuerySet[Carrier], *, box: Box | None = None, most: int = MOST_POINTS) -> list[Point]:
    """What the map draws of these carriers inside `box`, never more than `most` (one query, or two).

    Carriers without coordinates of their own are in the list alone.
    """
    west, south, east, north = box or COUNTRY
    inside = rows.order_by().filter(longitude__range=(west, east), latitude__range=(south, north))
    single: list[Any] = list(inside.values_list("longitude", "latitude", "number", "name")[: most + 1])
    if len(single) <= most:
        return [Point(x, y, 1, number, name) for x, y, number, name in single]
    return _heaps(inside, (west, south, east, north))


def _heaps(inside: QuerySet[Carrier], box: Box) -> list[Point]:
    """One point per cell of the grid, where its carriers stand on the average."""
    west, south, east, north = box
    cells = inside.annotate(column=_cell("longitude", west, east), line=_cell("latitude", south, north))
    heaps = cells.values("column", "line").annotate(
        n=Count("pk"), x=Avg("longitude"), y=Avg("latitude"), number=Min("number"), name=Max("name")
    )
    return [
        Point(row["x"], row["y"], row["n"], *((row["number"], row["name"]) if row["n"] == 1 else ())) for row in heaps
    ]


def _cell(column: str, start: float, end: float) -> Floor:
    """Number of the cell; the far edge belongs to the last one."""
    width = (end - start) * (1 + 1e-9) / GRID
    return Floor((F(column) - start) / width, output_field=FloatField())


def places(codes: Sequence[str]) -> list[Region]:
    """Regions named in the address, at any level."""
    return list(Region.objects.filter(code__in=codes)) if codes else []
