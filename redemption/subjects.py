"""What casework must know of redemptions: the chain's verbs, who sees one, its checks."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Membership, User
from accounts.people import people_of
from innovation_voucher.casework import attachments, subjects
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.subjects import Check
from innovation_voucher.lib.money import format_yuan
from innovation_voucher.lib.references import group_code
from orders.models import Order
from vouchers.answers import answered
from vouchers.resolve import policy_of

from . import asked, rules, services
from .consents import CONSENT
from .models import InvoiceAllocation, Redemption, RedemptionLine


def checks(redemption: Redemption) -> list[Check]:
    """系统核对: what the machine compares, voucher by voucher, for the reviewer."""
    lines = list(redemption.lines.select_related("voucher__snapshot", "voucher__order").order_by("id"))
    papers = services.papers_for([line.voucher for line in lines])
    shared = _shared_invoices(papers)
    found: list[Check] = []
    for line in lines:
        rows = _line_checks(redemption, line, papers[line.voucher_id], shared[line.voucher_id])
        found += [_named(row, line) for row in rows] if len(lines) > 1 else rows
    return found


def _named(check: Check, line: RedemptionLine) -> Check:
    """The check with the voucher that it is about."""
    rule = _("%(rule)s（%(code)s）") % {"rule": check.rule, "code": group_code(line.voucher.code)}
    return replace(check, rule=rule)


def _line_checks(
    redemption: Redemption, line: RedemptionLine, papers: services.Papers, shared: list[str]
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
    yield Check(_("发票没有用于其他创新券"), _("没有"), "、".join(shared) or _("没有"), ok=not shared)


def _shared_invoices(papers: Mapping[int, services.Papers]) -> dict[int, list[str]]:
    """Numbers of invoices that stand behind other vouchers too, by voucher id (one query)."""
    behind = {pk: {invoice.pk for invoice in given.invoices} for pk, given in papers.items()}
    rows = InvoiceAllocation.objects.filter(invoice__in=set().union(*behind.values()))
    found = list(rows.values_list("order__voucher_id", "invoice_id", "invoice__number"))
    return {
        pk: sorted({number for voucher, invoice, number in found if voucher != pk and invoice in invoices})
        for pk, invoices in behind.items()
    }


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
    roles = tuple(Membership.Role.values)
    opener = [redemption.created_by] if redemption.created_by else []
    return [*opener, *(person for side in sorted(sides, key=lambda o: o.pk) for person in people_of(side, roles=roles))]


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
