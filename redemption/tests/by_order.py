"""The scheme whose orders apply for vouchers, from its own data file: district, agency, experts, two carriers."""

from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.management import call_command

from accounts import services as accounts
from accounts.listing import Row, Sheet
from accounts.models import Organization, User
from carriers import services as carriers
from carriers.models import MutualList, Service
from carriers.mutual_sheet import Row as Listed, Sheet as Names
from carriers.tests.factories import category, make_recognition, make_service
from innovation_voucher.casework import calendar, panels, reviews
from innovation_voucher.casework.models import Office, ReviewTask
from innovation_voucher.lib.tests import files
from innovation_voucher.tests import cast
from orders import services as orders
from orders.models import Order
from redemption import services
from redemption.models import Redemption
from redemption.tests import factories
from vouchers.models import Programme, Voucher
from vouchers.tests.factories import make_carrier

CITY, HOME, ABROAD = "120000", "120104", "130102"
POINTS = {"reality": 22, "relevance": 18, "novelty": 20, "effect": 16, "cost": 9}
RIGHTS = ("review_use", "review_redemption", "view_cases")


@dataclass
class City:
    """Who acts; services of a carrier that the city recognizes, and of a laboratory beyond the border."""

    programme: Programme
    enterprise: Organization
    owner: User
    officer: User
    reviewer: User
    organizer: User
    keeper: User
    near: Service
    far: Service


def build() -> City:
    """Load the preset, list the enterprise as certified, recognize one carrier; no mutual list yet."""
    call_command("load_programme", "tj", verbosity=0)
    enterprise = cast.make_organization(region_code=HOME)
    bureau = cast.make_office("bureau", HOME, rights=RIGHTS, name="区科技局")
    agency = cast.make_office("agency", CITY, rights=RIGHTS, name="专业机构")
    keeper = cast.make_officer(CITY, "manage_lists", "publish_notices", kind="province", name="市创新券办公室")
    _certify(enterprise, keeper)
    near, far = make_carrier(name="海河检测院"), make_carrier(name="路桥大学", region=cast.make_region(ABROAD))
    make_recognition(near, cast.make_region(CITY))
    return City(
        programme=Programme.objects.get(family="tj"),
        enterprise=enterprise,
        owner=cast.owner_of(enterprise),
        officer=cast.make_officer(HOME, office=bureau),
        reviewer=cast.make_officer(CITY, office=agency),
        organizer=cast.make_officer(CITY, office=agency),
        keeper=keeper,
        near=make_service(near, "发动机台架试验", category=category(), price=9_099, unit="次"),
        far=make_service(far, "道路材料性能试验", category=category(), price=9_099, unit="组"),
    )


def _certify(firm: Organization, keeper: User) -> None:
    listed = accounts.open_list(
        region=cast.make_region(CITY),
        class_key="certified_list",
        year=calendar.today().year,
        name="科技型中小企业名单",
        by=keeper,
    )
    sheet = Sheet((Row(firm.credit_code or "", firm.name, "KZ-1"),), ())
    accounts.import_list(listed, sheet, mode="add", by=keeper, source="名单.xlsx")


def put_on_list(city: City, service: Service) -> MutualList:
    """The laboratory behind a service stands on the list of three provinces."""
    listing = MutualList.objects.create(name="开放实验室互认名单", region=cast.make_region(CITY))
    listing.members.set([cast.make_region(code) for code in ("110000", CITY, "130000")])
    firm = service.carrier.organization
    row = Listed(
        place=cast.make_region(ABROAD),
        laboratory="开放实验室",
        legal_entity=firm.name,
        credit_code=firm.credit_code or "",
        contact_name="",
        contact_phone="",
        services=service.title,
    )
    carriers.import_mutual(listing, Names((row,), ()), mode="add", by=city.keeper, source="互认名单.xlsx")
    return listing


