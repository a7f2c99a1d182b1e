"""The cast of the tests: invented people, organizations and offices with valid check digits.

Every function makes what it is asked for and nothing twice: the officer of a region, or a region
that the test database has not loaded, is found again by its natural key.
"""

from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone
from stdnum.cn import ric, uscc

from accounts.models import BankAccount, Membership, Organization, User
from innovation_voucher.casework.models import Office, Region
from innovation_voucher.casework.rights import grant

PASSWORD = "Correct-horse-9-battery"
COUNTY = "330108"
OTHER_COUNTY = "330106"

_serial = count(1)


def make_region(code: str = COUNTY) -> Region:
    """A region with its ancestors; those of the committed tree keep their own names."""
    found = Region.objects.filter(code=code).first()
    if found:
        return found
    parent_code = {"00": code[:2] + "0000"}.get(code[4:], code[:4] + "00")
    parent = None if code.endswith("0000") else make_region(parent_code)
    level = {"0000": Region.Level.PROVINCE}.get(
        code[2:], Region.Level.CITY if code.endswith("00") else Region.Level.COUNTY
    )
    name = f"地区{code}"
    path = f"{parent.path if parent else ''}{code}/"
    return Region.objects.create(code=code, name=name, full_name=name, level=level, parent=parent, path=path)


def credit_code(number: int | None = None, region_code: str = COUNTY) -> str:
    """A unified social credit code that belongs to nobody, with a right check digit."""
    serial = next(_serial) if number is None else number
    body = f"91{region_code}MA{serial:07d}"
    return body + uscc.calc_check_digit(body)


def resident_id(number: int | None = None) -> str:
    """An ID number of a person who does not exist, with a right check digit."""
    serial = next(_serial) if number is None else number
    body = f"33010619900101{serial % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def phone(number: int | None = None) -> str:
    """An unassigned mobile number in E.164."""
    serial = next(_serial) if number is None else number
    return f"+86199{serial:08d}"


def number_of(person: User) -> str:
    """The person's phone as forms show it."""
    return (person.phone or "").removeprefix("+86")


def make_user(name: str = "周甲", **fields: Any) -> User:
    """A person with a proven phone and the password `PASSWORD`."""
    serial = next(_serial)
    defaults: dict[str, Any] = {
        "username": f"user-{serial}",
        "name": name,
        "phone": phone(serial),
        "phone_verified": True,
    }
    return User.objects.create_user(password=PASSWORD, **{**defaults, **fields})


def make_organization(
    kind: str = "enterprise",
    region_code: str = COUNTY,
    *,
    name: str = "",
    verified: bool = True,
    owner: User | None = None,
    **fields: Any,
) -> Organization:
    """An organization with its owner; a verified one has a payee account too."""
    serial = next(_serial)
    region = make_region(region_code)
    code = None if kind == "entrepreneur" else credit_code(serial, region_code)
    defaults: dict[str, Any] = {
        "name": name or f"云帆第{serial}号有限公司",
        "credit_code": code,
        "region": region,
        "bureau": region,
        "verified_at": timezone.now() if verified else None,
    }
    organization = Organization.objects.create(kind=kind, **{**defaults, **fields})
    make_member(organization, user=owner or make_user(f"周{serial}"), role="owner")
    if verified:
        make_bank_account(organization)
    return organization


def make_bank_account(organization: Organization, number: str = "6222020000000001234") -> BankAccount:
    """The payee account in use of an organization."""
    return BankAccount.objects.create(
        organization=organization, holder=organization.name, bank="云帆银行", number=number, last_four=number[-4:]
    )


def make_member(organization: Organization, *, user: User | None = None, role: str = "handler") -> User:
    """A person with a role in an organization."""
    person = user or make_user()
    Membership.objects.create(organization=organization, user=person, role=role)
    return person


def owner_of(organization: Organization) -> User:
    """The person who registered the organization."""
    return organization.memberships.get(role="owner").user


def make_office(
    kind: str = "bureau", region_code: str = COUNTY, *, rights: tuple[str, ...] = (), name: str = ""
) -> Office:
    """An office whose people hold the rights on its region and on all below."""
    region = make_region(region_code)
    label = name or f"{region.name}{Office.Kind(kind).label}"
    group, _created = Group.objects.get_or_create(name=label)
    office, _created = Office.objects.get_or_create(
        name=label, defaults={"kind": kind, "region": region, "group": group}
    )
    for right in rights:
        grant(office, right, region)
    return office


def make_officer(
    region_code: str = COUNTY,
    *rights_held: str,
    kind: str = "bureau",
    name: str = "沈审核",
    office: Office | None = None,
) -> User:
    """A person of an office of that region with these rights (by name, as in Region.Meta.permissions)."""
    office = office or make_office(kind, region_code, rights=rights_held)
    officer = make_user(name)
    officer.groups.add(office.group)
    return officer


# --- The persons of the play ----------------------------------------------------------------


def enterprise(**fields: Any) -> Organization:
    """The enterprise that most stories follow: verified, in the county of the story."""
    return make_organization("enterprise", name="云溪智造科技有限公司", **fields)


def rival(**fields: Any) -> Organization:
    """Another enterprise of the same county."""
    return make_organization("enterprise", name="澄光传感科技有限公司", **fields)


def entrepreneur(**fields: Any) -> Organization:
    """A natural person who founds a business."""
    return make_organization("entrepreneur", name="陆拾工作室", **fields)


def carrier_organization(**fields: Any) -> Organization:
    """The legal person behind a carrier."""
    return make_organization("carrier", name="启明环境可靠性实验室", **fields)
