"""结算批次、拨付: paying approved redemptions."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import Organization
from innovation_voucher.casework.fsm import Stateful
from innovation_voucher.casework.models import Region
from innovation_voucher.lib.checks import whole_pair
from innovation_voucher.lib.crypto import EncryptedTextField
from innovation_voucher.lib.money import YuanField
from vouchers.models import Programme

from .redemptions import Redemption, RedemptionLine

USER = settings.AUTH_USER_MODEL


class SettlementBatch(Stateful):
    """One run to the bank: preview, frozen by one person, countersigned by another, paid, reconciled."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        FROZEN = "frozen", _("待复核")
        COUNTERSIGNED = "countersigned", _("已锁定")
        EXPORTED = "exported", _("已导出")
        RECONCILED = "reconciled", _("已核对")
        CANCELLED = "cancelled", _("已撤销")

    number = models.CharField(_("批次号"), max_length=40, unique=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="batches", verbose_name=_("方案"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("地区"))
    period_from = models.DateField(_("期间开始"))
    period_to = models.DateField(_("期间结束"))
    status = FSMField(default=State.DRAFT, choices=State.choices, protected=True)
    total = YuanField(_("合计"), default=0)
    count = models.PositiveIntegerField(_("笔数"), default=0)
    prepared_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("制单"))
    prepared_at = models.DateTimeField(auto_now_add=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    countersigned_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("复核")
    )
    countersigned_at = models.DateTimeField(null=True, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)
    exported_at = models.DateTimeField(null=True, blank=True)
    reconciled_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("核对人")
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_words = models.CharField(_("核对结果"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("结算批次")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(countersigned_by__isnull=True) | ~Q(countersigned_by=F("prepared_by")),
                name="batch_two_people",
            ),
            whole_pair("countersigned", "batch"),
            whole_pair("signed", "batch"),
        )

    def __str__(self) -> str:
        return self.number

    @transition(status, source=State.DRAFT, target=State.FROZEN)
    def freeze(self) -> None:
        """Its lines and payees can no longer change."""

    @transition(status, source=State.FROZEN, target=State.COUNTERSIGNED)
    def countersign(self) -> None:
        """A second person agrees."""

    @transition(status, source=State.COUNTERSIGNED, target=State.EXPORTED)
    def export(self) -> None:
        """The bank file was made."""

    @transition(status, source=State.EXPORTED, target=State.RECONCILED)
    def reconcile(self) -> None:
        """Every payment is paid or failed."""

    @transition(status, source=(State.DRAFT, State.FROZEN), target=State.CANCELLED)
    def cancel(self) -> None:
        """Given up; its money goes back to held."""


class Payment(Stateful):
    """One transfer to one payee account in one batch; paid whole or failed."""

    class State(models.TextChoices):
        PENDING = "pending", _("待拨付")
        SENT = "sent", _("已发送")
        PAID = "paid", _("已拨付")
        FAILED = "failed", _("拨付退回")

    class Cause(models.TextChoices):
        HOLDER = "holder", _("账户名称不符")
        CLOSED = "closed", _("账号已注销")
        NUMBER = "number", _("账号填写有误")
        LIMIT = "limit", _("账户状态或限额")
        OTHER = "other", _("其他")

    batch = models.ForeignKey(SettlementBatch, models.PROTECT, related_name="payments")
    reference = models.CharField(_("流水号"), max_length=40, unique=True)
    payee = models.ForeignKey(Organization, models.PROTECT, related_name="payments", verbose_name=_("收款方"))
    holder = models.CharField(_("户名"), max_length=100)
    bank = models.CharField(_("开户银行"), max_length=100)
    account = EncryptedTextField(_("账号"))
    last_four = models.CharField(max_length=4)
    amount = YuanField(_("金额"))
    status = FSMField(default=State.PENDING, choices=State.choices, protected=True)
    bank_reference = models.CharField(_("银行流水号"), max_length=60, blank=True)
    failure = models.CharField(_("退回原因"), max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(_("差异原因"), max_length=10, choices=Cause, blank=True)
    explanation = models.CharField(_("差异说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("拨付")
        ordering = ("batch", "reference")
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),)

    @transition(status, source=State.PENDING, target=State.SENT)
    def send(self) -> None:
        """Stands in the bank file."""

    @transition(status, source=State.SENT, target=State.PAID)
    def pay(self) -> None:
        """The bank says paid."""

    @transition(status, source=State.SENT, target=State.FAILED)
    def fail(self) -> None:
        """The bank sent it back."""


class PaymentLine(models.Model):
    """One redemption line inside one payment."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="lines")
    redemption = models.ForeignKey(Redemption, models.PROTECT, related_name="payment_lines")
    line = models.ForeignKey(RedemptionLine, models.PROTECT, related_name="payment_lines")
    amount = YuanField()
    live = models.BooleanField(default=True, help_text="false once failed or cancelled")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("line",), condition=Q(live=True), name="line_in_one_live_batch"),
        )
