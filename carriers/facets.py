"""The two trees beside the results, categories and places, with how much each node holds.

The counts are of the whole catalogue, whatever else is filtered, and a few minutes old.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Model

from innovation_voucher.casework.models import Region

from . import models

KEEP_SECONDS = 300


@dataclass(frozen=True)
class Category:
    """A node of the service categories; `depth` is 1 to 3."""

    pk: int
    code: str
    name: str
    depth: int
    trail: tuple[int, ...]
    count: int = 0


@dataclass(frozen=True)
class Place:
    """A province (depth 1) or a city (depth 2) in which carriers sit."""

    code: str
    name: str
    path: str
    depth: int
    count: int = 0


@dataclass(frozen=True)
class Facets:
    """Both trees in the order in which they are drawn."""

    categories: Sequence[Category]
    places: Sequence[Place]

    def chosen_categories(self, codes: Iterable[str]) -> list[Category]:
        """Nodes named in the address; what nobody knows is passed over."""
        return [node for node in self.categories if node.code in set(codes)]

    def chosen_places(self, codes: Iterable[str]) -> list[Place]:
        return [node for node in self.places if node.code in set(codes)]

    def below(self, chosen: Sequence[Category]) -> list[int]:
        """Keys of the nodes and of everything under them."""
        keys = {node.pk for node in chosen}
        return [node.pk for node in self.categories if keys & set(node.trail)]


def facets_of(model: type[Model]) -> Facets:
    """The trees for one kind of rows, from the cache or counted now (three queries)."""
    key = f"carriers.facets.{model._meta.model_name}"
    found: Facets | None = cache.get(key)
    if found is None:
        found = Facets(_categories(model), _places(model))
        cache.set(key, found, KEEP_SECONDS)
    return found


def _categories(model: type[Model]) -> list[Category]:
    """Depth first, each with the sum of what lies below it."""
    own: dict[int, int] = {}
    if model is not models.Carrier:
        own = dict(model._default_manager.shown().order_by().values_list("category").annotate(Count("pk")))  # type: ignore[attr-defined]
    nodes = list(models.Category.objects.values_list("pk", "code", "name", "parent"))
    parents = {pk: parent for pk, _code, _name, parent in nodes}
    trails = {pk: _trail(pk, parents) for pk in parents}
    totals: Counter[int] = Counter()
    for pk, number in own.items():
        totals.update(dict.fromkeys(trails[pk], number))
    place = {pk: index for index, (pk, *_rest) in enumerate(nodes)}
    drawn = sorted(nodes, key=lambda node: [place[pk] for pk in trails[node[0]]])
    return [Category(pk, code, name, len(trails[pk]), trails[pk], totals[pk]) for pk, code, name, _parent in drawn]


def _trail(pk: int, parents: dict[int, Any]) -> tuple[int, ...]:
    """From the root down to the node."""
    above: list[int] = []
    step: int | None = pk
    while step is not None:
        above.insert(0, step)
        step = parents[step]
    return tuple(above)


def _places(model: type[Model]) -> list[Place]:
    """Provinces with most rows first, below each its cities, likewise."""
    counted = model._default_manager.shown().order_by().values_list("region_path").annotate(Count("pk"))  # type: ignore[attr-defined]
    totals: Counter[str] = Counter()
    for path, number in counted:
        codes = path.strip("/").split("/")[:2]
        for depth in range(1, len(codes) + 1):
            totals["/".join(codes[:depth]) + "/"] += number
    names = dict(Region.objects.filter(path__in=totals).values_list("path", "name"))
    paths = sorted(totals, key=lambda path: _rank(path, totals))
    return [_place(path, names, totals[path]) for path in paths if path in names]


def _rank(path: str, totals: Counter[str]) -> tuple[Any, ...]:
    province = path.split("/", maxsplit=1)[0] + "/"
    return (-totals[province], province, path != province, -totals[path], path)


def _place(path: str, names: dict[str, str], count: int) -> Place:
    codes = path.strip("/").split("/")
    return Place(codes[-1], names[path], path, len(codes), count)
