"""Handing in what is to be paid: a voucher by itself, or all that a draft gathers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import active_bank_account
from innovation_voucher.casework import audit, calendar, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.subjects import subject_for
from orders import services as orders
from orders.models import Order
from vouchers import services as vouchers
from vouchers.models import Voucher
from vouchers.phones import require_confirmed
from vouchers.policy import Gap
from vouchers.resolve import policy_of
from vouchers.rules import frozen_words, is_frozen

from .. import asked, rules
from ..consents import asks_enterprise
from ..models import Pick, Redemption, RedemptionLine
from ..things import handle
from .consenting import ask_consent
from .drafts import asked_rows, pick_for
from .gaps import computed_amount, draft_gaps, gaps
from .gathering import locked_draft
from .given import Papers, papers_by_order, papers_for
from .opened import lock_order
from .windows import take_window


@dataclass
class Outcome:
    """What became of several vouchers submitted at once."""

    done: list[Redemption] = field(default_factory=list)
    refused: list[tuple[Voucher, str]] = field(default_factory=list)


@transaction.atomic
def submit_voucher(voucher: Voucher, *, by: User) -> Redemption:
    """Ask to be paid for one voucher whose papers are complete, and start its review chain.

    Raises Refused naming exactly what is missing.
    """
    voucher = vouchers.lock_voucher(voucher)
    require(rules.for_payee(by, voucher), NotAllowed)
    require(rules.may_redeem(by, voucher, calendar.today()))
    require((not asked.gathers(policy_of(voucher.snapshot)), _("这张券和其他订单合并申请：勾选后加入草稿，再提交。")))
    return submit_draft(pick_for(voucher, by=by).redemption, by=by)


@transaction.atomic
def submit_draft(redemption: Redemption, *, by: User) -> Redemption:
    """Hand in all that the payee's draft holds; each order becomes a line with its voucher.

    Raises Refused naming exactly what is missing, with the order where there are several.
    """
    picks = list(redemption.picks.select_related("order__voucher"))
    if any(pick.order.voucher is None for pick in picks):
        # Locks are taken in one order everywhere: accounts, then orders.
        vouchers.locked_accounts(redemption.payee, [redemption.programme_id])
    locked = {pick.pk: lock_order(pick.order) for pick in picks}
    redemption = locked_draft(redemption, by=by)
    papers = papers_by_order(locked.values())
    several = len(picks) > 1
    for order in locked.values():
        _require_fit(order, papers[order.pk], by=by, several=several)
    _require_none(draft_gaps(redemption))
    require_confirmed(redemption.payee, asked_rows(redemption), redemption.answers)
    redemption.bank_account = active_bank_account(redemption.payee)
    if redemption.bank_account is None:
        raise Refused(_("还没有收款账户。请先在账号与安全里填写收款账户。"))
    redemption.save(update_fields=["bank_account"])
    take_window(redemption)
    total = sum((_line(redemption, pick, locked[pick.pk], papers, by=by) for pick in picks), Decimal("0.00"))
    if asks_enterprise(redemption):
        ask_consent(redemption, amount=total, by=by)
    else:
        hand_in(redemption, amount=total, by=by)
    return redemption


def _require_fit(order: Order, papers: Papers, *, by: User, several: bool) -> None:
    """That the order can be redeemed now and nothing is missing."""
    thing = handle(order)
    answer = rules.may_ask(by, thing, calendar.today())
    if not answer[0]:
        raise Refused(_named(order, answer[1]) if several else answer[1])
    missing = "；".join(gap.words for gap in gaps(thing, papers=papers))
    if missing:
        raise Refused(_named(order, missing) if several else missing, "gaps")


def _named(order: Order, words: str) -> str:
    return f"{order.title}：{words}"


def _require_none(missing: Sequence[Gap]) -> None:
    if missing:
        raise Refused("；".join(gap.words for gap in missing), "gaps")


def _line(redemption: Redemption, pick: Pick, order: Order, papers: dict[int, Papers], *, by: User) -> Decimal:
    """Turn a place of the draft into a line; what is claimed for it, yuan."""
    given, entered = papers[order.pk], pick.contract_amount
    pick.delete()
    voucher = order.voucher or orders.secure(order, by=by, amount=entered)
    amount = computed_amount(voucher, given)
    keeps = asked.contract_row(policy_of(voucher.snapshot)) is not None
    RedemptionLine.objects.create(
        redemption=redemption,
        voucher=voucher,
        computed=amount,
        claimed=amount,
        contract_amount=entered if keeps else None,
    )
    vouchers.start_redeeming(voucher, by=by)
    return amount


def hand_in(redemption: Redemption, *, amount: Decimal, by: User | None) -> None:
    """Start the review chain of its policy over `amount` yuan; what waited for consent keeps its day."""
    redemption.submit()
    redemption.submitted_at = redemption.submitted_at or timezone.now()
    redemption.save(update_fields=["status", "submitted_at"])
    start_review(redemption, amount=amount, by=by)
    audit.record("redemption.submitted", redemption, by=by, region=redemption.region, after={"amount": str(amount)})


def start_review(redemption: Redemption, *, amount: Decimal, by: User | None) -> None:
    """A case of the policy's chain over `amount` yuan."""
    chain = policy_of(redemption.snapshot).redemption_chain or ""
    reviews.open_case(
        redemption,
        chain=chain,
        number=redemption.number,
        title=title_of(redemption),
        applicant=redemption.payee.name,
        region=redemption.region,
        home=redemption.programme.region,
        by=by,
        amount=amount,
        checks=subject_for(redemption).checks(redemption),
    )


def title_of(redemption: Redemption) -> str:
    """What the queue calls the case: its services, each once."""
    titles = redemption.lines.order_by("id").values_list("voucher__service_title", flat=True)
    return "、".join(dict.fromkeys(titles))[:200]


def submit_many(rows: Iterable[Voucher], *, by: User) -> Outcome:
    """Submit each voucher in its own transaction; what cannot go says why and stays."""
    outcome = Outcome()
    for voucher in rows:
        try:
            outcome.done.append(submit_voucher(voucher, by=by))
        except Refused as refused:
            outcome.refused.append((voucher, refused.message))
    return outcome


def compute_lines(redemption: Redemption) -> Decimal:
    """Ask every line for its papers, compute it anew and forget what a step had agreed; the sum, yuan."""
    _require_none(draft_gaps(redemption))
    lines = list(redemption.lines.select_related("voucher__snapshot", "voucher__order").order_by("id"))
    papers = papers_for(line.voucher for line in lines)
    for line in lines:
        if is_frozen(line.voucher):
            raise Refused(f"{line.voucher.service_title}：{frozen_words(line.voucher)}", "frozen")
        _require_none(gaps(line.voucher, papers=papers[line.voucher_id]))
        line.computed = line.claimed = computed_amount(line.voucher, papers[line.voucher_id])
        line.approved = line.approved_contract = None
    RedemptionLine.objects.bulk_update(lines, ["computed", "claimed", "approved", "approved_contract"])
    return sum((line.claimed for line in lines), Decimal("0.00"))
