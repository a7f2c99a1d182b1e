"""Where a carrier counts, copied onto it, so that lists need not ask for each row."""

from collections.abc import Iterable
from typing import Any

from innovation_voucher.casework import memo
from innovation_voucher.casework.models import Region

from ..models import Carrier, CarrierRecognition
from ..mutual import regions_for
from ..rules import MUTUAL

State = CarrierRecognition.State


def refresh_standings(carrier: Carrier) -> None:
    """What its recognitions say, and the regions that take it by a mutual list; a region's own word comes first."""
    rows = carrier.recognitions.filter(status__in=(State.RECOGNIZED, State.SUSPENDED)).select_related("region")
    own = [_row(row.region, row.status) for row in rows]
    said = {row["path"] for row in own}
    mutual = [_row(region, MUTUAL) for region in regions_for(carrier) if region.path not in said]
    carrier.standings = sorted([*own, *mutual], key=lambda row: row["path"])
    carrier.shown = any(row["status"] in (State.RECOGNIZED, MUTUAL) for row in carrier.standings)
    carrier.save(update_fields=["shown", "standings"])
    memo.forget()


def _row(region: Region, status: str) -> dict[str, Any]:
    return {"path": region.path, "name": region.name, "full_name": region.full_name, "status": status}


def refresh_all(carriers: Iterable[int]) -> None:
    """The same for many, by id, each under its lock."""
    for carrier in Carrier.objects.select_for_update(of=("self",)).filter(pk__in=carriers).order_by("pk"):
        refresh_standings(carrier)
