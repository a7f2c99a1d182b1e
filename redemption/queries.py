"""What the pages of redemption read, each with a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organization
from innovation_voucher.casework.models import AuditRow, ReviewCase, ReviewTask
from orders.models import Order
from orders.roads import has_reached
from vouchers.models import Voucher
from vouchers.models.parameters import Grouping, HoldAt, RedeemFrom
from vouchers.policy import Gap
from vouchers.resolve import policy_of

from . import asked, rules, services
from .models import Pick, Redemption
from .things import snapshot_of

#: Tabs of the list: key -> states of the redemptions under it.
TABS: dict[str, tuple[str, ...]] = {
    "open": ("draft", "awaiting_consent", "in_review", "returned", "approved", "in_publicity", "contested", "payable"),
    "paid": ("paid", "recovered"),
    "ended": ("rejected", "withdrawn", "expired"),
}


#: Drafts of the payee stand beside what is still to be asked for, not among what is under way.
_HANDED_IN = ~Q(Exists(Pick.objects.filter(redemption=OuterRef("pk"))))


@dataclass(frozen=True)
class Draft:
    """A draft that gathers orders, and how many."""

    number: str
    count: int


@dataclass(frozen=True)
class Candidate:
    """A confirmed voucher that its holder may redeem, what it lacks, and what it is worth (yuan)."""

    voucher: Voucher
    gaps: list[Gap]
    amount: Decimal

    @property
    def ready(self) -> bool:
        """符合: nothing is missing."""
        return not self.gaps


def list_url(payee: Organization) -> str:
    """The list as the payee's side menu knows it."""
    return reverse("carrier-redeem-list" if payee.kind == Organization.Kind.CARRIER else "ent-redeem-list")


def paid_to(organization: Organization) -> Q:
    """Condition on vouchers: this organization is the one that is paid."""
    return Q(redeemer=Voucher.Redeemer.ENTERPRISE, organization=organization) | Q(
        redeemer=Voucher.Redeemer.CARRIER, carrier__organization=organization
    )


def confirmed(organization: Organization) -> list[Voucher]:
    """Confirmed vouchers for which the organization is paid, oldest first."""
    return list(_whole(Voucher.objects.filter(paid_to(organization), status=Voucher.State.CONFIRMED)))


def _whole(vouchers: QuerySet[Voucher]) -> QuerySet[Voucher]:
    """With what a row of the list says about a voucher, oldest first."""
    return vouchers.select_related("snapshot", "order", "carrier__organization").order_by("confirmed_at", "id")


def own_and_others(organization: Organization) -> tuple[list[Voucher], list[Voucher]]:
    """`confirmed`, and the confirmed vouchers of the organization for which others are paid (one query)."""
    held = Q(organization=organization, redeemer=Voucher.Redeemer.CARRIER, status__in=("confirmed", "redeeming"))
    own = Q(paid_to(organization), status=Voucher.State.CONFIRMED)
    paid: list[Voucher] = []
    others: list[Voucher] = []
    for voucher in services.with_facts(_whole(Voucher.objects.filter(own | held))):
        redeemed_by_other = voucher.organization_id == organization.pk and voucher.redeemer == Voucher.Redeemer.CARRIER
        (others if redeemed_by_other else paid).append(voucher)
    return paid, others


def candidates(organization: Organization) -> list[Candidate]:
    """Its confirmed vouchers that it redeems itself."""
    found = confirmed(organization)
    return among(found, services.papers_for(found))


def among(found: Iterable[Voucher], papers: Mapping[int, services.Papers]) -> list[Candidate]:
    """The vouchers that their payee redeems itself."""
    vouchers = [voucher for voucher in found if _alone(voucher)]
    return [
        Candidate(
            voucher,
            services.gaps(voucher, papers=papers[voucher.pk]),
            services.computed_amount(voucher, papers[voucher.pk]),
        )
        for voucher in vouchers
    ]


def _alone(voucher: Voucher) -> bool:
    """Whether its payee redeems it by itself."""
    return not rules.by_agency(voucher.snapshot) and not asked.gathers(policy_of(voucher.snapshot))


#: Orders that get their voucher with a redemption that gathers several.
_LATE = Q(
    voucher=None,
    use_voucher=True,
    snapshot__data__hold_at=HoldAt.REDEMPTION.value,
    snapshot__data__grouping=Grouping.PER_WINDOW.value,
)


