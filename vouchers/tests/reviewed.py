"""A reviewed scheme for the tests: its chain, its programme, a bureau, and claims brought into a state."""

from decimal import Decimal
from typing import Any

from accounts.models import Organization, User
from innovation_voucher.casework import reviews
from innovation_voucher.casework.models import AuditRow, Chain, ChainStep, ReviewTask
from innovation_voucher.tests import cast
from vouchers.models import Claim, LedgerEntry, Programme, ProgrammeVersion, QuotaAccount
from vouchers.services import draft_claim, submit_claim
from vouchers.services.pools import set_pool
from vouchers.services.publishing import publish

from . import factories

CHAIN = "reviewed-claim"
PURPOSE = {"purpose": "样机可靠性试验"}


def make_reviewed(*, evidence: bool = False, **parameters: Any) -> Programme:
    """An open programme whose claims one officer of the county reviews; it asks for the purpose."""
    chain, made = Chain.objects.get_or_create(key=CHAIN, defaults={"name": "申领审核"})
    if made:
        ChainStep.objects.create(
            chain=chain, position=1, name="申领审核", office_kind="bureau", right="review_claim", may_lower=True
        )
    programme = factories.make_programme(kind="reviewed")
    rules = {**factories.INSTANT, "claim_mode": "reviewed", "claim_chain": CHAIN, "grant": "approved", "cap_year": None}
    version = ProgrammeVersion.objects.create(
        programme=programme, number=2, effective_from=programme.opens_on, **{**rules, **parameters}
    )
    factories.add_field(version, "purpose", "long_text", "用途")
    if evidence:
        version.evidencerows.create(
            stage="claim", key="plan", label="实施方案", formats=["pdf", "jpg", "png"], max_bytes=1_000_000, maximum=2
        )
    publish(version, by=None)
    programme.refresh_from_db()
    return programme


def officer(region: str = cast.COUNTY, *rights: str) -> User:
    """A person of the county who reviews claims there, or holds these rights; rights are those of an office."""
    held = rights or ("review_claim", "view_cases")
    office = cast.make_office("bureau", region, rights=held, name=f"{region}科技局{'和'.join(held)}")
    return cast.make_officer(region, office=office)


def ask(organization: Organization, programme: Programme, amount: int | str = 50_000) -> Claim:
    """Handed in."""
    by = cast.owner_of(organization)
    return submit_claim(organization, programme, amount=Decimal(amount), by=by, answers=PURPOSE)


def drafted(organization: Organization, programme: Programme, amount: int | str = 50_000) -> Claim:
    """Written and not handed in."""
    by = cast.owner_of(organization)
    return draft_claim(organization, programme, amount=Decimal(amount), by=by, answers=PURPOSE)


def decide(claim: Claim, by: User, decision: str, **words: Any) -> Claim:
    """The bureau decides the open task of the claim; the claim as it then stands."""
    case = reviews.live_case(claim)
    assert case is not None
    task = case.tasks.select_related("step", "region", "case").get(status=ReviewTask.State.OPEN)
    reviews.decide(task, by=by, office=None, decision=decision, **words)
    return Claim.objects.get(pk=claim.pk)


def in_state(state: str, organization: Organization, programme: Programme, by: User) -> Claim:
    """A claim of 50,000 in the state; for waitlisted the region's budget is empty."""
    if state == "draft":
        return drafted(organization, programme)
    if state == "waitlisted":
        set_pool(programme, organization.region, Decimal(0), by=None)
        programme.refresh_from_db()
    claim = ask(organization, programme)
    if state == "returned":
        return decide(claim, by, "return", items=[("amount", "核对金额")])
    if state == "rejected":
        return decide(claim, by, "reject", reason="不符合申领条件")
    if state in ("approved", "waitlisted"):
        return decide(claim, by, "approve")
    return claim


def money() -> tuple[Any, ...]:
    """Everything that a denied act must leave alone: states, cases, accounts, entries, audit."""
    return (
        list(Claim.objects.order_by("pk").values_list("pk", "status", "asked", "granted", "answers")),
        list(QuotaAccount.objects.order_by("pk").values_list("pk", "granted", "available")),
        LedgerEntry.objects.count(),
        AuditRow.objects.count(),
    )
