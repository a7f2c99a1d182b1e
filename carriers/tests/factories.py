"""Carriers and what they offer, invented."""

from itertools import count
from typing import Any

from accounts.models import Organization
from carriers.models import Carrier, CarrierRecognition, Category, Instrument, Service
from carriers.search import search_text
from carriers.services.standings import refresh_standings
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast

_serial = count(1)


def make_carrier(organization: Organization | None = None, **fields: Any) -> Carrier:
    """A carrier with a complete profile, recognized nowhere yet."""
    organization = organization or cast.make_organization("carrier", name=f"启明实验室{next(_serial)}")
    defaults: dict[str, Any] = {
        "number": f"JG-T{next(_serial):05d}",
        "name": organization.name,
        "summary": "环境与材料试验",
        "region": organization.region,
        "address": "科学路 1 号",
        "contact_name": "程工",
        "contact_phone": "0571-00000000",
    }
    values = {**defaults, **fields}
    return Carrier.objects.create(
        organization=organization, search_text=search_text(values["name"], values["summary"]), **values
    )


def make_recognition(carrier: Carrier, region: Region, status: str = "recognized", **fields: Any) -> CarrierRecognition:
    """A recognition brought to a state by its own transitions."""
    row = CarrierRecognition.objects.create(number=f"RK-T-{next(_serial)}", carrier=carrier, region=region, **fields)
    for step in _ROADS[status]:
        getattr(row, step)()
        row.save()
    refresh_standings(carrier)
    return row


_ROADS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("submit",),
    "returned": ("submit", "return_"),
    "recognized": ("submit", "recognize"),
    "rejected": ("submit", "reject"),
    "withdrawn": ("withdraw",),
    "suspended": ("submit", "recognize", "suspend"),
    "ended": ("submit", "recognize", "end"),
}


def category(code: str = "010101") -> Category:
    """A node of the seeded tree; 010101 is 成分分析."""
    return Category.objects.get(code=code)


def make_service(carrier: Carrier | None = None, title: str = "金属材料成分分析", **fields: Any) -> Service:
    """A listed service at 1,200 yuan."""
    carrier = carrier or make_carrier()
    defaults: dict[str, Any] = {
        "number": f"FW-T{next(_serial):05d}",
        "category": fields.pop("category", None) or category(),
        "price": 1200,
        "unit": "件",
        "working_days": 5,
        "description": "直读光谱与碳硫分析联用",
    }
    values = {**defaults, **fields}
    text = search_text(title, str(values["category"]), carrier.name, values["description"])
    return Service.objects.create(carrier=carrier, title=title, search_text=text, **values)


def make_instrument(carrier: Carrier | None = None, title: str = "场发射扫描电镜", **fields: Any) -> Instrument:
    """A listed instrument at 300 yuan an hour."""
    carrier = carrier or make_carrier()
    defaults: dict[str, Any] = {
        "number": f"YQ-T{next(_serial):05d}",
        "category": fields.pop("category", None) or category("050102"),
        "price": 300,
        "maker": "云帆仪器厂",
        "model": "YF-8000",
    }
    values = {**defaults, **fields}
    text = search_text(title, str(values["category"]), carrier.name, values["maker"], values["model"])
    return Instrument.objects.create(carrier=carrier, title=title, search_text=text, **values)
