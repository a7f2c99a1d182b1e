"""预约、订单: one carrier, one contract."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import Organization
from carriers.models import Carrier, Instrument, Service
from innovation_voucher.casework.fsm import Stateful
from innovation_voucher.casework.models import Region
from innovation_voucher.lib.money import YuanField
from vouchers.models import PolicySnapshot, Programme, Voucher


class Order(Stateful):
    """A booking from the moment it is placed until it is completed or ends."""

    class State(models.TextChoices):
        PLACED = "placed", _("待机构确认")
        ACCEPTED = "accepted", _("服务中")
        DELIVERED = "delivered", _("待确认完成")
        COMPLETED = "completed", _("已完成")
        DECLINED = "declined", _("机构未接单")
        CANCELLED = "cancelled", _("已取消")
        LAPSED = "lapsed", _("已失效")

    class Channel(models.TextChoices):
        ONLINE = "online", _("线上")
        OFFLINE = "offline", _("线下")
        PHONE = "phone", _("电话")
        QUICK = "quick", _("快速")

    number = models.CharField(_("订单编号"), max_length=40, unique=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="orders")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="orders")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="orders")
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, blank=True, related_name="orders")
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True, related_name="orders")
    snapshot = models.ForeignKey(PolicySnapshot, models.PROTECT, null=True, blank=True, related_name="+")
    voucher = models.OneToOneField(Voucher, models.PROTECT, null=True, blank=True, related_name="order")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="differences", verbose_name=_("原订单")
    )
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel, default=Channel.ONLINE)
    status = FSMField(default=State.PLACED, choices=State.choices, protected=True)
    title = models.CharField(_("服务"), max_length=100)
    category_name = models.CharField(_("类别"), max_length=50)
    contact_name = models.CharField(_("经办人"), max_length=50)
    contact_phone = models.CharField(_("手机号"), max_length=16)
    by_carrier = models.BooleanField(default=False, help_text="entered by the carrier; the enterprise confirms it")
    quantity = models.PositiveIntegerField(_("数量"), default=1)
    unit = models.CharField(_("单位"), max_length=10, blank=True)
    wanted_on = models.DateField(_("期望完成时间"), null=True, blank=True)
    need = models.TextField(_("需求说明"), max_length=1000, blank=True)
    use_voucher = models.BooleanField(_("使用创新券"), default=True)
    answers = models.JSONField(default=dict)
    reference_price = YuanField(_("参考价"), null=True, blank=True)
    agreed_amount = YuanField(_("议定金额"), null=True, blank=True)
    planned_amount = YuanField(_("预计用券"), null=True, blank=True)
    promised_on = models.DateField(_("承诺交付时间"), null=True, blank=True)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    placed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)

    #: The `Status` that people see, set by `listing.with_shown`; it depends on contract and voucher.
    shown_status: Any = None
    #: The next due day, set by lists.
    due_on: Any = None

    class Meta:
        verbose_name = verbose_name_plural = _("订单")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("organization", "status")),
            models.Index(fields=("carrier", "status")),
        )

    def __str__(self) -> str:
        return self.number

    @transition(status, source=State.PLACED, target=State.ACCEPTED)
    def accept(self) -> None:
        """The carrier takes it."""

    @transition(status, source=State.ACCEPTED, target=State.DELIVERED)
    def deliver(self) -> None:
        """The carrier has recorded the service."""

    @transition(status, source=State.DELIVERED, target=State.ACCEPTED)
    def reopen(self) -> None:
        """有问题: the enterprise does not agree that it is done."""

    @transition(status, source=(State.PLACED, State.ACCEPTED, State.DELIVERED), target=State.COMPLETED)
    def complete(self) -> None:
        """Done; from placed or accepted only where `redeem_from` lets the redemption do it."""

    @transition(status, source=(State.PLACED, State.ACCEPTED), target=State.DECLINED)
    def decline(self) -> None:
        """The carrier does not take it."""

    @transition(status, source=(State.PLACED, State.ACCEPTED), target=State.CANCELLED)
    def cancel(self) -> None:
        """The enterprise takes it back."""

    @transition(status, source=(State.PLACED, State.ACCEPTED), target=State.LAPSED)
    def lapse(self) -> None:
        """Nobody answered in time."""


class OrderMessage(models.Model):
    """One message between the two sides; neither can delete it."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    from_carrier = models.BooleanField()
    text = models.TextField(_("留言"), max_length=1000)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("订单留言")
        ordering = ("id",)


class Quote(Stateful):
    """A price and date that the carrier offers for an order."""

    class State(models.TextChoices):
        OFFERED = "offered", _("待接受")
        ACCEPTED = "accepted", _("已接受")
        WITHDRAWN = "withdrawn", _("已撤回")
        EXPIRED = "expired", _("已过期")

    order = models.ForeignKey(Order, models.PROTECT, related_name="quotes")
    amount = YuanField(_("报价"))
    promised_on = models.DateField(_("交付时间"), null=True, blank=True)
    words = models.CharField(_("说明"), max_length=300, blank=True)
    status = FSMField(default=State.OFFERED, choices=State.choices, protected=True)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("报价")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("order",), condition=models.Q(status="offered"), name="one_open_quote"),
        )

    @transition(status, source=State.OFFERED, target=State.ACCEPTED)
    def accept(self) -> None:
        """The enterprise agrees."""

    @transition(status, source=State.OFFERED, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The carrier takes it back, or offers another."""

    @transition(status, source=State.OFFERED, target=State.EXPIRED)
    def expire(self) -> None:
        """Not answered."""
