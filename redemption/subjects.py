"""What casework must know of redemptions: the chain's verbs, who sees one, its checks."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Membership, User
from innovation_voucher.casework import attachments, subjects
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.subjects import Check
from innovation_voucher.lib.money import format_yuan
from innovation_voucher.lib.references import group_code
from orders.models import Order
from orders.rules import ENDED_ORDER, ENDED_VOUCHER
from vouchers.answers import answered
from vouchers.resolve import policy_of

from . import asked, rules, services
from .consents import CONSENT
from .models import InvoiceAllocation, Redemption, RedemptionLine


def checks(redemption: Redemption) -> list[Check]:
    """系统核对: what the machine compares, voucher by voucher, for the reviewer."""
    lines = list(redemption.lines.select_related("voucher__snapshot", "voucher__order").order_by("id"))
    papers = services.papers_for([line.voucher for line in lines])
    behind = _behind(papers.values())
    found: list[Check] = []
    for line in lines:
        rows = _line_checks(redemption, line, papers[line.voucher_id], behind)
        found += [_named(row, line) for row in rows] if len(lines) > 1 else rows
    return found


def _named(check: Check, line: RedemptionLine) -> Check:
    """The check with the voucher that it is about."""
    rule = _("%(rule)s（%(code)s）") % {"rule": check.rule, "code": group_code(line.voucher.code)}
    return replace(check, rule=rule)


def _line_checks(
    redemption: Redemption, line: RedemptionLine, papers: services.Papers, behind: list[InvoiceAllocation]
) -> Iterator[Check]:
    voucher = line.voucher
    missing = services.gaps(voucher, papers=papers)
    words = "；".join(gap.words for gap in missing) or _("齐全")
    yield Check(_("材料齐全"), _("齐全"), words, ok=not missing)
    least = line.claimed <= voucher.amount
    yield Check(_("申请金额不超过券额"), format_yuan(voucher.amount), format_yuan(line.claimed), ok=least)
    expected = services.expected_receipts(policy_of(voucher.snapshot), voucher, papers)
    if expected is not None:
        found = papers.receipt_sum
        yield Check(_("银行回单合计"), format_yuan(expected), format_yuan(found), ok=found == expected)
    day = timezone.localdate(redemption.submitted_at or timezone.now())
    until = voucher.redeem_until
    yield Check(_("在兑付截止日前提交"), until.isoformat(), day.isoformat(), ok=day <= until)
    yield _invoice_check(line, papers, [row for row in behind if row.invoice in papers.invoices])


def _behind(papers: Iterable[services.Papers]) -> list[InvoiceAllocation]:
    """Whoever stands on the invoices of these papers, in this redemption or elsewhere (one query)."""
    invoices = {invoice.pk for given in papers for invoice in given.invoices}
    return list(InvoiceAllocation.objects.filter(invoice__in=invoices).select_related("invoice", "order__voucher"))


def _invoice_check(line: RedemptionLine, papers: services.Papers, rows: list[InvoiceAllocation]) -> Check:
    """That nobody else stands on its invoices; where the scheme lets orders share one, that it carries them all."""
    if policy_of(line.voucher.snapshot).orders_per_invoice == 1:
        shared = "、".join(sorted({row.invoice.number for row in rows if row.order.voucher_id != line.voucher_id}))
        return Check(_("发票没有用于其他创新券"), _("没有"), shared or _("没有"), ok=not shared)
    whole = sum((invoice.amount or Decimal(0) for invoice in papers.invoices), Decimal("0.00"))
    counted = [row.amount or Decimal(0) for row in rows if _counts(row.order)]
    taken = sum(counted, Decimal("0.00"))
    return Check(_("订单分摊合计不超过发票金额"), format_yuan(whole), format_yuan(taken), ok=taken <= whole)


def _counts(order: Order) -> bool:
    """What ended without payment stands on its invoice no more."""
    ended = order.status in ENDED_ORDER if order.voucher is None else order.voucher.status in ENDED_VOUCHER
    return not ended


def files_of(redemption: Redemption) -> list[Attachment]:
    """The evidence stands on the orders of the redemption's vouchers, and on what gathers them."""
    from_orders = Order.objects.filter(voucher__lines__redemption=redemption)
    own = attachments.files(redemption) if asked.gathers(policy_of(redemption.snapshot)) else []
    return own + [file for rows in attachments.files_for(list(from_orders)).values() for file in rows]


