"""兑付: the request to be paid for one or more vouchers, with its invoices and bank receipts."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import BankAccount, Organization
from innovation_voucher.casework.fsm import Stateful
from innovation_voucher.casework.models import Attachment, Region, Walker
from innovation_voucher.lib.money import YuanField
from orders.models import Order
from vouchers.models import PolicySnapshot, Programme, Voucher


class Redemption(Walker, Stateful):
    """A request to be paid; one line per voucher."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        AWAITING_CONSENT = "awaiting_consent", _("待企业确认")
        IN_REVIEW = "in_review", _("审核中")
        RETURNED = "returned", _("待补正")
        APPROVED = "approved", _("核定通过")
        IN_PUBLICITY = "in_publicity", _("公示中")
        CONTESTED = "contested", _("异议处理中")
        PAYABLE = "payable", _("待拨付")
        PAID = "paid", _("已拨付")
        REJECTED = "rejected", _("不予兑付")
        WITHDRAWN = "withdrawn", _("已撤回")
        EXPIRED = "expired", _("已过期")
        RECOVERED = "recovered", _("已追回")

    NAMED_BY_STEP = frozenset({State.IN_REVIEW, State.APPROVED})

    number = models.CharField(_("兑付编号"), max_length=40, unique=True)
    payee = models.ForeignKey(Organization, models.PROTECT, related_name="redemptions")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="redemptions")
    snapshot = models.ForeignKey(PolicySnapshot, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("受理地区"))
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, null=True, blank=True, related_name="+")
    status = FSMField(default=State.DRAFT, choices=State.choices, protected=True)
    answers = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    paper_received_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True, help_text="why the bank sent the last payment back")
    movements = models.PositiveIntegerField(default=0)
    frozen_reason = models.CharField(max_length=200, blank=True)

    window_opened = models.DateField(
        _("兑付窗口期"),
        null=True,
        blank=True,
        help_text="first day of the window whose only request of its payee it is; empty where that is not counted",
    )

    #: What was taken back or never mended was not decided: its window is free again.
    UNDECIDED = (State.WITHDRAWN, State.EXPIRED)
    #: The `Status` of a page that says whose turn it is, set from `rules.shown`.
    shown_status: Any = None

    class Meta:
        verbose_name = verbose_name_plural = _("兑付申请")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("payee", "programme", "window_opened"),
                condition=~Q(status__in=("withdrawn", "expired")),
                name="one_request_in_a_window",
            ),
        )

    def __str__(self) -> str:
        return self.number

    def get_status_display(self) -> str:  # type: ignore[no-redef]  # the stubs give one to every field
        """The state in words, by the name of the step passed last where the scheme gives one."""
        return self.step_words or str(self.State(self.status).label)

    @transition(status, source=State.DRAFT, target=State.AWAITING_CONSENT)
    def ask_consent(self) -> None:
        """The carrier asks; the enterprise must agree."""

    @transition(status, source=State.AWAITING_CONSENT, target=State.DRAFT)
    def refuse_consent(self) -> None:
        """The enterprise does not agree, with a reason."""

    @transition(status, source=(State.DRAFT, State.AWAITING_CONSENT, State.RETURNED), target=State.IN_REVIEW)
    def submit(self) -> None:
        """Handed to the chain."""

    @transition(status, source=State.IN_REVIEW, target=State.RETURNED)
    def return_(self) -> None:
        """Back with what to mend."""

    @transition(
        status,
        source=(State.DRAFT, State.AWAITING_CONSENT, State.IN_REVIEW, State.RETURNED),
        target=State.WITHDRAWN,
    )
    def withdraw(self) -> None:
        """Taken back before the first decision."""

    @transition(status, source=State.RETURNED, target=State.EXPIRED)
    def expire(self) -> None:
        """Not mended in time."""

    @transition(status, source=State.IN_REVIEW, target=State.APPROVED)
    def approve(self) -> None:
        """The chain agreed."""

    @transition(status, source=(State.IN_REVIEW, State.CONTESTED), target=State.REJECTED)
    def reject(self) -> None:
        """Refused, or an objection was upheld."""

    @transition(status, source=State.APPROVED, target=State.IN_PUBLICITY)
    def publish(self) -> None:
        """Shown to the public."""

    @transition(status, source=State.IN_PUBLICITY, target=State.CONTESTED)
    def contest(self) -> None:
        """An objection stops it."""

    @transition(status, source=State.CONTESTED, target=State.IN_PUBLICITY)
    def resume_publicity(self) -> None:
        """The objection was dismissed."""

    @transition(status, source=State.CONTESTED, target=State.IN_REVIEW)
    def review_again(self) -> None:
        """The objection wants another look."""

    @transition(status, source=(State.APPROVED, State.IN_PUBLICITY), target=State.PAYABLE)
    def make_payable(self) -> None:
        """May be put into a batch."""

    @transition(status, source=State.PAYABLE, target=State.PAID)
    def pay(self) -> None:
        """The bank has paid."""

    @transition(status, source=State.PAID, target=State.RECOVERED)
    def recover(self) -> None:
        """Taken back after payment."""


