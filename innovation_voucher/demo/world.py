"""The people, offices, firms and carriers of the demo world, and how to find them again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts import services as accounts
from accounts.answers import sections_of
from accounts.models import Organization, User, Verification
from accounts.services.verifications import save_file
from carriers import services as carriers
from carriers.models import Carrier, Category, Service
from innovation_voucher.casework import reviews
from innovation_voucher.casework.models import Office, Region, ReviewTask
from innovation_voucher.casework.rights import grant
from innovation_voucher.lib.money import yuan
from vouchers.models import Programme

from . import papers
from .people import FIRMS, OFFICES, PASSWORD, CarrierRow, FirmRow, OfficeRow, credit_code, phone, resident_id
from .shops import CARRIERS

CONSENTS = {"terms": "2026-01", "privacy": "2026-01"}


@cache
def hashed() -> str:
    """The demo password, hashed once: every account has the same."""
    return make_password(PASSWORD)


@dataclass
class World:
    """Everything made so far, by key. `accounts` are the sign-ins that the command prints."""

    programme: Programme
    offices: dict[str, Office] = field(default_factory=dict)
    officers: dict[str, User] = field(default_factory=dict)
    firms: dict[str, Organization] = field(default_factory=dict)
    owners: dict[str, User] = field(default_factory=dict)
    carriers: dict[str, Carrier] = field(default_factory=dict)
    accounts: list[dict[str, str]] = field(default_factory=list)
    serial: int = 0

    def next(self) -> int:
        """A number that was not given before."""
        self.serial += 1
        return self.serial

    def bureau_of(self, organization: Organization) -> tuple[Office, User]:
        """The bureau that accepts an organization's cases, and its first officer."""
        office = self.offices[organization.bureau.code]
        return office, self.officers[office.name]

    def service(self, title: str) -> Service:
        """A service by its title."""
        return Service.objects.select_related("carrier__organization", "category").get(title=title)


def populate(programme: Programme) -> World:
    """Offices, firms and carriers, each as far as its story says."""
    world = World(programme)
    for office in OFFICES:
        _office(world, office)
    for row in CARRIERS:
        _carrier(world, row)
    for firm in FIRMS:
        STORIES[firm.story](world, firm)
    return world


# --- Offices -------------------------------------------------------------------------------


def _office(world: World, row: OfficeRow) -> None:
    region = Region.objects.get(code=row.region)
    group = Group.objects.create(name=row.name)
    office = Office.objects.create(
        name=row.name, kind=row.kind, region=region, group=group, hotline="0571-0000 0000", address="科学路 1 号"
    )
    for right in row.rights:
        grant(office, right, region)
    for username, name in row.people:
        user = _user(world, username, name, f"{row.name}办理人员", staff=row.kind == "province")
        user.groups.add(group)
        world.officers.setdefault(row.name, user)
        world.officers[username] = user
    if row.kind == "bureau":
        world.offices[row.region] = office
    world.offices[row.name] = office


def _user(world: World, username: str, name: str, what: str, *, staff: bool = False) -> User:
    user = User.objects.create(
        username=username,
        password=hashed(),
        name=name,
        phone=phone(world.next()),
        phone_verified=True,
        is_staff=staff,
    )
    world.accounts.append({"username": username, "name": name, "role": what, "id": str(user.pk)})
    return user


# --- Organizations ---------------------------------------------------------------------------


def _register(world: World, row: FirmRow | CarrierRow, kind: str, what: str) -> Organization:
    number = world.next()
    region = Region.objects.get(code=row.region)
    owner = accounts.register(
        kind=kind,
        region=region,
        name=row.name,
        credit_code=None if kind == "entrepreneur" else credit_code(number, row.region),
        person_name=row.owner,
        phone=phone(number),
        email="",
        password=hashed(),
        consents=CONSENTS,
        username=row.key,
    )
    organization = owner.memberships.get().organization
    world.firms[row.key] = organization
    world.owners[row.key] = owner
    world.accounts.append(
        {"username": row.key, "name": row.owner, "role": f"{row.name}，{what}", "id": str(organization.pk)}
    )
    return organization


def _answers(world: World, organization: Organization, owner: User, address: str) -> dict[str, str]:
    """One answer for every question that any kind of organization is asked."""
    return {
        "name": organization.name,
        "address": address or "科园路 100 号",
        "nature": "有限责任公司",
        "founded_on": "2019-03-18",
        "legal_person": owner.name,
        "handler": owner.name,
        "handler_phone": (owner.phone or "").removeprefix("+86"),
        "class": "any",
        "revenue": "32000000",
        "rd_spend": "4100000",
        "staff": "48",
        "holder": organization.name,
        "bank": "示例银行科技支行",
        "account_number": f"6217000010{world.next():09d}",
        "resident_id": resident_id(world.next()),
    }