def place(city: City, service: Service | None = None) -> Order:
    """Booked with a voucher."""
    booking = orders.Booking(
        item=service or city.near, contact_name="周甲", contact_phone="+8619900000001", need="样机"
    )
    return orders.place_order(organization=city.enterprise, programme=city.programme, booking=booking, by=city.owner)


def apply(city: City, contract: int | str = "9099", service: Service | None = None) -> Voucher:
    """Booked, taken by the carrier, and applied for on a contract of so many yuan."""
    order = place(city, service)
    seller = cast.owner_of(order.carrier.organization)
    order = orders.accept_order(order, by=seller, amount=Decimal(contract), promised_on=None)
    for key, name, content in (("quote", "报价单.pdf", files.pdf()), ("licence", "执照.png", files.picture())):
        orders.add_evidence(order, key, by=city.owner, name=name, data=BytesIO(content))
    use = orders.Use(
        contract_name=order.title, contract_amount=Decimal(contract), redeemer="enterprise", answers=answers()
    )
    return orders.use_voucher(order, by=city.owner, use=use)


def answers() -> dict[str, str]:
    """What the application says; the contract runs through the year."""
    day = calendar.today()
    first, last = day.replace(month=1, day=1), day.replace(month=12, day=31)
    return {"contract_from": first.isoformat(), "contract_to": last.isoformat(), "description": "样机试验"}


def decide(person: User, decision: str = "approve", **words: Any) -> None:
    """The person decides the one open task."""
    office = Office.objects.get(group__user=person)
    reviews.decide(ReviewTask.objects.get(status="open"), by=person, office=office, decision=decision, **words)


def valid(city: City, contract: int | str = "9099", service: Service | None = None) -> Voucher:
    """Applied for and passed by district and agency."""
    voucher = apply(city, contract, service)
    for person in (city.officer, city.reviewer):
        decide(person)
    return Voucher.objects.get(pk=voucher.pk)


def redeem(voucher: Voucher, contract: int | str = "9099") -> Redemption:
    """Handed in with one contract, its invoice, a receipt, the result and what came of it."""
    by, amount = cast.owner_of(voucher.organization), Decimal(contract)
    scan = ("合同.pdf", BytesIO(files.pdf()))
    services.add_contract(voucher, by=by, facts=services.ContractFacts(name="合同", amount=amount), picture=scan)
    facts = services.InvoiceFacts(number=factories.invoice_number(), name="检测费", amount=amount)
    services.add_invoice(voucher, by=by, facts=facts, picture=picture())
    services.add_receipt(voucher, by=by, amount=amount, paid_on=None, picture=picture())
    services.add_paper(voucher, "result", by=by, name="报告.pdf", data=BytesIO(files.pdf()))
    services.keep_facts(voucher, by=by, answers={"effect": "找到断裂起源"})
    return services.submit_voucher(Voucher.objects.get(pk=voucher.pk), by=by)


def picture() -> tuple[str, BytesIO]:
    """A small photo."""
    return "照片.png", BytesIO(files.picture())


def agree(city: City) -> None:
    """District, formal check, and three experts of one mind; the agency decides."""
    for person in (city.officer, city.reviewer):
        decide(person)
    office = Office.objects.get(group__user=city.organizer)
    who = {"by": city.organizer, "office": office}
    task = ReviewTask.objects.select_related("case", "step", "region").get(status="open")
    experts = [(cast.make_user(f"专家{name}"), f"专家{name}") for name in "甲乙丙"]
    panel = panels.form_panel(task, experts, field="检测", seed="1", drawn=[], **who)
    for seat in panel.seats.select_related("user", "panel"):
        panels.declare(seat, by=seat.user)
        panels.submit_sheet(seat, by=seat.user, points=POINTS, comment="")
    panels.conclude(panel, summary="意见一致，建议兑付。", **who)
    decide(city.organizer)


def publish(city: City) -> Any:
    """The list of the city is before the public."""
    rows = list(Redemption.objects.all())
    made = services.create_publicity(city.programme, city.programme.region, rows, title="拟兑付名单", by=city.keeper)
    return services.open_publicity(made, by=city.keeper)
