"""Committed data files and how they reach the tables; told of in data/README.md."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .models import Region

FOLDER = Path(__file__).parent / "data"

_LEVELS = (Region.Level.PROVINCE, Region.Level.CITY, Region.Level.COUNTY)
_COLUMNS = ("name", "full_name", "level", "parent_id", "path", "latitude", "longitude")
_BATCH = 1000


@dataclass(frozen=True)
class Loaded:
    """How many rows a file added and changed."""

    added: int
    changed: int

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(self.added + other.added, self.changed + other.changed)


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """The rows of a data file."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def load_regions(model: Any = Region, rows: Iterator[dict[str, str]] | None = None) -> Loaded:
    """Bring the tree of regions to what the file says; regions that it does not know stay.

    `model` is Region, or in a migration its historical twin. Again changes nothing.
    """
    listed = list(rows or rows_of("regions.csv"))
    known = {region.code: region for region in model.objects.all()}
    total = Loaded(0, 0)
    for level in _LEVELS:
        total += _save(model, [_placed(model, row, known) for row in listed if row["level"] == level], known)
    return total + Loaded(0, _follow(model, {row["code"] for row in listed}))


def _save(model: Any, found: list[Any], known: dict[str, Any]) -> Loaded:
    """Add and change the regions of one level; they are the known parents of the next."""
    new = [region for region in found if region.pk is None]
    moved = [region for region in found if region.pk and _columns(region) != _columns(known[region.code])]
    # SQLite and PostgreSQL both give the new ids back, which the next level needs.
    model.objects.bulk_create(new, batch_size=_BATCH)
    model.objects.bulk_update(moved, _COLUMNS, batch_size=_BATCH)
    known.update({region.code: region for region in found})
    return Loaded(len(new), len(moved))


def _placed(model: Any, row: dict[str, str], known: dict[str, Any]) -> Any:
    """The region of a row, under its parent."""
    parent = known[row["parent"]] if row["parent"] else None
    old = known.get(row["code"])
    return model(
        pk=old.pk if old else None,
        code=row["code"],
        name=row["name"],
        full_name=f"{parent.full_name if parent else ''}{row['name']}",
        level=row["level"],
        parent_id=parent.pk if parent else None,
        path=f"{parent.path if parent else ''}{row['code']}/",
        latitude=float(row["latitude"]) if row["latitude"] else None,
        longitude=float(row["longitude"]) if row["longitude"] else None,
    )


def _columns(region: Any) -> list[Any]:
    return [getattr(region, column) for column in _COLUMNS]


def _follow(model: Any, listed: set[str]) -> int:
    """Regions that the file does not know (zones) follow the county under which they lie."""
    moved = []
    for region in model.objects.exclude(code__in=listed).filter(parent__isnull=False).select_related("parent"):
        path = f"{region.parent.path}{region.code}/"
        if region.path != path:
            region.path = path
            moved.append(region)
    model.objects.bulk_update(moved, ["path"])
    return len(moved)


def load_calendar(model: Any) -> Loaded:
    """Add the days of the file that the table does not have; what people entered stays."""
    days = [
        model(day=date.fromisoformat(row["day"]), workday=row["workday"] == "1", name=row["name"])
        for row in rows_of("calendar.csv")
    ]
    before = model.objects.count()
    model.objects.bulk_create(days, ignore_conflicts=True)
    return Loaded(model.objects.count() - before, 0)
