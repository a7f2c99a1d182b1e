"""The public profile of a carrier, and the text by which everything of it is found."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.rules import may_act
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.numbers import next_number
from innovation_voucher.casework.rules import require

from .. import rules
from ..models import Carrier, Instrument, Service
from ..search import search_text
from .standings import refresh_standings

FIELDS = (
    "name",
    "summary",
    "qualifications",
    "address",
    "longitude",
    "latitude",
    "contact_name",
    "contact_phone",
)


@transaction.atomic
def open_profile(organization: Organization, *, by: Any, data: Mapping[str, Any] | None = None) -> Carrier:
    """Make the organization a carrier; any organization may become one. Recognition is asked for apart.

    `data` holds values of `FIELDS`; what is missing is taken from the organization.
    Refused when the organization is a carrier already.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)
    require(may_act(by, organization), NotAllowed)
    if Carrier.objects.filter(organization=organization).exists():
        raise Refused(_("本单位已开通服务机构，在“机构资料”里修改即可"))
    values = {"name": organization.name, "address": organization.address, **_known(data or {}, FIELDS)}
    carrier = Carrier(
        organization=organization,
        number=f"JG-{next_number('carrier'):06d}",
        region=organization.region,
        **values,
    )
    _place(carrier)
    carrier.search_text = _carrier_text(carrier)
    carrier.save()
    refresh_standings(carrier)
    audit.record("carrier.opened", carrier, by=by, region=carrier.region, after=values)
    return carrier


@transaction.atomic
def save_profile(carrier: Carrier, *, by: Any, data: Mapping[str, Any]) -> Carrier:
    """Change the profile; a new name is found on all services and instruments at once."""
    carrier = locked(carrier)
    require(rules.may_manage(by, carrier), NotAllowed)
    before, after = changed(carrier, _known(data, FIELDS))
    if not after:
        return carrier
    for name, value in after.items():
        setattr(carrier, name, value)
    _place(carrier)
    carrier.search_text = _carrier_text(carrier)
    carrier.save(update_fields=[*after, "longitude", "latitude", "search_text"])
    if "name" in after:
        _reindex(Service.objects.filter(carrier=carrier).select_related("carrier", "category"))
        _reindex(Instrument.objects.filter(carrier=carrier).select_related("carrier", "category"))
    audit.record("carrier.saved", carrier, by=by, region=carrier.region, before=before, after=after)
    return carrier


def _place(carrier: Carrier) -> None:
    """Without coordinates of its own a carrier stands at the middle of its region."""
    if carrier.longitude is None or carrier.latitude is None:
        carrier.longitude, carrier.latitude = carrier.region.longitude, carrier.region.latitude


def locked(carrier: Carrier) -> Carrier:
    """The carrier's fresh row, locked for this transaction, with what the rules look at."""
    row: Carrier = (
        Carrier.objects.select_for_update(of=("self",)).select_related("organization", "region").get(pk=carrier.pk)
    )
    return row


def changed(obj: Any, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Old and new values of what differs, for the audit."""
    after = {name: value for name, value in values.items() if getattr(obj, name) != value}
    return {name: getattr(obj, name) for name in after}, after


def offering_text(item: Service | Instrument) -> str:
    """What a service or an instrument is found by."""
    special = (item.methods,) if isinstance(item, Service) else (item.maker, item.model)
    return search_text(item.title, item.category.name, item.carrier.name, *special, item.description)


def _carrier_text(carrier: Carrier) -> str:
    return search_text(carrier.name, carrier.qualifications, carrier.summary, carrier.address)


def _reindex(items: Iterable[Service | Instrument]) -> None:
    rows: list[Any] = list(items)
    for item in rows:
        item.search_text = offering_text(item)
    if rows:
        type(rows[0])._default_manager.bulk_update(rows, ["search_text"], batch_size=500)


def _known(data: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: data[name] for name in names if name in data}
