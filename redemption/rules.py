"""Who may do what with a redemption or a batch, and why not."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import cast

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization, User
from accounts.rules import may_act, may_see_organization
from innovation_voucher.casework.models import Office, PanelSeat, ReviewTask
from innovation_voucher.casework.rights import holds, offices_of
from innovation_voucher.casework.rules import ALLOWED, Answer
from innovation_voucher.casework.statuses import TURN_LABELS, Status, Turn, called
from orders.rules import may_secure
from vouchers.models import PolicySnapshot, Programme, ProgrammeVersion, Voucher
from vouchers.models.parameters import OpenedBy
from vouchers.resolve import policy_of
from vouchers.rules import frozen_words, is_frozen

from .models import Redemption, SettlementBatch
from .paper_rules import keeps_open
from .statuses import REDEMPTION
from .things import Thing, payee_of, rules_of

FINANCE = ("owner", "handler", "finance")
WITHDRAWABLE = (
    Redemption.State.DRAFT,
    Redemption.State.AWAITING_CONSENT,
    Redemption.State.IN_REVIEW,
    Redemption.State.RETURNED,
)


def by_agency(snapshot: PolicySnapshot) -> bool:
    """Whether a third party opens the redemptions under this policy, and the payee none."""
    return policy_of(snapshot).redemption_opened_by == OpenedBy.AGENCY


def shown(redemption: Redemption, task: ReviewTask | None = None) -> Status:
    """The state as its page says it.

    Under review it is with the office whose step is open (`task`); a draft, what was returned and what
    waits for its paper are with whoever hands it in.
    """
    row = called(redemption, REDEMPTION[redemption.status])
    if redemption.status == Redemption.State.IN_REVIEW and task is not None:
        kind = cast("Turn", task.step.office_kind)
        words = _("%(who)s正在审核，结果会用短信和站内信告知。") % {"who": TURN_LABELS[kind]}
        return replace(row, turn=kind, next_text=words)
    if keeps_open(redemption):
        words = _("签字盖章的申请表和证明材料还没有收到。收到之前不能拨付，也不能办结。")
        return replace(row, turn=_payee_side(redemption), next_text=words)
    if redemption.status not in (Redemption.State.DRAFT, Redemption.State.RETURNED):
        return row
    if by_agency(redemption.snapshot):
        return replace(row, turn="third_party")
    return replace(row, turn=_payee_side(redemption))


def _payee_side(redemption: Redemption) -> Turn:
    return "carrier" if redemption.payee.kind == Organization.Kind.CARRIER else "enterprise"


def may_open(user: User, office: Office | None, programme: Programme) -> Answer:
    """A third party's person with the right on the programme's region opens its redemptions."""
    mine = [office] if office else list(offices_of(user))
    sits = any(o.kind == Office.Kind.THIRD_PARTY for o in mine)
    if sits and holds(user, "open_redemptions", programme.region):
        return ALLOWED
    return False, _("%(name)s的兑付由受托的第三方服务机构统一办理。") % {"name": programme.name}


def for_opener(user: User, redemption: Redemption) -> Answer:
    """Acts of the side that asks for the money: the payee's people, or the third party's."""
    if by_agency(redemption.snapshot):
        return may_open(user, None, redemption.programme)
    return may_act(user, redemption.payee, roles=FINANCE)


def may_see(user: User, redemption: Redemption) -> bool:
    """The payee's people, the other side of its vouchers, officers of the region, and who opened it.

    A draft of the payee is nobody else's.
    """
    if may_see_organization(user, redemption.payee):
        return True
    if redemption.status == Redemption.State.DRAFT and not by_agency(redemption.snapshot):
        return False
    if by_agency(redemption.snapshot) and may_open(user, None, redemption.programme)[0]:
        return True
    if any(holds(user, right, redemption.region) for right in ("view_cases", "review_redemption")):
        return True
    sides = Q(vouchers__lines__redemption=redemption) | Q(carrier__vouchers__lines__redemption=redemption)
    return Organization.objects.filter(sides, memberships__user=user, memberships__active=True).exists()


def may_redeem(user: User, voucher: Voucher, today: date) -> Answer:
    """The payee's people ask for payment of a confirmed, unfrozen voucher until its last day."""
    answer = for_payee(user, voucher)
    if not answer[0]:
        return answer
    if by_agency(voucher.snapshot):
        return False, _("这张券由第三方服务机构于年底统一办理兑付，不用您提交。")
    if is_frozen(voucher):
        return False, frozen_words(voucher)
    if voucher.status != Voucher.State.CONFIRMED:
        return False, _("这张券现在是“%(state)s”，不能申请兑付。") % {"state": voucher.get_status_display()}
    if today > voucher.redeem_until:
        return False, _("兑付截止日 %(day)s 已过，这张券不能再申请兑付。") % {"day": voucher.redeem_until}
    return ALLOWED


