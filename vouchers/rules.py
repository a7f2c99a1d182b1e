"""Who may claim, and what may be done with a voucher in which state."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.memberships import roles_in
from accounts.models import Organization, User
from accounts.rules import may_act
from innovation_voucher.casework import calendar, rights
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rules import ALLOWED, Answer
from innovation_voucher.lib.money import yuan

from .models import Programme, QuotaAccount, Voucher
from .models.parameters import CancelUntil, Channel, ClaimMode
from .policy import Policy, class_problem, revenue_problem

State = Voucher.State

#: Until when the holder may void, as `cancel_until` says: the states in which it still may.
VOIDABLE: dict[str, frozenset[str]] = {
    CancelUntil.USE_APPROVED: frozenset({State.REQUESTED, State.RETURNED}),
    CancelUntil.REVIEW_PASSED: frozenset({State.REQUESTED, State.RETURNED}),
    CancelUntil.CARRIER_ACCEPTS: frozenset({State.REQUESTED, State.RETURNED}),
    CancelUntil.CARRIER_CONFIRMS: frozenset({State.REQUESTED, State.RETURNED, State.ISSUED}),
    CancelUntil.REDEMPTION_SUBMITTED: frozenset({State.REQUESTED, State.RETURNED, State.ISSUED, State.CONFIRMED}),
}

#: The right to terminate and to freeze.
CONTROL = "terminate_voucher"

LIVE = frozenset({State.REQUESTED, State.RETURNED, State.ISSUED, State.CONFIRMED, State.REDEEMING})
#: States in which a freeze means something.
FREEZABLE: dict[type[Voucher | QuotaAccount], frozenset[str]] = {
    Voucher: LIVE,
    QuotaAccount: frozenset({QuotaAccount.State.ACTIVE}),
}


def is_known(organization: Organization) -> Answer:
    """Whether the bureau has checked who the organization is."""
    if organization.verified_at:
        return ALLOWED
    return False, _("先完成实名认证，通过后即可申领额度")


def is_open(programme: Programme, day: date) -> Answer:
    """Whether the programme accepts claims on the day."""
    if programme.status != Programme.State.OPEN:
        return False, _("%(name)s现在不受理申领") % {"name": programme.name}
    if programme.opens_on <= day <= programme.closes_on:
        return ALLOWED
    return False, _("%(name)s的申领时间为 %(start)s 至 %(end)s") % {
        "name": programme.name,
        "start": programme.opens_on,
        "end": programme.closes_on,
    }


def takes_part(organization: Organization, programme: Programme, participates: bool) -> Answer:
    """Whether the organization's region is among those of the programme; `participates` was asked before."""
    if participates:
        return ALLOWED
    return False, _("您单位所在的%(region)s没有参加%(name)s") % {
        "region": organization.region.name,
        "name": programme.name,
    }


def has_mode(policy: Policy) -> Answer:
    """Whether quota is claimed on this portal, before there is an order."""
    if policy.claim_channel not in (None, Channel.PORTAL) or policy.claim_mode == ClaimMode.EXTERNAL:
        return False, _("这项创新券在其他平台申领，申领后额度会同步到这里")
    if policy.claim_mode == ClaimMode.PER_ORDER:
        return False, _("这项创新券按订单申请，不用先申领额度")
    return ALLOWED


def has_class(policy: Policy, classes: tuple[str, ...], class_key: str = "") -> Answer:
    """Whether the organization has one of the classes that the policy asks for; the named one where one is."""
    asked = replace(policy, eligible_classes=(class_key,)) if class_key else policy
    problem = class_problem(asked, classes)
    return (False, problem) if problem else ALLOWED


def has_revenue(policy: Policy, answers: Mapping[str, Any]) -> Answer:
    """Whether the revenue in the answers to the claim's form is within the policy's limit."""
    revenue = answers.get("revenue")
    problem = revenue_problem(policy, None if revenue is None else yuan(str(revenue)))
    return (False, problem) if problem else ALLOWED


