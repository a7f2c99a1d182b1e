"""Quota: accounts with their buckets, budget pools, and the ledger that moves money between them."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import Organization
from innovation_voucher.casework.fsm import Stateful
from innovation_voucher.casework.models import Region
from innovation_voucher.lib.money import YuanField

from .programmes import Programme

BUCKETS = ("available", "held", "in_batch", "spent", "lapsed", "recovered")


class BudgetPool(models.Model):
    """What a region has left to grant under a programme; no row means no limit.

    While claims wait in line (`waiting`), nobody else is granted anything: first come, first served.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="pools")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("地区"))
    total = YuanField(_("年度预算"))
    budget = YuanField(_("剩余"))
    waiting = models.PositiveIntegerField(_("排队件数"), default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("地区预算")
        constraints = (
            models.UniqueConstraint(fields=("programme", "region"), name="pool_once"),
            models.CheckConstraint(condition=Q(budget__gte=0), name="pool_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.region.name} {self.programme.year}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new budget counts from the next claim on: processes remember which one a region has."""
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if is_new:
            self._raise_stamp()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Only a budget that nothing was granted from can go."""
        deleted = super().delete(*args, **kwargs)
        self._raise_stamp()
        return deleted

    def _raise_stamp(self) -> None:
        Programme.objects.filter(pk=self.programme_id).update(rules_stamp=F("rules_stamp") + 1)


class QuotaAccount(Stateful):
    """额度: what an organization holds under a programme until a day. Amounts in yuan.

    granted = available + held + in_batch + spent + lapsed + recovered, each never below zero; only
    vouchers/ledger.py writes these columns.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("有效")
        LAPSED = "lapsed", _("已失效")

    number = models.CharField(_("券账户号"), max_length=40, unique=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="quota_accounts")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="accounts")
    valid_until = models.DateField(_("有效期至"))
    redeem_until = models.DateField(_("兑付截止"), help_text="last day to redeem what was held in time")
    status = FSMField(default=State.ACTIVE, choices=State.choices, protected=True)
    frozen_reason = models.CharField(max_length=200, blank=True)
    frozen_until = models.DateField(null=True, blank=True)
    reminded_days = models.PositiveSmallIntegerField(
        null=True, editable=False, help_text="how many days before its end the holder was last reminded"
    )
    granted = YuanField(default=0)
    available = YuanField(default=0)
    held = YuanField(default=0)
    in_batch = YuanField(default=0)
    spent = YuanField(default=0)
    lapsed = YuanField(default=0)
    recovered = YuanField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("额度账户")
        ordering = ("valid_until", "id")
        # In the order in which chunks of them lapse: none has to sort those that are left.
        indexes = (models.Index(fields=("valid_until", "id"), condition=Q(status="active"), name="account_active"),)
        constraints = (
            models.UniqueConstraint(fields=("organization", "programme", "valid_until"), name="account_once"),
            *(
                models.CheckConstraint(condition=Q(**{f"{name}__gte": 0}), name=f"account_{name}_not_negative")
                for name in (*BUCKETS, "granted")
            ),
            models.CheckConstraint(
                condition=Q(
                    granted=F("available") + F("held") + F("in_batch") + F("spent") + F("lapsed") + F("recovered")
                ),
                name="account_adds_up",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def occupied(self) -> Decimal:
        """What vouchers hold of it, in a batch or not, yuan."""
        return Decimal(self.held + self.in_batch)

    @transition(status, source=State.ACTIVE, target=State.LAPSED)
    def lapse(self) -> None:
        """The last valid day is over."""


class LedgerEntry(models.Model):
    """流水: one movement of an amount > 0 from one bucket to another. Never changed."""

    class Kind(models.TextChoices):
        GRANT = "grant", _("发放")
        HOLD = "hold", _("占用")
        RELEASE = "release", _("释放")
        FREEZE = "freeze", _("进入批次")
        PAY = "pay", _("拨付")
        UNPAY = "unpay", _("拨付退回")
        LAPSE = "lapse", _("失效")
        REVOKE = "revoke", _("收回")
        RECOVER = "recover", _("追回")

    account = models.ForeignKey(QuotaAccount, models.PROTECT, related_name="entries")
    pool = models.ForeignKey(BudgetPool, models.PROTECT, null=True, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind)
    source = models.CharField(max_length=10)
    target = models.CharField(max_length=10)
    amount = YuanField()
    reference = models.CharField(max_length=80, help_text="<object number>/<n>")
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("额度流水")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("account", "kind", "reference"), name="entry_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="entry_positive"),
        )
        indexes = (models.Index(fields=("reference",)),)