def may_ask(user: User, thing: Thing, today: date) -> Answer:
    """Whether payment is asked for now: of a voucher, or of an order that gets its voucher with it."""
    return may_redeem(user, thing, today) if isinstance(thing, Voucher) else may_secure(user, thing, rules_of(thing))


def for_payee(user: User, thing: Thing) -> Answer:
    """Acts of the side that is paid: its owner, handlers and finance people."""
    payee = payee_of(thing)
    if not may_see_organization(user, payee):
        return False, _("这张券由%(payee)s申请兑付。") % {"payee": payee.name}
    return may_act(user, payee, roles=FINANCE)


def may_mend(user: User, thing: Thing, target: str, opened: Iterable[str] | None) -> Answer:
    """Whether a paper of the voucher, or of an order before it has one, may be changed now.

    Before the redemption everything is open; while it is returned only `opened`, what the letter
    names (an empty text opens all); `None` = it is not returned.
    """
    answer = for_payee(user, thing)
    if not answer[0]:
        return answer
    if not isinstance(thing, Voucher):
        return may_secure(user, thing, rules_of(thing))
    if thing.status == Voucher.State.CONFIRMED:
        return ALLOWED
    if thing.status != Voucher.State.REDEEMING or opened is None:
        return False, _("兑付已提交，材料不能再修改。需要修改时，先撤回兑付。")
    if not {"", target} & set(opened):
        return False, _("这一项不在需补正的内容里，不能修改。")
    return ALLOWED


def may_withdraw(user: User, redemption: Redemption) -> Answer:
    """Who asked takes it back until a step of the chain has agreed."""
    answer = for_opener(user, redemption)
    if not answer[0]:
        return answer
    if redemption.status not in WITHDRAWABLE:
        return False, _("这件兑付现在是“%(state)s”，不能撤回。") % {"state": redemption.get_status_display()}
    if decisions_on([redemption]).filter(decision=ReviewTask.Decision.APPROVE).exists():
        return False, _("审核已有一步同意，不能撤回。需要停办时，请联系科技局。")
    return ALLOWED


def may_resubmit(user: User, redemption: Redemption) -> Answer:
    """Who asked hands in again what was returned."""
    answer = for_opener(user, redemption)
    if answer[0] and redemption.status != Redemption.State.RETURNED:
        return False, _("只有待补正的兑付可以重新提交。")
    return answer


def may_submit_draft(user: User, redemption: Redemption) -> Answer:
    """Who opened a draft hands it in: the third party, or the payee."""
    answer = for_opener(user, redemption)
    if answer[0] and redemption.status != Redemption.State.DRAFT:
        return False, _("这件兑付现在是“%(state)s”，不用再提交。") % {"state": redemption.get_status_display()}
    return answer


def may_write(user: User, redemption: Redemption, key: str, opened: Iterable[str]) -> Answer:
    """Whether a field of the redemption may be changed: in the draft, or where the letter of a return names it."""
    answer = for_opener(user, redemption)
    if not answer[0] or redemption.status == Redemption.State.DRAFT:
        return answer
    if redemption.status != Redemption.State.RETURNED:
        return False, _("兑付已提交，内容不能再修改。需要修改时，先撤回兑付。")
    if {"", key} & set(opened):
        return ALLOWED
    return False, _("这一项不在需补正的内容里，不能修改。")


def may_drop_lines(user: User, redemption: Redemption) -> Answer:
    """Vouchers are taken out while it is not under review."""
    answer = for_opener(user, redemption)
    open_states = (Redemption.State.DRAFT, Redemption.State.RETURNED)
    if answer[0] and not (by_agency(redemption.snapshot) and redemption.status in open_states):
        return False, _("这件兑付现在是“%(state)s”，明细不能再改。") % {"state": redemption.get_status_display()}
    return answer