def is_usable(account: QuotaAccount, day: date) -> Answer:
    """Whether quota may be taken from the account on the day."""
    if account.status != QuotaAccount.State.ACTIVE or account.valid_until < day:
        return False, _("额度已于 %(day)s 到期") % {"day": account.valid_until}
    if is_frozen(account, day):
        return False, _("额度已冻结：%(why)s。请联系科技主管部门") % {"why": account.frozen_reason}
    return ALLOWED


def is_unfrozen(accounts: Iterable[QuotaAccount], programme: Programme, day: date) -> Answer:
    """Whether no freeze on the day forbids to ask for more quota of the programme."""
    live = (a for a in accounts if a.programme_id == programme.pk and a.valid_until >= day)
    return first_no(*(is_usable(account, day) for account in live if is_frozen(account, day)))


def first_no(*answers: Answer) -> Answer:
    """The first refusal, or allowed."""
    return next((answer for answer in answers if not answer[0]), ALLOWED)


# --- Vouchers --------------------------------------------------------------------------------


def may_see(user: Any, voucher: Voucher) -> bool:
    """The holder, the bound carrier, and offices with a right where the voucher was accepted."""
    if not getattr(user, "is_authenticated", False):
        return False
    if roles_in(user, voucher.organization) or roles_in(user, voucher.carrier.organization):
        return True
    path = voucher.region.path
    return any(path.startswith(node) for nodes in rights.reach(user).values() for node in nodes)


def may_void(user: User | None, voucher: Voucher, policy: Policy) -> Answer:
    """Whether the holder may take the voucher back now."""
    if user is not None:
        answer = may_act(user, voucher.organization)
        if not answer[0]:
            return answer
    if voidable(voucher, policy):
        return ALLOWED
    if is_frozen(voucher):
        return False, frozen_words(voucher)
    if voucher.status == State.CONFIRMED:
        return False, _("机构已确认，不能自行作废；信息有误时请联系科技局终止")
    if voucher.status == State.ISSUED:
        return False, _("使用审核已通过，不能自行作废；信息有误时请服务机构退回这张券")
    if voucher.agreed_at and voucher.status in LIVE:
        return False, _("服务机构已接单，不能自行作废；信息有误时请联系科技局")
    return _no_longer(voucher, _("作废"))


def voidable(voucher: Voucher, policy: Policy) -> bool:
    """Whether state and policy allow voiding, whoever asks."""
    if is_frozen(voucher) or (policy.cancel_until == CancelUntil.CARRIER_ACCEPTS and voucher.agreed_at):
        return False
    return voucher.status in VOIDABLE.get(policy.cancel_until or "", frozenset())


def may_control(user: Any, region: Region) -> Answer:
    """Whether the person's office terminates and freezes in the region; the reason names who does."""
    if rights.holds(user, CONTROL, region):
        return ALLOWED
    who = "、".join(o.name for o in rights.offices_with(CONTROL, region)[:3])
    return False, _("终止和冻结由%(who)s办理") % {"who": who or region.name}


def may_terminate(user: User, voucher: Voucher) -> Answer:
    """Whether the bureau's person may end a confirmed voucher."""
    controlled = may_control(user, voucher.region)
    if not controlled[0]:
        return controlled
    unbound = is_in_no_batch(voucher)
    if not unbound[0]:
        return unbound
    if voucher.status in (State.CONFIRMED, State.REDEEMING):
        return ALLOWED
    if voucher.status == State.ISSUED:
        return False, _("机构还没有确认，由企业作废或由服务机构退回")
    return _no_longer(voucher, _("终止"))


def is_in_no_batch(voucher: Voucher) -> Answer:
    """Whether no settlement batch holds a part of it: what is being paid cannot end."""
    if not voucher.in_batch:
        return ALLOWED
    return False, _("这张券已列入结算批次，撤出批次后才能办理")


