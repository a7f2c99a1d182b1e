"""What a voucher still lacks before its redemption can be submitted, and what it is worth."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from innovation_voucher.casework import attachments
from innovation_voucher.lib.money import format_yuan, yuan
from orders.models import Order
from orders.roads import has_reached
from vouchers.models import Voucher
from vouchers.models.parameters import RedeemFrom
from vouchers.policy import Gap, Policy, evidence_gaps, subsidy
from vouchers.resolve import policy_of

from .. import asked
from ..models import Redemption
from ..things import Thing, by_carrier, order_of, rules_of
from .given import Papers, papers_of
from .windows import repeat_gaps, window_gaps
from .written import order_amount

INVOICES = "invoices"
RECEIPTS = "receipts"
CONTRACTS = "contracts"

#: Amount bases that look at the invoices as well.
WITH_INVOICES = ("contract_or_invoices", "orders_or_invoices", "effective_or_invoices")


def gaps(thing: Thing, *, papers: Papers | None = None) -> list[Gap]:
    """Everything that is missing, each as a sentence that says what to do; empty = 符合.

    What a gathered redemption says as a whole is not asked of each of its orders.
    """
    policy = rules_of(thing)
    papers = papers or papers_of(thing)
    return [
        *_order_gaps(policy, order_of(thing)),
        *window_gaps(thing),
        *_file_gaps(policy, papers.counts),
        *asked.contract_gaps(policy, papers.entered),
        *([] if asked.gathers(policy) else asked.answer_gaps(policy, papers.answers)),
        *_contract_gaps(policy, papers),
        *_invoice_gaps(policy, papers),
        *_payment_gaps(policy, thing, papers),
        *_least_gaps(policy, thing, papers),
    ]


def draft_gaps(redemption: Redemption) -> list[Gap]:
    """What a gathered redemption lacks as a whole: answers, files, and a window of its own.

    A single one is asked as its order.
    """
    policy = policy_of(redemption.snapshot)
    if not asked.gathers(policy):
        return []
    counts = Counter(file.key for file in attachments.files(redemption))
    return [
        *repeat_gaps(redemption),
        *_evidence_gaps(policy, counts),
        *asked.answer_gaps(policy, redemption.answers),
    ]


def _file_gaps(policy: Policy, counts: Mapping[str, int]) -> list[Gap]:
    """Files of the order; those of a gathered redemption hang on it, and pictures on their invoices."""
    if asked.gathers(policy):
        return []
    return _evidence_gaps(policy, counts)


def _evidence_gaps(policy: Policy, counts: Mapping[str, int]) -> list[Gap]:
    """Files by the rows of the scheme; pictures are asked with their invoices and receipts."""
    typed = asked.picture_rows(policy)
    return [gap for gap in evidence_gaps(policy, asked.STAGE, counts) if gap.key not in typed]


def _contract_gaps(policy: Policy, papers: Papers) -> list[Gap]:
    """Contracts that are to be listed one by one."""
    if not asked.itemizes(policy) or papers.contracts:
        return []
    return [Gap(key=CONTRACTS, label=_("合同"), missing=1, words=_("请添加合同，写明申请兑付的有效金额"))]


def _least_gaps(policy: Policy, thing: Thing, papers: Papers) -> list[Gap]:
    """What counts must come to the scheme's least amount, once it is known."""
    base, least = base_of(thing, papers), policy.min_contract
    if not least or base is None or not papers.invoices or base >= least:
        return []
    words = _("合同有效金额与发票合计取低后为 %(base)s 元，不到 %(least)s 元，不能兑付")
    values = {"base": format_yuan(base), "least": format_yuan(least)}
    return [Gap(key=INVOICES, label=_("金额"), missing=0, words=words % values)]


def _order_gaps(policy: Policy, order: Order) -> list[Gap]:
    if has_reached(order, policy.redeem_from or RedeemFrom.ACCEPTED):
        return []
    return [Gap(key="order", label=_("订单"), missing=1, words=_("请等订单进展到可兑付的环节"))]