# --- Batches ------------------------------------------------------------------------------------


def may_prepare(user: User, batch: SettlementBatch) -> Answer:
    """Draw up, export and reconcile a batch."""
    if holds(user, "settle", batch.region):
        return ALLOWED
    return False, _("需要“制作结算批次”的权限，请联系省级主管部门。")


def may_freeze(user: User, batch: SettlementBatch) -> Answer:
    """Only the person who drew it up freezes it: the list on the screen is theirs."""
    answer = may_prepare(user, batch)
    if answer[0] and batch.prepared_by_id != user.pk:
        return False, _("这份草稿由%(who)s制单，由本人锁定。可另建批次。") % {"who": batch.prepared_by}
    return answer


def may_countersign(user: User, batch: SettlementBatch) -> Answer:
    """Countersigning takes the right and a person who had no other part in it."""
    if not holds(user, "countersign", batch.region):
        return False, _("需要“复核结算批次”的权限，请联系省级主管部门。")
    if batch.prepared_by_id == user.pk:
        return False, _("制单人不能复核自己的批次，请由另一人复核。")
    rows = Redemption.objects.filter(payment_lines__payment__batch=batch)
    if involved(user, rows):
        return False, _("您审核过本批次的兑付，或是收款单位的成员，请由另一人复核。")
    return ALLOWED


def may_see_batch(user: User, batch: SettlementBatch) -> bool:
    """Batches and bank files are for those who settle or countersign there, and the third party that opened them."""
    if holds(user, "settle", batch.region) or holds(user, "countersign", batch.region):
        return True
    return may_see_as_agency(user, batch)[0]


def may_see_as_agency(user: User, batch: SettlementBatch) -> Answer:
    """The third party checks the batches of the programmes whose redemptions it opens."""
    if agency_programmes().filter(pk=batch.programme_id).exists():
        return may_open(user, None, batch.programme)
    return False, _("这个方案的兑付不由第三方服务机构办理。")


def agency_programmes() -> QuerySet[Programme]:
    """Programmes whose redemptions a third party opens, the newest year first."""
    versions = ProgrammeVersion.objects.filter(redemption_opened_by=OpenedBy.AGENCY, published_at__isnull=False)
    return Programme.objects.filter(pk__in=versions.values("programme")).order_by("-year", "name", "pk")


def may_check(batch: SettlementBatch) -> Answer:
    """Whether the check of a batch is open: it is at the bank or answered, and nobody has signed."""
    if batch.signed_by_id:
        return False, _("核对结果已提交，不能再改。")
    if batch.status in (SettlementBatch.State.EXPORTED, SettlementBatch.State.RECONCILED):
        return ALLOWED
    return False, _("批次现在是“%(state)s”，导出银行文件之后才能核对。") % {"state": batch.get_status_display()}


def involved(user: User, redemptions: Iterable[Redemption]) -> set[int]:
    """Ids of those which the person opened, scored or decided, or for a party of which they act (two queries)."""
    rows = list(redemptions)
    decided = decisions_on(rows).filter(decided_by=user).values_list("case__subject_id")
    seats = PanelSeat.objects.filter(user=user, panel__task__in=decisions_on(rows).values("pk"))
    scored = seats.exclude(status=PanelSeat.State.REPLACED).values_list("panel__case__subject_id")
    mine = Membership.objects.filter(user=user, active=True).values("organization")
    own = Redemption.objects.filter(pk__in=[row.pk for row in rows]).filter(
        Q(created_by=user)
        | Q(payee__in=mine)
        | Q(lines__voucher__organization__in=mine)
        | Q(lines__voucher__carrier__organization__in=mine)
    )
    # SQLite takes no order within a union.
    return {pk for (pk,) in decided.order_by().union(scored.order_by())} | set(own.values_list("pk", flat=True))


def decisions_on(redemptions: Iterable[Redemption]) -> QuerySet[ReviewTask]:
    """Every task of the redemptions' cases."""
    kind = ContentType.objects.get_for_model(Redemption)
    return ReviewTask.objects.filter(
        case__subject_type=kind, case__subject_id__in=[row.pk for row in redemptions]
    ).select_related("case")
