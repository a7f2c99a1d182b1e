"""Carriers of the demo world: opened, filled with services, recognized."""

from accounts.models import User
from carriers import services as carriers
from carriers.models import Carrier, Category
from innovation_voucher.casework.models import Region
from innovation_voucher.lib.money import yuan

from .joining import register, verify
from .people import CarrierRow
from .world import World, decide


def open_carrier(world: World, row: CarrierRow) -> None:
    organization = register(world, row, "carrier", "服务机构")
    owner = world.owners[row.key]
    verify(world, organization)
    region = Region.objects.get(code=row.region)
    data = {
        "name": row.name,
        "summary": row.summary,
        "qualifications": row.qualifications,
        "address": "科研路 8 号",
        "contact_name": row.owner,
        "contact_phone": "0571-0000 0000",
        **_somewhere(region, len(world.carriers)),
    }
    carrier = carriers.open_profile(organization, by=owner, data=data)
    world.carriers[row.key] = carrier
    _items(carrier, owner, row)
    for code in row.recognized or (row.region,):
        _recognition(world, carrier, Region.objects.get(code=code), granted=bool(row.recognized))


def _somewhere(region: Region, serial: int) -> dict[str, float]:
    """Invented coordinates within some two kilometres of the middle of a region."""
    if region.longitude is None or region.latitude is None:
        return {}
    return {
        "longitude": round(region.longitude + (serial % 5 - 2) * 0.008, 4),
        "latitude": round(region.latitude + (serial % 3 - 1) * 0.009, 4),
    }


def _items(carrier: Carrier, owner: User, row: CarrierRow) -> None:
    for item in row.services:
        data = {
            "title": item.title,
            "category": Category.objects.get(code=item.category),
            "description": item.text,
            "price": None if item.price is None else yuan(item.price),
            "unit": item.unit,
            "working_days": item.days,
        }
        carriers.save_service(carrier, by=owner, data=data)
    for title, maker, model, price in row.instruments:
        data = {
            "title": title,
            "category": Category.objects.get(code="050201" if "光刻" in title else "050102"),
            "maker": maker,
            "model": model,
            "price": yuan(price),
            "unit": "小时",
            "location": carrier.address,
        }
        carriers.save_instrument(carrier, by=owner, data=data)


def _recognition(world: World, carrier: Carrier, region: Region, *, granted: bool) -> None:
    """The province lists its own carriers; others apply to their bureaus, one still waits."""
    if region.level == Region.Level.PROVINCE:
        office = world.offices[f"province/{region.code}"]
        carriers.recognize_directly(
            carrier, region, by=world.officers[office.name], office=office, reason="列入省级服务机构名单"
        )
        return
    owner = world.owner_of(carrier.organization)
    recognition = carriers.apply_for_recognition(carrier, region, by=owner, statement="面向本地企业开放检测与研发服务")
    if granted:
        decide(world, recognition, "approve")
