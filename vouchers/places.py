"""Whose organizations can claim: the regions that take part in each programme, as pages tell them."""

from dataclasses import dataclass

from .models import Programme
from .resolve import open_programmes


@dataclass(frozen=True)
class Places:
    """The regions of one programme; `everywhere` when it lists none and all below its own take part."""

    programme: Programme
    names: tuple[str, ...]
    everywhere: bool


def places_of(programme: Programme) -> Places:
    """The regions of a programme (one query, none where they were read with it)."""
    names = tuple(region.full_name for region in programme.participating.all())
    return Places(programme, names or (programme.region.full_name,), not names)


def open_places() -> list[Places]:
    """The regions of every programme that accepts claims today (two queries)."""
    rows = open_programmes().select_related("region").prefetch_related("participating")
    return [places_of(programme) for programme in rows]