def to_gather(
    organization: Organization, vouchers: Iterable[Voucher], *, late: bool
) -> tuple[list[Order], list[Draft]]:
    """Orders that its scheme gathers and that are in no draft, and the drafts that hold some already (one query).

    They are those of these vouchers, and with `late` those that get theirs with the redemption.
    """
    held = [voucher.order.pk for voucher in vouchers if asked.gathers(policy_of(voucher.snapshot))]
    if not held and not late:
        return [], []
    rows = Order.objects.filter(Q(pk__in=held) | Q(_LATE, organization=organization)).select_related(
        "snapshot", "carrier", "voucher", "service", "pick__redemption"
    )
    free: list[Order] = []
    picked: Counter[str] = Counter()
    for order in rows.order_by("-id"):
        if hasattr(order, "pick"):
            picked[order.pick.redemption.number] += 1
        elif has_reached(order, policy_of(snapshot_of(order)).redeem_from or RedeemFrom.ACCEPTED):
            free.append(order)
    return free, [Draft(number, count) for number, count in picked.items()]


def gathered(organization: Organization) -> QuerySet[Redemption]:
    """Its redemptions that gather orders, in any state."""
    return Redemption.objects.filter(payee=organization, snapshot__data__grouping=Grouping.PER_WINDOW.value)


def redeemers(others: Iterable[Voucher]) -> tuple[int, int]:
    """How many of the vouchers for which others are paid the carriers redeem, and a third party for them."""
    agency = [rules.by_agency(voucher.snapshot) for voucher in others]
    return len(agency) - sum(agency), sum(agency)


def sent_back(organization: Organization) -> QuerySet[Redemption]:
    """Payable redemptions whose last payment the bank sent back."""
    return Redemption.objects.filter(payee=organization, status=Redemption.State.PAYABLE).exclude(failure="")


def redemptions(organization: Organization, tab: str) -> QuerySet[Redemption]:
    """The organization's redemptions under a tab, newest first, with their lines."""
    return (
        Redemption.objects.filter(_HANDED_IN, payee=organization, status__in=TABS[tab])
        .select_related("programme", "region")
        .prefetch_related("lines__voucher")
    )


def tab_counts(organization: Organization) -> tuple[dict[str, int], bool]:
    """How many stand under each tab, and whether orders wait for `to_gather` (one query)."""
    theirs = Redemption.objects.filter(_HANDED_IN, payee=OuterRef("pk")).order_by().values("payee")
    counts = {
        tab: Subquery(theirs.filter(status__in=states).values(number=Count("pk"))) for tab, states in TABS.items()
    }
    waiting = Exists(Order.objects.filter(_LATE, organization=OuterRef("pk")))
    row = dict(Organization.objects.filter(pk=organization.pk).values(**counts, waiting=waiting).get())
    return {tab: cast("int | None", row[tab]) or 0 for tab in TABS}, bool(row["waiting"])


def latest_case(redemption: Redemption) -> ReviewCase | None:
    """The review case of a redemption, the newest when it had several."""
    kind = ContentType.objects.get_for_model(Redemption)
    return (
        ReviewCase.objects.filter(subject_type=kind, subject_id=redemption.pk)
        .select_related("chain", "region")
        .order_by("-id")
        .first()
    )


def open_task(redemption: Redemption, case: ReviewCase | None) -> ReviewTask | None:
    """The step that the redemption waits for while it is under review."""
    if case is None or redemption.status != Redemption.State.IN_REVIEW:
        return None
    found: ReviewTask | None = case.tasks.filter(status="open").select_related("step", "region").first()
    return found


def next_up(task: ReviewTask | None) -> dict[str, str] | None:
    """The step that is waited for, with the day by which it is promised."""
    if task is None:
        return None
    due = _("%(month)d月%(day)d日前办结") % {"month": task.due_on.month, "day": task.due_on.day} if task.due_on else ""
    return {"title": task.step.name, "note": f"{task.region.name} {due}".strip()}


def to_confirm(organization: Organization) -> QuerySet[Redemption]:
    """Redemptions of carriers that wait for the enterprise's agreement, oldest first."""
    waiting = Redemption.objects.filter(status="awaiting_consent", lines__voucher__organization=organization)
    return waiting.select_related("payee").order_by("submitted_at").distinct()


def refusal(draft: Redemption) -> str:
    """Why the enterprise did not agree the last time; empty when it was not asked."""
    rows = AuditRow.objects.filter(
        subject_type=ContentType.objects.get_for_model(Redemption),
        subject_id=draft.pk,
        verb="redemption.consent_refused",
    )
    return rows.order_by("-id").values_list("reason", flat=True).first() or ""
