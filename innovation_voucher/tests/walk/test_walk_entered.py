"""From the accepted order to paid where the contract is entered: draft, two offices, less recognized, public list."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Browser

from accounts.models import Organization, User
from carriers.tests.factories import category, make_carrier, make_recognition, make_service
from innovation_voucher.casework import calendar, invariants
from innovation_voucher.casework.models import Outgoing
from innovation_voucher.demo.granting import ensure_quota
from innovation_voucher.demo.people import BUREAU
from innovation_voucher.tests import cast
from innovation_voucher.tests.browser import browser
from orders import services as orders
from vouchers.models import Programme, Voucher
from vouchers.services.loading import load_programme
from vouchers.tests.factories import preset

from . import entering, files, paying
from .people import person
from .test_walk import buckets

__all__ = ["browser"]

PROVINCE, COUNTY, PLACE = "320000", "320412", "江苏省"
STAFF = ("settle", "countersign", "view_cases")


def build() -> tuple[Voucher, User, User, list[User]]:
    """An accepted order with its voucher; the bureau's and the centre's person, and two who settle."""
    load_programme(preset("js"))
    programme = Programme.objects.get(family="js")
    organization = cast.make_organization(region_code=COUNTY, name="昌弘微流控技术有限公司")
    with transaction.atomic():
        ensure_quota(organization, programme)
    voucher = _accepted(organization, programme)
    bureau = cast.make_office("bureau", COUNTY, rights=BUREAU)
    centre = cast.make_office("centre", PROVINCE, rights=("review_redemption", "view_cases"))
    province = cast.make_office("province", PROVINCE, rights=STAFF)
    settlers = [cast.make_user(name, is_staff=True) for name in ("白制单", "戴复核")]
    for user in settlers:
        user.groups.add(province.group)
    officers = cast.make_officer(COUNTY, office=bureau), cast.make_officer(PROVINCE, office=centre)
    return voucher, *officers, settlers


def _accepted(organization: Organization, programme: Programme) -> Voucher:
    """The voucher of an order over 16,000 yuan that its carrier has taken."""
    firm = cast.make_organization("carrier", COUNTY, name="江南检验检测中心")
    firm.bank_accounts.update(active=False)
    cast.make_bank_account(firm, "6222020000000009876")
    carrier = make_carrier(firm, shown=True)
    make_recognition(carrier, cast.make_region(PROVINCE))
    service = make_service(carrier, "生物相容性试验", category=category(), price=16_000, unit="样品")
    booking = orders.Booking(item=service, contact_name="韩昌", contact_phone="19900000001", need="两台样机")
    by = cast.owner_of(organization)
    order = orders.place_order(organization=organization, programme=programme, booking=booking, by=by)
    later = calendar.today() + timedelta(days=10)
    orders.accept_order(order, by=cast.owner_of(firm), amount=Decimal(16_000), promised_on=later)
    return Voucher.objects.get(order=order)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.feature("JS-12", "JS-13", "JS-14")
@pytest.mark.parametrize("script", [True, False], ids=["scripts on", "scripts off"])
def test_the_contract_is_entered_recognized_in_part_and_paid(
    browser: Browser, live_server: object, tmp_path: Path, script: bool
) -> None:
    base, papers = str(live_server), files.write(tmp_path)
    voucher, officer, centre, (maker, checker) = build()
    with person(browser, base, cast.owner_of(voucher.organization), script=script) as ent:
        number = entering.redeem(ent, papers, voucher.service_title, "15000", receipts=("9000", "6000"))
        with person(browser, base, officer, script=script) as bureau:
            entering.recognize(bureau, "12000", "寄送费 3,000 元不属于服务费用")
        with person(browser, base, centre, script=script) as office:
            entering.agree(office)
        assert buckets() == {"available": 97_000, "held": 3_000, "in_batch": 0, "spent": 0}
        entering.publicize(voucher.programme, PROVINCE)
        with person(browser, base, maker) as one, person(browser, base, checker) as two:
            paying.freeze(one, "3,000.00", PLACE)
            paying.countersign(two, "3,000.00")
            paying.export(one, 3_000)
            paying.settle(one, tmp_path)
        entering.sees_paid(ent, number)
    assert buckets() == {"available": 97_000, "held": 0, "in_batch": 0, "spent": 3_000}
    assert Voucher.objects.get().status == Voucher.State.PAID
    texts = [row.body for row in Outgoing.objects.all()]
    assert any("已核定 3,000.00 元" in text for text in texts)
    assert any("已拨付 3,000.00 元" in text for text in texts)
    assert invariants.broken() == {}