def parties(redemption: Redemption) -> list[User]:
    """Who opened it, everybody of the payee and of the other side: they decide nothing here."""
    lines = redemption.lines.select_related("voucher__organization", "voucher__carrier__organization")
    sides = {redemption.payee}
    for line in lines:
        sides |= {line.voucher.organization, line.voucher.carrier.organization}
    members = Membership.objects.filter(organization__in=sides, active=True, user__is_active=True)
    opener = [redemption.created_by] if redemption.created_by else []
    return [*opener, *(member.user for member in members.select_related("user").order_by("organization_id", "pk"))]


def targets(redemption: Redemption) -> list[subjects.Target]:
    """What a return may be pinned to: evidence rows, invoices, receipts."""
    policy = policy_of(redemption.snapshot)
    rows: list[subjects.Target] = [(row.key, row.label) for row in asked.file_rows(policy)]
    rows += [(row.key, row.label) for row in policy.fields_of(asked.STAGE)]
    if asked.itemizes(policy):
        rows.append((services.CONTRACTS, _("合同")))
    if policy.invoice_fields:
        rows.append((services.INVOICES, _("发票信息")))
    if policy.payment_check not in (None, "none"):
        rows.append((services.RECEIPTS, _("银行回单")))
    return rows


def lines(redemption: Redemption) -> list[subjects.Line]:
    """The vouchers of a redemption that holds several, or whose contract the payee entered.

    A single one whose contract stands as it was is lowered as a whole.
    """
    rows = list(redemption.lines.select_related("voucher").order_by("id"))
    if len(rows) == 1:
        return [_line_of(rows[0], _("核定金额"))] if rows[0].contract_amount is not None else []
    label = _("%(firm)s %(code)s")
    return [
        _line_of(row, label % {"firm": row.voucher.organization_name, "code": group_code(row.voucher.code)})
        for row in rows
    ]


def _line_of(row: RedemptionLine, label: str) -> subjects.Line:
    entered = row.contract_amount is not None
    return subjects.Line(
        row.pk,
        label,
        row.claimed if row.approved is None else row.approved,
        basis=row.recognized_contract if entered else None,
        worth=partial(services.worth_of_contract, row.voucher) if entered else None,
    )


def answers(redemption: Redemption) -> Iterator[tuple[str, str]]:
    """What is asked for each voucher, and the invoices and receipts behind it."""
    rows = list(redemption.lines.select_related("voucher").order_by("id"))
    papers = services.papers_for([row.voucher for row in rows])
    for row in rows:
        mark = f"（{group_code(row.voucher.code)}）" if len(rows) > 1 else ""
        found = papers[row.voucher_id]
        if row.contract_amount is not None:
            yield _("合同金额") + mark, format_yuan(row.contract_amount)
        if found.contracts:
            listed = (f"{paper.name} {format_yuan(paper.amount)}" for paper in found.contracts)
            yield _("合同有效金额") + mark, "；".join(listed)
        yield _("申请金额") + mark, format_yuan(row.claimed)
        yield _("发票") + mark, "、".join(invoice.number for invoice in found.invoices)
        yield _("银行回单合计") + mark, format_yuan(found.receipt_sum)
    for said in answered(asked.rows(policy_of(redemption.snapshot)), redemption.answers):
        yield said["label"], said["value"]


def expire(redemption: Redemption, *, act: str) -> None:
    """The clock: a term of the redemption is over."""
    if act == CONSENT:
        services.consent_overdue(redemption)
    else:
        services.expire(redemption, act=act)


def remind(redemption: Redemption, *, act: str) -> None:
    """The clock: the last day of a term comes near."""
    if act == CONSENT:
        services.remind_consent(redemption)
    else:
        services.remind(redemption, act=act)


SUBJECT = subjects.Subject(
    model=Redemption,
    key="redeem",
    label=gettext_lazy("兑付审核"),
    approve=services.approve,
    return_=services.return_,
    reject=services.reject,
    called=services.tell_called,
    may_see=rules.may_see,
    facts_template="redemption/_facts.html",
    checks=checks,
    parties=parties,
    targets=targets,
    answers=answers,
    region=lambda redemption: redemption.region,
    url=lambda redemption: reverse("ent-redeem", args=[redemption.number]),
    expire=expire,
    remind=remind,
    files_of=files_of,
    withdraw=services.withdraw_redemption,
    lines=lines,
    keep_lines=services.keep_lines,
    read_with=("payee", "region", "created_by"),
)
