"""What stands before the walk begins: the scheme, the offices and one recognized carrier."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.models import EnterpriseRecord, Organization, User
from carriers import services as carriers
from carriers.models import Category, Service
from innovation_voucher.casework.models import Office
from innovation_voucher.demo.people import BUREAU
from innovation_voucher.lib.money import yuan
from innovation_voucher.tests import cast

COUNTY = "330108"
NAME = "澄光测试设备有限公司"
CODE = cast.credit_code(880001, COUNTY)
PRESETS = Path(settings.BASE_DIR) / "vouchers" / "data"
THIRD_PARTY = ("open_redemptions", "review_redemption")
PROVINCE = ("settle", "countersign", "manage_programmes", "view_cases", "review_recognition")


@dataclass
class Stage:
    """The people who act, by what they do."""

    officer: User
    maker: User
    checker: User
    opener: User
    reader: User
    seller: User
    service: Service


def build(preset: str = "zj") -> Stage:
    """Load the scheme, open the offices, recognize the carrier, import the registry."""
    call_command("load_programme", str(PRESETS / f"{preset}.json"), verbosity=0)
    bureau = cast.make_office("bureau", COUNTY, rights=BUREAU, name="滨江区科技局")
    province = cast.make_office("province", "330000", rights=PROVINCE, name="省创新券办公室")
    maker, checker = (staff(name, province) for name in ("钱制单", "周复核"))
    agent = cast.make_office("third_party", "330000", rights=THIRD_PARTY, name="衡信会计师事务所（示例）")
    service = shop(province, maker)
    register(CODE)
    return Stage(
        officer=cast.make_officer(COUNTY, office=bureau),
        maker=maker,
        checker=checker,
        opener=cast.make_officer("330000", office=agent),
        reader=cast.make_officer("330000", office=agent),
        seller=cast.owner_of(service.carrier.organization),
        service=service,
    )


def register(code: str) -> None:
    """The enterprise as the registry of businesses knows it."""
    EnterpriseRecord.objects.create(
        credit_code=code,
        name=NAME,
        legal_person="许澄",
        address="江汉路 1785 号",
        nature="有限责任公司",
        source="工商登记",
        imported_at=timezone.now(),
    )


def staff(name: str, office: Office) -> User:
    """A person of an office who may enter the admin."""
    user = cast.make_user(name, is_staff=True)
    user.groups.add(office.group)
    return user


def shop(province: Office, maker: User, **item: Any) -> Service:
    """A carrier that the province recognizes, with one service; `item` changes what the service is."""
    organization: Organization = cast.make_organization("carrier", name="东海分析测试中心")
    owner = cast.owner_of(organization)
    profile = {
        "summary": "材料与可靠性检测",
        "address": "科研路 8 号",
        "contact_name": "江测",
        "contact_phone": "0571-00000000",
    }
    carrier = carriers.open_profile(organization, by=owner, data=profile)
    carriers.recognize_directly(carrier, province.region, by=maker, office=province, reason="列入省级名单")
    data = {
        "title": "样机疲劳寿命试验",
        "category": Category.objects.get(code="010203"),
        "description": "轴向与弯曲疲劳",
        "price": yuan("32000"),
        "unit": "批",
        "working_days": 20,
        **item,
    }
    return carriers.save_service(carrier, by=owner, data=data)