class RedemptionLine(models.Model):
    """One voucher in one redemption: computed, claimed, approved, and the reviewer's reason.

    `contract_amount` is what the payee says the contract came to, `approved_contract` what the
    reviewer recognizes of it; empty = as the voucher says, or as was claimed.
    """

    redemption = models.ForeignKey(Redemption, models.PROTECT, related_name="lines")
    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="lines")
    live = models.BooleanField(default=True, help_text="false once the redemption has ended without payment")
    computed = YuanField(_("可兑付"))
    claimed = YuanField(_("申请金额"))
    approved = YuanField(_("核定金额"), null=True, blank=True)
    contract_amount = YuanField(_("合同金额"), null=True, blank=True)
    approved_contract = YuanField(_("认定合同金额"), null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("兑付明细")
        constraints = (
            models.UniqueConstraint(fields=("voucher",), condition=Q(live=True), name="voucher_in_one_redemption"),
            models.CheckConstraint(condition=Q(claimed__lte=F("computed")), name="line_claimed_at_most_computed"),
            models.CheckConstraint(
                condition=Q(approved__isnull=True) | Q(approved__lte=F("claimed")),
                name="line_approved_at_most_claimed",
            ),
            models.CheckConstraint(
                condition=Q(approved_contract__isnull=True) | Q(approved_contract__lte=F("contract_amount")),
                name="line_recognized_at_most_entered",
            ),
        )

    @property
    def final_contract(self) -> Decimal:
        """What the contract came to as the payee entered it, else as the voucher says, yuan."""
        return self.voucher.contract_amount if self.contract_amount is None else self.contract_amount

    @property
    def recognized_contract(self) -> Decimal:
        """What the reviewer recognizes of the contract, yuan."""
        return self.final_contract if self.approved_contract is None else self.approved_contract


class Pick(models.Model):
    """An order in a draft, with what its contract came to where that is entered (yuan).

    It becomes a line when the draft is handed in: only then there is always a voucher.
    """

    redemption = models.ForeignKey(Redemption, models.PROTECT, related_name="picks")
    order = models.OneToOneField(Order, models.PROTECT, related_name="pick")
    contract_amount = YuanField(_("合同金额"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("草稿中的订单")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(contract_amount__isnull=True) | Q(contract_amount__gt=0), name="pick_positive"
            ),
        )


class Invoice(models.Model):
    """An invoice, unique by (code, number) over all schemes, regions and years."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="invoices")
    code = models.CharField(_("发票代码"), max_length=12, blank=True)
    number = models.CharField(_("发票号码"), max_length=20)
    name = models.CharField(_("发票名称"), max_length=100, blank=True)
    image = models.ForeignKey(Attachment, models.SET_NULL, null=True, blank=True, related_name="+")
    issued_on = models.DateField(_("开票日期"), null=True, blank=True)
    amount = YuanField(_("发票金额"), null=True, blank=True)
    buyer = models.CharField(_("购买方"), max_length=100, blank=True)
    seller = models.CharField(_("销售方"), max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("发票")
        constraints = (models.UniqueConstraint(fields=("code", "number"), name="invoice_once"),)

    def __str__(self) -> str:
        return self.number


class InvoiceAllocation(models.Model):
    """That an invoice stands behind an order, and with how much of its amount."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="allocations")
    order = models.ForeignKey(Order, models.PROTECT, related_name="invoice_allocations")
    amount = YuanField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("invoice", "order"), name="allocation_once"),)


class BankReceipt(models.Model):
    """What the enterprise paid to the carrier, as its bank says."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="receipts")
    amount = YuanField(_("回单金额"))
    paid_on = models.DateField(_("付款日期"), null=True, blank=True)
    image = models.ForeignKey(Attachment, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("银行回单")
