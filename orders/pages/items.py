"""The item of an address, whichever kind it is."""

from django.http import Http404

from carriers.models import Instrument, Service

from ..services.booking import Item


def find_item(number: str) -> Item | None:
    """The service or instrument of that number."""
    if not number.isprintable():
        # A null character would be an error of the database.
        return None
    models: tuple[type[Item], ...] = (Service, Instrument)
    for model in models:
        rows = model.objects.select_related("carrier__organization", "category")
        found: Item | None = rows.filter(number=number).first()
        if found is not None:
            return found
    return None


def item_of(number: str) -> Item:
    """The same; 404 when there is none."""
    found = find_item(number)
    if found is None:
        raise Http404
    return found
