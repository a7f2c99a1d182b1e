"""Services and instruments: what a carrier offers, and what the bureau lets vouchers pay for."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.numbers import next_number
from innovation_voucher.casework.rules import require

from .. import rules
from ..models import Carrier, Instrument, Service
from .profiles import changed, locked, offering_text

Item = TypeVar("Item", Service, Instrument)

_SHARED = ("title", "category", "description", "promise", "price", "unit")
SERVICE_FIELDS = (*_SHARED, "price_from", "fixed_price", "working_days", "methods")
INSTRUMENT_FIELDS = (*_SHARED, "maker", "model", "location")


def save_service(carrier: Carrier, *, by: Any, data: Mapping[str, Any], service: Service | None = None) -> Service:
    """Make a service, listed at once, or change one; `price` is yuan, None = 价格面议.

    Raises Service.DoesNotExist when `service` is another carrier's.
    """
    return _save(carrier, Service, by=by, data=data, item=service)


def save_instrument(
    carrier: Carrier, *, by: Any, data: Mapping[str, Any], instrument: Instrument | None = None
) -> Instrument:
    """Make an instrument, listed at once, or change one; `price` is yuan per unit of time."""
    return _save(carrier, Instrument, by=by, data=data, item=instrument)


@transaction.atomic
def set_listed(item: Item, *, by: Any, listed: bool) -> Item:
    """Show an item in the catalogue or take it out; open orders for it go on."""
    carrier = locked(item.carrier)
    require(rules.may_manage(by, carrier), NotAllowed)
    item = _own(carrier, type(item), item.pk)
    if item.listed == listed:
        return item
    item.listed = listed
    if listed:
        item.listed_at = timezone.now()
    item.save(update_fields=["listed", "listed_at"])
    audit.record("offering.listed" if listed else "offering.unlisted", item, by=by, region=carrier.region)
    return item


@transaction.atomic
def set_eligible(item: Item, *, by: Any, office: Office | None, eligible: bool, reason: str) -> Item:
    """The bureau of the carrier's address says whether vouchers pay for the item."""
    carrier = locked(item.carrier)
    require(rules.may_decide_in(by, carrier.region), NotAllowed)
    item = _own(carrier, type(item), item.pk)
    before = item.voucher_eligible
    item.voucher_eligible = eligible
    item.save(update_fields=["voucher_eligible"])
    audit.record(
        "offering.eligibility",
        item,
        by=by,
        office=office,
        region=carrier.region,
        before={"voucher_eligible": before},
        after={"voucher_eligible": eligible},
        reason=reason,
    )
    return item


@transaction.atomic
def _save(carrier: Carrier, model: type[Item], *, by: Any, data: Mapping[str, Any], item: Item | None) -> Item:
    carrier = locked(carrier)
    require(rules.may_manage(by, carrier), NotAllowed)
    row = _own(carrier, model, item.pk) if item else _new(carrier, model)
    names = SERVICE_FIELDS if model is Service else INSTRUMENT_FIELDS
    values = {name: data[name] for name in names if name in data}
    before, after = ({}, values) if row.pk is None else changed(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    row.search_text = offering_text(row)
    row.save()
    verb = "offering.saved" if item else "offering.added"
    audit.record(verb, row, by=by, region=carrier.region, before=_words(before), after=_words(after))
    return row


def _new(carrier: Carrier, model: type[Item]) -> Item:
    prefix = "FW" if model is Service else "YQ"
    number = next_number(model._meta.model_name or "")
    return model(carrier=carrier, number=f"{prefix}-{number:06d}", listed=True, listed_at=timezone.now())


def _own(carrier: Carrier, model: type[Item], pk: int) -> Item:
    row: Item = model._default_manager.select_related("carrier", "category").get(pk=pk, carrier=carrier)
    return row


def _words(values: Mapping[str, Any]) -> dict[str, Any]:
    """The category by its name: the audit keeps texts, not rows."""
    return {name: str(value) if name == "category" else value for name, value in values.items()}
