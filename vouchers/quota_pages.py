"""What the quota pages show, gathered in one place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Organization
from innovation_voucher.casework.statuses import Text
from innovation_voucher.lib.references import group_code

from .claim_rules import goes_by_draft
from .external_rules import is_elsewhere
from .models import Claim, LedgerEntry, Programme, QuotaAccount, Voucher
from .models.parameters import ClaimMode
from .policy import Claimable, plain
from .resolve import open_programmes, taking_part
from .services import Balance, accounts_of, programmes_before, standing
from .services.accounts import added_up
from .services.claimant import Standing

ZERO = Decimal("0.00")
Kind = LedgerEntry.Kind

#: What an entry is called; a hold and its release belong to vouchers.
TITLES: dict[str, Text] = {
    Kind.GRANT: gettext_lazy("申领到账"),
    Kind.HOLD: gettext_lazy("使用创新券"),
    Kind.RELEASE: gettext_lazy("额度退回"),
    Kind.FREEZE: gettext_lazy("列入结算批次"),
    Kind.PAY: gettext_lazy("兑付完成"),
    Kind.UNPAY: gettext_lazy("撤出结算批次"),
    Kind.LAPSE: gettext_lazy("到期失效"),
    Kind.REVOKE: gettext_lazy("收回额度"),
    Kind.RECOVER: gettext_lazy("追回"),
}

#: Figure of the equation -> buckets whose entries make it.
FIGURES: dict[str, frozenset[str]] = {
    "granted": frozenset({"budget"}),
    "held": frozenset({"held", "in_batch"}),
    "spent": frozenset({"spent", "recovered"}),
    "lapsed": frozenset({"lapsed"}),
    "available": frozenset(),
}


#: What can be done where a cap leaves nothing to claim.
_AFTER: dict[str, Text] = {
    "cap_year": gettext_lazy("下一年度开放申领后再申领。"),
    "cap_holding": gettext_lazy("用掉一部分额度后再申领。"),
}


@dataclass(frozen=True)
class Meter:
    """The names that components/meter.html reads, with what can be done about it. Yuan."""

    programme: Programme
    limit: Decimal
    claimed: Decimal
    used: Decimal
    left: Decimal
    until: date | None
    available: Decimal
    refusal: str
    stop: str
    note: str
    ledger_url: str
    claim_url: str
    has_limit: bool
    reviewed: bool
    number: str
    elsewhere_url: str
    stamped: bool


def meters(organization: Organization, day: date) -> list[Meter]:
    """One meter per programme that is open for the organization, or in which it still has quota."""
    accounts = list(accounts_of(organization).order_by("pk"))
    found = (standing(organization, programme, day=day, accounts=accounts) for programme in _mine(organization, day))
    return [meter_of(one.programme, one) for one in found]


def _mine(organization: Organization, day: date) -> list[Programme]:
    open_here = Q(pk__in=open_programmes(day).filter(taking_part(organization.region)).values("pk"))
    with_quota = Q(accounts__organization=organization, accounts__valid_until__gte=day)
    return list(programmes_before(organization).filter(open_here | with_quota).distinct())


def meter_of(programme: Programme, found: Standing) -> Meter:
    """The meter of one programme; only what counts against the cap is summed over kinds that share it."""
    total: Balance = found.balance
    limits = found.claimable()
    accounts = [account for account in found.accounts if account.programme_id == programme.pk]
    own = added_up(accounts, found.day)
    newest = max(accounts, key=lambda a: a.valid_until, default=None)
    url = f"{reverse('ent-claim-new')}?programme={programme.pk}"
    return Meter(
        programme=programme,
        limit=limits.cap if limits.cap is not None else total.claimed,
        claimed=total.claimed,
        used=total.used,
        left=ZERO if found.refusal else limits.claimable or ZERO,
        until=own.valid_until,
        available=own.available,
        refusal=found.refusal,
        stop=stop_words(found),
        note=_wait_words(limits),
        ledger_url=reverse("ent-ledger", args=[newest.number]) if newest else "",
        claim_url="" if found.refusal or stop_words(found) else url,
        has_limit=limits.cap is not None,
        reviewed=goes_by_draft(found.policy),
        number=newest.number if newest else "",
        elsewhere_url=url if is_elsewhere(found.policy) else "",
        stamped=bool(found.policy.stamped_form),
    )


def stop_words(found: Standing) -> str:
    """Why the caps leave nothing to claim now, and what then; empty while they leave something."""
    limit = found.within_caps().deciding
    if limit is None or limit.left > 0:
        return ""
    return _("现在不能再申领（%(why)s）。") % {"why": limit.words} + str(_AFTER.get(limit.name, ""))


def _wait_words(limits: Claimable) -> str:
    """What claiming leads to while the budget is empty."""
    limit = limits.deciding
    if limit is None or limit.name != "pool" or limit.left > 0:
        return ""
    return _("%(why)s。可以提交申领进入等候，有预算时按提交顺序发放。") % {"why": limit.words}


def claim_hint(found: Standing) -> str:
    """The limits in one line under the box."""
    policy = found.policy
    instant = policy.claim_mode == ClaimMode.INSTANT
    # A reviewed claim may wait for its budget: only the caps bind what is asked.
    left = found.claimable() if instant else found.within_caps()
    said = [
        (policy.cap_claim, _("单次最多 %s 元")),
        (policy.cap_holding, _("最多持有 %s 元")),
        (left.claimable, _("现在还可申领 %s 元")),
    ]
    words = [text % plain(amount) for amount, text in said if amount is not None]
    after = _("提交后由科技局审核，核定金额可能低于申领金额")
    if instant:
        after = _("按需申领，提交后即时到账，无需审核")
    return "；".join(["，".join(words), after] if words else [after])


# --- The ledger of one account ----------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One entry as people read it: what happened to what, the change of available, what was left after it."""

    at: datetime
    title: Text
    number: str
    url: str
    note: str
    change: Decimal
    amount: Decimal
    balance: Decimal
    who: str


