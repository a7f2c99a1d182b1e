"""Lists of qualified organizations in the demo world."""

from accounts import services as accounts
from accounts.listing import CODE, NAME, NUMBER, checked
from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Region

from .world import World


def enlist(world: World, region: str, class_key: str, name: str, *firms: str, mode: str = "add") -> None:
    """Bring firms into this year's list of a region, by the first officer of its province's office."""
    node, year = Region.objects.get(code=region), calendar.today().year
    keeper = world.officers[world.offices[f"province/{region}"].name]
    target = accounts.open_list(region=node, class_key=class_key, year=year, name=name, by=keeper)
    rows = [
        {CODE: world.firms[key].credit_code or "", NAME: world.firms[key].name, NUMBER: f"{year}{region}{number:04d}"}
        for number, key in enumerate(firms, start=1)
    ]
    accounts.import_list(target, checked(rows), mode=mode, by=keeper, source=f"{name}{year}.xlsx")
