"""Quota by year: what became of each claim, what it brought, what is left of it, and what can be done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organization

from . import claim_rules
from .claim_specs import rules_of
from .models import Claim, QuotaAccount

ZERO = Decimal("0.00")
State = Claim.State


@dataclass(frozen=True)
class YearRow:
    """One claim as its holder looks back on it; `left` is what can still be used. Yuan."""

    claim: Claim
    total: Decimal
    left: Decimal
    until: date | None
    over: bool
    actions: list[tuple[Any, str]]


def claims_of(organization: Organization) -> QuerySet[Claim]:
    """Every claim that was handed in or waits for its stamp, the newest year first."""
    rows = Claim.objects.filter(organization=organization).exclude(status=State.DRAFT)
    return rows.select_related("programme", "account", "snapshot").order_by("-programme__year", "-pk")


def row_of(claim: Claim, day: date) -> YearRow:
    """How the claim stands on the day (no query)."""
    account = claim.account
    granted = claim.granted if claim.status == State.APPROVED and claim.granted else ZERO
    over = account is not None and not _usable(account, day)
    left = min(granted, account.available) if account and not over else ZERO
    until = account.valid_until if account else None
    return YearRow(claim, granted, left, until, over, list(_actions(claim, left)))


def _usable(account: QuotaAccount, day: date) -> bool:
    return account.status == QuotaAccount.State.ACTIVE and account.valid_until >= day


def _actions(claim: Claim, left: Decimal) -> Iterator[tuple[Any, str]]:
    detail = reverse("ent-claim", args=[claim.number])
    yield _("查看详情"), detail
    if rules_of(claim).stamped_form and claim_rules.has_form(claim)[0]:
        yield _("下载申领表"), reverse("claim-form-pdf", args=[claim.number])
    if claim_rules.may_stamp(claim)[0]:
        yield _("上传申领表"), reverse("claim-stamp", args=[claim.number])
    yield _("审核记录"), f"{detail}#h-t"
    if left:
        yield _("去使用"), reverse("services")