def ledger(account: QuotaAccount, figure: str = "") -> list[Line]:
    """The entries of an account, newest first, or those that make one figure (four queries)."""
    entries = list(account.entries.all())
    vouchers, claims, people = _subjects(entries)
    left = ZERO
    lines = []
    for entry in entries:
        change = _change(entry)
        left += change
        if FIGURES.get(figure) and not FIGURES[figure] & {entry.source, entry.target}:
            continue
        number = entry.reference.rpartition("/")[0]
        url, note = vouchers.get(number) or claims.get(number) or ("", "")
        who = people.get(entry.by_id) or _("系统")
        shown = group_code(number) if number in vouchers else number
        lines.append(Line(entry.at, TITLES[entry.kind], shown, url, note, change, entry.amount, left, who))
    return lines[::-1]


def _change(entry: LedgerEntry) -> Decimal:
    """What the entry did to available."""
    return (entry.amount if entry.target == "available" else ZERO) - (
        entry.amount if entry.source == "available" else ZERO
    )


def _subjects(
    entries: Iterable[LedgerEntry],
) -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]], dict[Any, str]]:
    """Pages and words of the vouchers and claims behind the entries, and the names of who acted."""
    numbers = {entry.reference.rpartition("/")[0] for entry in entries}
    vouchers = {
        code: (reverse("ent-voucher", args=[code]), title)
        for code, title in Voucher.objects.filter(code__in=numbers).values_list("code", "service_title")
    }
    claims = {
        number: (reverse("ent-claim", args=[number]), region)
        for number, region in Claim.objects.filter(number__in=numbers).values_list("number", "region__name")
    }
    users = get_user_model()._default_manager.filter(pk__in={entry.by_id for entry in entries if entry.by_id})
    return vouchers, claims, {user.pk: str(user) for user in users}


def equation(account: QuotaAccount) -> list[dict[str, Any]]:
    """What available is made of: each figure with its words and the link to its entries."""
    rows: list[tuple[str, str, Decimal, Text]] = [
        ("", "granted", account.granted, _("已申领")),
        ("−", "held", account.held + account.in_batch, _("占用中")),
        ("−", "spent", account.spent + account.recovered, _("已使用")),
        ("−", "lapsed", account.lapsed, _("已失效")),
        ("＝", "available", account.available, _("可用额度")),
    ]
    return [
        {"sign": sign, "key": key, "amount": amount, "label": label}
        for sign, key, amount, label in rows
        if amount or key in ("granted", "held", "available")
    ]


def held_by(account: QuotaAccount) -> list[Voucher]:
    """The vouchers that occupy quota of the account, with `occupied`: how much each."""
    rows = account.vouchers.filter(Q(held__gt=0) | Q(in_batch__gt=0))
    return list(rows.annotate(occupied=F("held") + F("in_batch")))
