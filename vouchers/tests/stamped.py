"""A scheme with four qualifications for the tests: its preset, firms of two cities, filled-in and stamped claims."""

from io import BytesIO
from typing import Any

from PIL import Image

from accounts.listing import checked
from accounts.models import Organization, User
from accounts.services import import_list, open_list
from innovation_voucher.casework import calendar
from innovation_voucher.lib.crypto import encrypt
from innovation_voucher.tests import cast
from vouchers.claim_specs import evidence_of
from vouchers.models import Claim, Programme
from vouchers.phones import phone_rows
from vouchers.policy import FieldSpec
from vouchers.resolve import policy_of, snapshot
from vouchers.services import draft_claim, hand_in_claim, keep_scan, submit_stamped
from vouchers.services.claim_evidence import add_claim_file
from vouchers.services.loading import load_programme

from . import factories

SOUTH, NORTH, PROVINCE = "320412", "320312", "320000"
SCAN = "stamped_form"
SECRETS = ("legal_id", "account_number")

_BY_TYPE = {
    "text": "填写内容", "long_text": "填写内容", "integer": 25, "yuan": "30000000.00", "date": "2019-03-18",
    "month": "2025-05", "credit_code": cast.credit_code(77), "secret": "6217000010000000777",
}  # fmt: skip


def load() -> Programme:
    """The programme of the preset, open; its regions are made where the tree has none."""
    for code in (SOUTH, NORTH, "320300", "320700", "320800", "320900", "321300"):
        cast.make_region(code)
    load_programme(factories.preset("js"))
    return Programme.objects.get(family="js")


def firm(region: str = SOUTH) -> Organization:
    return cast.make_organization(region_code=region)


def enlist(*organizations: Organization, mode: str = "add") -> None:
    """Bring organizations into this year's list of the province."""
    keeper = cast.make_officer(PROVINCE, "manage_lists", kind="province")
    region, year = cast.make_region(PROVINCE), calendar.today().year
    target = open_list(region=region, class_key="listed_sme", year=year, name="科小名单", by=keeper)
    rows = [{"统一社会信用代码": one.credit_code or "", "单位名称": one.name} for one in organizations]
    import_list(target, checked(rows), mode=mode, by=keeper, source="名单.xlsx")


def value_of(row: FieldSpec) -> Any:
    return row.choices[0][0] if row.choices else _BY_TYPE[row.type]


def answers_for(programme: Programme, organization: Organization, class_key: str, **changes: Any) -> dict[str, Any]:
    """Every field of the class's form answered; phones are the owner's, which needs no code."""
    rows = policy_of(snapshot(programme, organization.region, class_key=class_key)).fields_of("claim", class_key)
    own = dict.fromkeys((row.key for row in phone_rows(rows)), cast.number_of(cast.owner_of(organization)))
    return {**{row.key: value_of(row) for row in rows if row.key not in own}, **own, **changes}


def picture() -> BytesIO:
    content = BytesIO()
    Image.new("RGB", (40, 40), "white").save(content, "PNG")
    content.seek(0)
    return content


def drafted(organization: Organization, programme: Programme, class_key: str, **changes: Any) -> Claim:
    """Written, with its evidence."""
    by = cast.owner_of(organization)
    answers = answers_for(programme, organization, class_key, **changes)
    answers |= {key: encrypt(answers[key]) for key in SECRETS}
    claim = draft_claim(organization, programme, by=by, answers=answers, class_key=class_key)
    for row in evidence_of(claim):
        if row.key != SCAN:
            add_claim_file(claim, row.key, by=by, name="材料.png", data=picture())
    return claim


def to_stamp(organization: Organization, programme: Programme, class_key: str, **changes: Any) -> Claim:
    """Filled in; the stamped scan is awaited."""
    return hand_in_claim(drafted(organization, programme, class_key, **changes), by=cast.owner_of(organization))


def stamped(claim: Claim) -> Claim:
    """The scan handed in."""
    by = cast.owner_of(claim.organization)
    keep_scan(claim, by=by, name="盖章表.png", data=picture())
    return submit_stamped(claim, by=by)


def bureau(region: str = SOUTH) -> User:
    return cast.make_officer(region, "review_claim", "view_cases")
