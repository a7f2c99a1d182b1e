"""What lists of carriers and offerings are asked for again and again."""

from collections.abc import Collection
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from innovation_voucher.casework.models import Region


class CarrierQuerySet(models.QuerySet[Any]):
    """Carriers."""

    def shown(self) -> Self:
        """Those that stand in the public catalogue: recognized by at least one region, or by a mutual list."""
        return self.filter(shown=True)

    def recognized_in(self, region: Region, also: Collection[int] = ()) -> Self:
        """Those that this region or one above it recognizes now, and those of the ids in `also`."""
        return self.filter(_recognized("pk", region, also))


class OfferingQuerySet(models.QuerySet[Any]):
    """Services or instruments."""

    def shown(self) -> Self:
        """Listed ones of carriers that stand in the public catalogue."""
        return self.filter(listed=True, carrier__shown=True)

    def bookable_in(self, region: Region, also: Collection[int] = ()) -> Self:
        """Those that enterprises of the region may book with a voucher; carriers of the ids in `also` count too."""
        return self.filter(_recognized("carrier_id", region, also), listed=True, voucher_eligible=True)


def _recognized(carrier: str, region: Region, also: Collection[int]) -> Q:
    """Condition: the carrier in that column is recognized in the region or above it, or one of `also`."""
    # By name: the models import this module.
    recognitions = apps.get_model("carriers", "CarrierRecognition")._default_manager
    standing = Exists(
        recognitions.filter(carrier=OuterRef(carrier), status="recognized", region__code__in=region.ancestor_codes)
    )
    return Q(standing) | Q(**{f"{carrier}__in": also}) if also else Q(standing)