def _fill(world: World, organization: Organization, address: str, *, sections: int | None = None) -> Verification:
    """A draft with its first `sections` sections answered, all by default."""
    owner = _owner(world, organization)
    verification = accounts.start_verification(organization, by=owner)
    values = _answers(world, organization, owner, address)
    for section in sections_of(verification)[:sections]:
        asked = {q.key: values[q.key] for q in section.questions if q.key in values}
        verification = accounts.save_section(verification, section, asked, by=owner)
        for question in section.files:
            picture = papers.picture(str(question.label), organization.name, organization.credit_code or "")
            save_file(verification, question.key, name=f"{question.label}.jpg", data=BytesIO(picture), by=owner)
    return verification


def _owner(world: World, organization: Organization) -> User:
    return next(world.owners[key] for key, firm in world.firms.items() if firm.pk == organization.pk)


def decide(world: World, subject: Any, decision: str, **words: Any) -> None:
    """The accepting bureau decides the open task of a subject's case."""
    case = reviews.live_case(subject)
    assert case is not None
    task = case.tasks.select_related("step", "region", "case").get(status=ReviewTask.State.OPEN)
    office = world.offices[task.region.code]
    reviews.decide(task, by=world.officers[office.name], office=office, decision=decision, **words)


def verify(world: World, organization: Organization, address: str = "") -> None:
    """Walk an organization through verification to approval."""
    verification = _fill(world, organization, address)
    verification = accounts.submit_verification(verification, by=_owner(world, organization))
    decide(world, verification, "approve")
    organization.refresh_from_db()


# --- Stories of enterprises --------------------------------------------------------------------


def _new(world: World, row: FirmRow) -> None:
    _register(world, row, row.kind, "刚注册，还没有认证")


def _draft(world: World, row: FirmRow) -> None:
    _fill(world, _register(world, row, row.kind, "认证填到一半"), row.address, sections=2)


def _submitted(world: World, row: FirmRow) -> None:
    organization = _register(world, row, row.kind, "认证待审核")
    accounts.submit_verification(_fill(world, organization, row.address), by=world.owners[row.key])


def _returned(world: World, row: FirmRow) -> None:
    organization = _register(world, row, row.kind, "认证被退回补正")
    verification = accounts.submit_verification(_fill(world, organization, row.address), by=world.owners[row.key])
    items = [
        ("licence", "左下角登记机关印章看不清。平放后重新拍摄，四角都要拍到。"),
        ("revenue", "与财务报表不一致，请核对后以元填写。"),
    ]
    decide(world, verification, "return", items=items)


def _rejected(world: World, row: FirmRow) -> None:
    organization = _register(world, row, row.kind, "认证未通过")
    verification = accounts.submit_verification(_fill(world, organization, row.address), by=world.owners[row.key])
    decide(world, verification, "reject", reason="营业执照已注销，核实后请重新发起认证。")


def _verified(world: World, row: FirmRow) -> None:
    what = "创业者，已认证" if row.kind == "entrepreneur" else "已认证，可以申领额度"
    verify(world, _register(world, row, row.kind, what), row.address)


def _walking(world: World, row: FirmRow) -> None:
    what = "各种状态的订单、创新券和兑付" if row.story == "busy" else "已认证，有额度"
    verify(world, _register(world, row, row.kind, what), row.address)


STORIES: dict[str, Callable[[World, FirmRow], None]] = {
    "new": _new,
    "draft": _draft,
    "submitted": _submitted,
    "returned": _returned,
    "rejected": _rejected,
    "verified": _verified,
    "entrepreneur": _verified,
    "quota": _walking,
    "rival": _walking,
    "busy": _walking,
}


# --- Carriers --------------------------------------------------------------------------------


def _carrier(world: World, row: CarrierRow) -> None:
    organization = _register(world, row, "carrier", "服务机构")
    owner = world.owners[row.key]
    verify(world, organization)
    data = {
        "name": row.name,
        "summary": row.summary,
        "qualifications": row.qualifications,
        "address": "科研路 8 号",
        "contact_name": row.owner,
        "contact_phone": "0571-0000 0000",
    }
    carrier = carriers.open_profile(organization, by=owner, data=data)
    world.carriers[row.key] = carrier
    _items(carrier, owner, row)
    for code in row.recognized or (row.region,):
        _recognition(world, carrier, Region.objects.get(code=code), granted=bool(row.recognized))


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
        office = world.offices["省科技厅创新券办公室"]
        carriers.recognize_directly(
            carrier, region, by=world.officers[office.name], office=office, reason="列入省级服务机构名单"
        )
        return
    owner = _owner(world, carrier.organization)
    recognition = carriers.apply_for_recognition(carrier, region, by=owner, statement="面向本地企业开放检测与研发服务")
    if granted:
        decide(world, recognition, "approve")
