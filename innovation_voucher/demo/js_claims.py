"""Claims of the order scheme in the demo world: one firm of each class, each at another place of the way."""

from io import BytesIO
from typing import Any

from innovation_voucher.lib.crypto import encrypt
from vouchers import prefill, services as vouchers
from vouchers.claim_specs import evidence_of
from vouchers.models import Claim, FieldRow, Programme
from vouchers.policy import FieldSpec
from vouchers.resolve import policy_of, snapshot
from vouchers.rule_gaps import STAMPED
from vouchers.services.claim_evidence import add_claim_file

from . import papers
from .js_cast import PROVINCE
from .lists import enlist
from .world import World, decide

LISTED, LIST_NAME = "listed_sme", "科技型中小企业入库名单"
_TEXTS = {
    "email": "office@example.com",
    "zone": "武进高新区（示例）",
    "staff": 46,
    "telephone": "0519-0000 0000",
    "legal_id": "LG7700214",
    "account_number": "6217000010000002026",
    "bank_code": "105304000123",
    "revenue": "32000000.00",
    "certificate_number": "GR202532000777",
    "list_number": "2026320412000001",
    "incubator": "常武科创孵化器（示例）",
    "incubator_operator": "常武孵化运营有限公司（示例）",
    "operator_code": "91320412MADEMO007X",
    "talent": "才志远",
    "talent_plan": "县级科技创业人才计划（示例）",
}
_BY_TYPE: dict[str, Any] = {"month": "2025-05", "date": "2025-01-15", "integer": 46}


def scheme() -> Programme:
    return Programme.objects.get(family="js")


def walk_claims(world: World) -> None:
    """Granted at once, granted by the bureau, waiting for the stamp, before the bureau, and out of the list since."""
    enlist(world, PROVINCE, LISTED, LIST_NAME, "changhong", "yuanxing")
    for firm in ("changhong", "yuanxing"):
        stamped(world, filled(world, firm, LISTED))
    decide(world, stamped(world, filled(world, "pengcheng", "high_tech")), "approve")
    filled(world, "fuhe", "incubated")
    stamped(world, filled(world, "caizhi", "talent"))
    enlist(world, PROVINCE, LISTED, LIST_NAME, "changhong", mode="replace")


def filled(world: World, firm: str, class_key: str) -> Claim:
    """Every field answered, every paper there; the stamp is awaited."""
    return vouchers.hand_in_claim(written(world, firm, class_key), by=world.owners[firm])


def written(world: World, firm: str, class_key: str) -> Claim:
    """A draft that lacks nothing."""
    organization, by = world.firms[firm], world.owners[firm]
    programme = scheme()
    policy = policy_of(snapshot(programme, organization.region, class_key=class_key))
    known = prefill.known(organization, by)
    answers = {row.key: _answer(row, known) for row in policy.fields_of("claim", class_key)}
    claim = vouchers.draft_claim(organization, programme, by=by, answers=answers, class_key=class_key)
    for row in evidence_of(claim):
        if row.key != STAMPED:
            add_claim_file(claim, row.key, by=by, name=f"{row.label}.jpg", data=_picture(row.label, organization.name))
    return claim


def stamped(world: World, claim: Claim) -> Claim:
    """Handed in with its stamped form."""
    by = world.owner_of(claim.organization)
    data = _picture("创新券申领表", claim.organization.name, claim.number)
    vouchers.keep_scan(claim, by=by, name="申领表（盖章）.jpg", data=data)
    return vouchers.submit_stamped(claim, by=by)


def _picture(title: str, *lines: str) -> BytesIO:
    return BytesIO(papers.picture(title, *lines))


def _answer(row: FieldSpec, known: dict[str, Any]) -> Any:
    if row.choices:
        return row.choices[0][0]
    if row.type == FieldRow.Type.PHONE:
        return known["user.phone"]
    value = known.get(row.prefill) or _TEXTS.get(row.key) or _BY_TYPE.get(row.type, "见附件")
    return encrypt(str(value)) if row.is_secret else (value if isinstance(value, int) else str(value))
