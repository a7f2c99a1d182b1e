"""额度申领: asking for quota."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import Organization
from innovation_voucher.casework.fsm import Stateful
from innovation_voucher.casework.models import Region
from innovation_voucher.lib.money import YuanField

from .accounts import BudgetPool, QuotaAccount
from .policies import PolicySnapshot
from .programmes import Programme


class Claim(Stateful):
    """A request for an amount under a programme; instant, reviewed, offered or imported."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        AWAITING_STAMP = "awaiting_stamp", _("待上传盖章表")
        SUBMITTED = "submitted", _("待初审")
        RETURNED = "returned", _("待补正")
        WAITLISTED = "waitlisted", _("排队中")
        IMPORTED = "imported", _("已导入")
        OFFERED = "offered", _("待接受")
        APPROVED = "approved", _("已到账")
        REJECTED = "rejected", _("未通过")
        DECLINED = "declined", _("已谢绝")
        WITHDRAWN = "withdrawn", _("已撤回")
        LAPSED = "lapsed", _("已失效")
        REVOKED = "revoked", _("已收回")

    number = models.CharField(_("申领编号"), max_length=40, unique=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="claims")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="claims")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("受理地区"))
    snapshot = models.ForeignKey(PolicySnapshot, models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(QuotaAccount, models.PROTECT, null=True, related_name="claims")
    pool = models.ForeignKey(
        BudgetPool, models.PROTECT, null=True, related_name="claims", help_text="granted from it, or waiting for it"
    )
    class_key = models.CharField(_("资格"), max_length=30, blank=True, default="", help_text="as what it was asked for")
    status = FSMField(default=State.DRAFT, choices=State.choices, protected=True)
    asked = YuanField(_("申领金额"))
    granted = YuanField(_("核定金额"), null=True, blank=True)
    answers = models.JSONField(default=dict)
    external_number = models.CharField(
        _("外部编号"), max_length=60, null=True, blank=True, help_text="of the other platform on which it was claimed"
    )
    external_on = models.DateField(_("外部核定日期"), null=True, blank=True)
    movements = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("额度申领")
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=("pool", "submitted_at", "id"), condition=models.Q(status="waitlisted"), name="claims_in_line"
            ),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(asked__gt=0), name="claim_positive"),
            models.CheckConstraint(
                condition=models.Q(granted__isnull=True) | models.Q(granted__lte=models.F("asked")),
                name="claim_granted_at_most_asked",
            ),
            models.UniqueConstraint(fields=("programme", "external_number"), name="external_claim_once"),
        )

    def __str__(self) -> str:
        return self.number

    @transition(status, source=(State.DRAFT, State.RETURNED), target=State.AWAITING_STAMP)
    def await_stamp(self) -> None:
        """The form is filled; its stamped scan is awaited."""

    @transition(status, source=(State.DRAFT, State.AWAITING_STAMP, State.RETURNED), target=State.SUBMITTED)
    def submit(self) -> None:
        """Handed in."""

    @transition(status, source=State.SUBMITTED, target=State.RETURNED)
    def return_(self) -> None:
        """Back with what to mend."""

    @transition(status, source=State.SUBMITTED, target=State.WAITLISTED)
    def waitlist(self) -> None:
        """The pool is empty."""

    @transition(
        status, source=(State.SUBMITTED, State.WAITLISTED, State.IMPORTED, State.OFFERED), target=State.APPROVED
    )
    def approve(self) -> None:
        """Granted."""

    @transition(status, source=State.SUBMITTED, target=State.REJECTED)
    def reject(self) -> None:
        """Refused."""

    @transition(status, source=State.OFFERED, target=State.DECLINED)
    def decline(self) -> None:
        """The organization does not want the offer."""

    @transition(
        status,
        source=(State.DRAFT, State.AWAITING_STAMP, State.SUBMITTED, State.RETURNED, State.WAITLISTED),
        target=State.WITHDRAWN,
    )
    def withdraw(self) -> None:
        """Taken back before it was granted."""

    @transition(
        status,
        source=(
            State.DRAFT,
            State.AWAITING_STAMP,
            State.SUBMITTED,
            State.RETURNED,
            State.WAITLISTED,
            State.OFFERED,
        ),
        target=State.LAPSED,
    )
    def lapse(self) -> None:
        """Its time is over."""

    @transition(status, source=State.APPROVED, target=State.REVOKED)
    def revoke(self) -> None:
        """The unused part went back to the pool."""