def _invoice_gaps(policy: Policy, papers: Papers) -> list[Gap]:
    if not policy.invoice_fields:
        return []
    if not papers.invoices:
        return [Gap(key=INVOICES, label=_("发票"), missing=1, words=_("请填写发票号"))]
    wanted = asked_invoice_fields(policy)
    found = []
    row = asked.picture_rows(policy).get(asked.INVOICE_PICTURE)
    if row and row.minimum and any(invoice.image_id is None for invoice in papers.invoices):
        found.append(_("请上传发票图片"))
    if "amount" in wanted and any(invoice.amount is None for invoice in papers.invoices):
        found.append(_("请填写发票金额"))
    if "date" in wanted and any(invoice.issued_on is None for invoice in papers.invoices):
        found.append(_("请填写开票日期"))
    return [Gap(key=INVOICES, label=_("发票"), missing=1, words=words) for words in found]


def asked_invoice_fields(policy: Policy) -> set[str]:
    """What is asked of an invoice: the policy's fields, and its amount where a sum is checked."""
    sums = policy.payment_check in ("full", "net", "net_for_carrier") or policy.amount_base in WITH_INVOICES
    return set(policy.invoice_fields or ()) | ({"amount"} if sums or policy.orders_per_invoice != 1 else set())


def payment_check(policy: Policy, thing: Thing) -> str:
    """How receipts and invoices are compared for this voucher or order: none, one_receipt, full or net."""
    if policy.payment_check == "net_for_carrier":
        return "net" if by_carrier(thing) else "full"
    return policy.payment_check or "none"


def expected_receipts(policy: Policy, thing: Thing, papers: Papers) -> Decimal | None:
    """What the receipts must add up to, yuan; None where no sum is compared."""
    check = payment_check(policy, thing)
    if check not in ("full", "net"):
        return None
    borne = thing.amount if check == "net" and isinstance(thing, Voucher) else Decimal(0)
    return papers.invoice_sum - borne


def _payment_gaps(policy: Policy, thing: Thing, papers: Papers) -> list[Gap]:
    check = payment_check(policy, thing)
    expected = expected_receipts(policy, thing, papers)
    if expected is not None and expected < 0 and papers.invoices:
        return [Gap(key=INVOICES, label=_("发票"), missing=0, words=_("发票合计不到券额，核对发票金额或补充发票"))]
    row = asked.picture_rows(policy).get(asked.RECEIPT_PICTURE)
    if row and row.minimum and any(receipt.image_id is None for receipt in papers.receipts):
        return [Gap(key=RECEIPTS, label=_("银行回单"), missing=1, words=_("请上传银行回单图片"))]
    # A voucher that covers the whole contract leaves nothing to pay to the carrier.
    if check == "none" or (expected is not None and papers.receipt_sum == expected and papers.invoices):
        return []
    if not papers.receipts:
        return [Gap(key=RECEIPTS, label=_("银行回单"), missing=1, words=_("请补充银行回单"))]
    if expected is None or not papers.invoices:
        return []
    difference = papers.receipt_sum - expected
    return [Gap(key=RECEIPTS, label=_("银行回单"), missing=0, words=_difference_words(difference, check))]


def _difference_words(difference: Decimal, check: str) -> str:
    target = _("发票合计减券额") if check == "net" else _("发票合计")
    more = _("多") if difference > 0 else _("少")
    return _("银行回单合计比%(target)s%(more)s %(amount)s 元，两者须相等") % {
        "target": target,
        "more": more,
        "amount": format_yuan(abs(difference)),
    }


def base_of(thing: Thing, papers: Papers) -> Decimal | None:
    """What the subsidy is computed from: contract or order, and the invoices where the scheme looks at them, yuan."""
    contract = order_amount(order_of(thing), papers.entered)
    if contract is None or rules_of(thing).amount_base not in WITH_INVOICES:
        return contract
    return min(contract, papers.invoice_sum)


def computed_amount(voucher: Voucher, papers: Papers) -> Decimal:
    """What can be claimed: the subsidy of today's base, never above the voucher's amount, yuan."""
    policy, base = rules_of(voucher), base_of(voucher, papers)
    if policy.amount_base == "reviewer" or base is None:
        return voucher.amount
    return min(yuan(subsidy(policy, base).amount), voucher.amount)


def worth_of_contract(voucher: Voucher, contract: Decimal) -> Decimal:
    """What can be claimed where so much of the contract counts, yuan."""
    return computed_amount(voucher, replace(papers_of(voucher), entered=contract))


def worth_now(thing: Thing, papers: Papers) -> Decimal:
    """What can be claimed as far as is known now; an order without a voucher is not measured by its quota, yuan."""
    if isinstance(thing, Voucher):
        return computed_amount(thing, papers)
    base = base_of(thing, papers)
    return Decimal("0.00") if base is None else yuan(subsidy(rules_of(thing), base).amount)
