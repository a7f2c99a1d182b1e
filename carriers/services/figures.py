"""Figures that orders reports about carriers and what they offer; no right is asked, orders did."""

from typing import Any

from django.db import transaction

from ..models import Carrier, Instrument, Rated, Service

Item = Service | Instrument


@transaction.atomic
def add_rating(carrier: Carrier, service: Item | None, *, stars: int | None, default: bool) -> None:
    """Count one review: `stars` from 1 to 5 of a person, or a default one that no mean contains.

    `service` is None for an order without an item of the catalogue.
    """
    for row in _locked(carrier, service):
        if default:
            row.default_count += 1
        else:
            _count_stars(row, stars)
        _save(row)


@transaction.atomic
def replace_default_rating(carrier: Carrier, service: Item | None, *, stars: int) -> None:
    """A person's review takes the place of a default one."""
    for row in _locked(carrier, service):
        row.default_count = max(0, row.default_count - 1)
        _count_stars(row, stars)
        _save(row)


@transaction.atomic
def count_finished(carrier: Carrier, service: Item | None) -> None:
    """One more order was completed."""
    for row in _locked(carrier, service):
        row.finished_orders += 1
        _save(row)


def set_answer_minutes(carrier: Carrier, minutes: int | None) -> None:
    """Median time in minutes in which the carrier answered its bookings; None when it had none."""
    Carrier.objects.filter(pk=carrier.pk).update(answer_minutes=minutes)


def _locked(carrier: Carrier, service: Item | None) -> list[Any]:
    """Carrier first, then the item: every caller in the same order."""
    rows: list[Rated] = [Carrier.objects.select_for_update().get(pk=carrier.pk)]
    if service is not None:
        rows.append(type(service)._default_manager.select_for_update().get(pk=service.pk, carrier=carrier))
    return rows


def _count_stars(row: Rated, stars: int | None) -> None:
    if stars is None or not 1 <= stars <= 5:
        raise ValueError(f"a rating is 1 to 5 stars, not {stars!r}")
    row.stars_total += stars
    row.stars_count += 1
    row.rating = round(100 * row.stars_total / row.stars_count)


def _save(row: Rated) -> None:
    row.rank = row.ranked()
    row.save(update_fields=["stars_total", "stars_count", "default_count", "rating", "finished_orders", "rank"])
