"""Organizations of the demo world: registered, filled in, verified."""

from io import BytesIO

from accounts import services as accounts
from accounts.answers import sections_of
from accounts.models import Organization, User, Verification
from accounts.services.verifications import save_file
from innovation_voucher.casework.models import Region

from . import papers
from .people import CarrierRow, FirmRow, credit_code, phone, resident_id
from .world import World, decide, hashed

CONSENTS = {"terms": "4", "privacy": "3"}


def register(world: World, row: FirmRow | CarrierRow, kind: str, what: str) -> Organization:
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
        {
            "username": row.key,
            "name": row.owner,
            "role": row.name,
            "what": what,
            "id": str(organization.pk),
            "region": region.code,
        }
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


def fill(world: World, organization: Organization, address: str, *, sections: int | None = None) -> Verification:
    """A draft with its first `sections` sections answered, all by default."""
    owner = world.owner_of(organization)
    verification = accounts.start_verification(organization, by=owner)
    values = _answers(world, organization, owner, address)
    for section in sections_of(verification)[:sections]:
        asked = {q.key: values[q.key] for q in section.questions if q.key in values}
        verification = accounts.save_section(verification, section, asked, by=owner)
        for question in section.files:
            picture = papers.picture(str(question.label), organization.name, organization.credit_code or "")
            save_file(verification, question.key, name=f"{question.label}.jpg", data=BytesIO(picture), by=owner)
    return verification


def verify(world: World, organization: Organization, address: str = "") -> None:
    """Walk an organization through verification to approval."""
    verification = fill(world, organization, address)
    verification = accounts.submit_verification(verification, by=world.owner_of(organization))
    decide(world, verification, "approve")
    organization.refresh_from_db()
