"""What is prepared for later: next year's programme as a draft, and local rules that wait for a second person."""

from datetime import timedelta
from decimal import Decimal

from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Region
from vouchers.services.drafting import clone_programme
from vouchers.services.overriding import prepare_override

from .world import World

#: The county whose bureau changes its rules, and who of it prepares them.
COUNTY, PREPARER = "330108", "wang-bj"
MANAGER = "qian-zd"


def prepare(world: World) -> None:
    """A copy for next year by the province; a lower limit per claim by one county."""
    programme = world.programme
    clone_programme(
        programme,
        by=world.officers[MANAGER],
        family=programme.family,
        year=programme.year + 1,
        kind=programme.kind,
        name=programme.name,
        region=programme.region,
    )
    prepare_override(
        programme,
        Region.objects.get(code=COUNTY),
        by=world.officers[PREPARER],
        effective_from=calendar.today() + timedelta(days=10),
        parameters={"cap_year": Decimal(200_000), "cap_claim": Decimal(50_000)},
    )
