"""创新券: quota bound to one order and contract, with a number and a QR code."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import Organization
from carriers.models import Carrier
from innovation_voucher.casework.fsm import Stateful
from innovation_voucher.casework.models import Region, Walker
from innovation_voucher.lib.money import YuanField

from .accounts import QuotaAccount
from .policies import PolicySnapshot
from .programmes import Programme


class Voucher(Walker, Stateful):
    """A voucher with its own frozen facts. After it is issued nothing but its state moves."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("待核额")
        RETURNED = "returned", _("待补正")
        ISSUED = "issued", _("待机构确认")
        CONFIRMED = "confirmed", _("已确认")
        REDEEMING = "redeeming", _("兑付中")
        PAID = "paid", _("已兑付")
        REFUSED = "refused", _("未通过")
        VOIDED = "voided", _("已作废")
        RETURNED_BY_CARRIER = "returned_by_carrier", _("机构退回")
        TERMINATED = "terminated", _("已终止")
        LAPSED = "lapsed", _("已失效")

    class Redeemer(models.TextChoices):
        ENTERPRISE = "enterprise", _("企业")
        CARRIER = "carrier", _("服务机构")

    NAMED_BY_STEP = frozenset({State.REQUESTED, State.CONFIRMED})

    code = models.CharField(_("券号"), max_length=12, unique=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="vouchers")
    snapshot = models.ForeignKey(PolicySnapshot, models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="vouchers")
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="vouchers")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("受理地区"))
    account = models.ForeignKey(QuotaAccount, models.PROTECT, null=True, related_name="vouchers")
    status = FSMField(default=State.REQUESTED, choices=State.choices, protected=True)
    organization_name = models.CharField(max_length=100)
    carrier_name = models.CharField(max_length=100)
    service_title = models.CharField(_("服务内容"), max_length=100)
    service_category = models.CharField(_("服务类别"), max_length=100)
    contract_name = models.CharField(_("合同名称"), max_length=100)
    contract_number = models.CharField(_("合同编号"), max_length=60, blank=True)
    contract_amount = YuanField(_("合同金额"))
    contract_date = models.DateField(_("合同签订日期"), null=True, blank=True)
    amount = YuanField(_("券额"))
    redeemer = models.CharField(_("兑付方"), max_length=10, choices=Redeemer)
    answers = models.JSONField(default=dict)
    formula = models.JSONField(default=dict, help_text="how the amount was computed, in words and limits")
    valid_until = models.DateField(_("有效期至"))
    redeem_until = models.DateField(_("兑付截止"))
    requested_at = models.DateTimeField()
    agreed_at = models.DateTimeField(
        null=True, editable=False, help_text="when the carrier accepted the order with which it was asked for"
    )
    issued_at = models.DateTimeField(null=True, blank=True)
    confirm_until = models.DateField(
        null=True, editable=False, help_text="last day for the carrier to confirm, where it was issued late"
    )
    reminded_days = models.PositiveSmallIntegerField(
        null=True, editable=False, help_text="how many days before its end the payee was last reminded"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)
    held = YuanField(default=0, help_text="part of the account's held bucket that is this voucher's")
    in_batch = YuanField(default=0, help_text="part of the account's in_batch bucket that is this voucher's")
    paid_amount = YuanField(null=True, blank=True)
    print_version = models.PositiveSmallIntegerField(default=1)
    movements = models.PositiveIntegerField(default=0)
    frozen_reason = models.CharField(max_length=200, blank=True)
    frozen_until = models.DateField(null=True, blank=True, help_text="last day of the freeze; empty = no end")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        verbose_name = verbose_name_plural = _("创新券")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("organization", "status")),
            models.Index(fields=("carrier", "status")),
            models.Index(
                fields=("valid_until",),
                condition=Q(status__in=("requested", "returned", "issued")),
                name="voucher_not_secured",
            ),
            models.Index(fields=("redeem_until",), condition=Q(status="confirmed"), name="voucher_to_redeem"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="voucher_positive"),
            models.CheckConstraint(
                condition=Q(held__gte=0, in_batch__gte=0, amount__gte=F("held") + F("in_batch")),
                name="voucher_holds_at_most_face",
            ),
            models.CheckConstraint(
                condition=Q(paid_amount__isnull=True) | Q(paid_amount__lte=F("amount")),
                name="voucher_paid_at_most_face",
            ),
        )

    def __str__(self) -> str:
        return self.code

    def get_status_display(self) -> str:  # type: ignore[no-redef]  # the stubs give one to every field
        """The state in words, by the name of the step passed last where the scheme gives one."""
        return self.step_words or str(self.State(self.status).label)

    @transition(status, source=State.REQUESTED, target=State.RETURNED)
    def return_(self) -> None:
        """The reviewer wants something mended."""

    @transition(status, source=State.RETURNED, target=State.REQUESTED)
    def resubmit(self) -> None:
        """Mended."""

    @transition(status, source=(State.REQUESTED, State.RETURNED), target=State.ISSUED)
    def issue(self) -> None:
        """Its facts are frozen from now on."""

    @transition(status, source=(State.REQUESTED, State.RETURNED), target=State.REFUSED)
    def refuse(self) -> None:
        """The reviewer refused."""

    @transition(status, source=(State.REQUESTED, State.RETURNED, State.ISSUED, State.CONFIRMED), target=State.VOIDED)
    def void(self) -> None:
        """By the holder; from confirmed only where `cancel_until` allows (rules)."""

    @transition(status, source=State.ISSUED, target=State.CONFIRMED)
    def confirm(self) -> None:
        """The carrier received it."""

    @transition(status, source=State.ISSUED, target=State.RETURNED_BY_CARRIER)
    def return_by_carrier(self) -> None:
        """The carrier says that facts and contract differ."""

    @transition(status, source=State.CONFIRMED, target=State.REDEEMING)
    def start_redeeming(self) -> None:
        """A redemption holds it."""

    @transition(status, source=State.REDEEMING, target=State.CONFIRMED)
    def stop_redeeming(self) -> None:
        """The redemption was withdrawn."""

    @transition(status, source=State.REDEEMING, target=State.PAID)
    def pay(self) -> None:
        """The bank has paid."""

    @transition(status, source=(State.CONFIRMED, State.REDEEMING), target=State.TERMINATED)
    def terminate(self) -> None:
        """By the bureau."""

    @transition(
        status,
        source=(State.REQUESTED, State.RETURNED, State.ISSUED, State.CONFIRMED),
        target=State.LAPSED,
    )
    def lapse(self) -> None:
        """Its time is over."""