def may_mend(user: User | None, voucher: Voucher) -> Answer:
    """Whether the holder may hand in again what the reviewer returned."""
    if user is not None:
        answer = may_act(user, voucher.organization)
        if not answer[0]:
            return answer
    if voucher.status != State.RETURNED:
        return _no_longer(voucher, _("补正"))
    return (False, frozen_words(voucher)) if is_frozen(voucher) else ALLOWED


def within_reach(voucher: Voucher, day: date) -> Decimal:
    """The most (yuan) that a voucher may hold now: what it holds, and what its account has left on the day."""
    account = voucher.account
    if account is None or not is_usable(account, day)[0]:
        return voucher.held
    return voucher.held + account.available


def may_confirm(voucher: Voucher) -> Answer:
    """Whether the voucher waits for the carrier."""
    if is_frozen(voucher):
        return False, frozen_words(voucher)
    if voucher.status == State.ISSUED:
        return ALLOWED
    return _no_longer(voucher, _("确认"))


def may_return_by_carrier(voucher: Voucher) -> Answer:
    """Whether the carrier can still send it back."""
    if is_frozen(voucher):
        return False, frozen_words(voucher)
    if voucher.status == State.ISSUED:
        return ALLOWED
    return _no_longer(voucher, _("退回"))


def may_start_redeeming(voucher: Voucher) -> Answer:
    """Whether a redemption may take the voucher."""
    if is_frozen(voucher):
        return False, frozen_words(voucher)
    if voucher.status == State.CONFIRMED:
        return ALLOWED
    return _no_longer(voucher, _("申请兑付"))


def may_reprint(user: User, voucher: Voucher) -> Answer:
    """Whether the holder may have a new print, which makes the old ones void."""
    answer = may_act(user, voucher.organization)
    if not answer[0]:
        return answer
    return ALLOWED if voucher.status in LIVE else _no_longer(voucher, _("重新打印"))


def in_state(voucher: Voucher, *states: str, act: str) -> Answer:
    """Whether the voucher is in one of the states in which the act is possible."""
    return ALLOWED if voucher.status in states else _no_longer(voucher, act)


def is_frozen(thing: Voucher | QuotaAccount, day: date | None = None) -> bool:
    """Whether a freeze holds on the day (today); over the day after its last, and with what it froze."""
    if not thing.frozen_reason or thing.status not in FREEZABLE[type(thing)]:
        return False
    return thing.frozen_until is None or (day or calendar.today()) <= thing.frozen_until


def last_day(voucher: Voucher, *, under_review: bool = False, correct_by: date | None = None) -> date | None:
    """The last day on which the voucher may stay in its state (rule 6); None while a reviewer or a redemption has it.

    What a reviewer decided after the last valid day has its ordinary term, at most until
    `redeem_until`: a voucher that was issued then, `confirm_until`; one that was returned then, `correct_by`.
    """
    if voucher.status == State.CONFIRMED:
        return voucher.redeem_until
    if voucher.status == State.ISSUED:
        return voucher.confirm_until or voucher.valid_until
    if voucher.status == State.RETURNED:
        return min(correct_by, voucher.redeem_until) if correct_by else voucher.valid_until
    return voucher.valid_until if voucher.status == State.REQUESTED and not under_review else None


def frozen_words(voucher: Voucher) -> str:
    """Why nothing can be done with a frozen voucher, and until when."""
    until = _("，至 %(day)s") % {"day": voucher.frozen_until} if voucher.frozen_until else ""
    return _("这张券已冻结：%(why)s%(until)s。请联系科技主管部门") % {"why": voucher.frozen_reason, "until": until}


def _no_longer(voucher: Voucher, act: str) -> Answer:
    return False, _("这张券%(state)s，不能%(act)s") % {"state": voucher.get_status_display(), "act": act}
