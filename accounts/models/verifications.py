"""Real-name verification (实名认证)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from innovation_voucher.casework.fsm import Stateful
from innovation_voucher.lib.crypto import EncryptedTextField

from .organizations import Organization


class Verification(Stateful):
    """One bureau's check of who an organization is, with the data that it looked at.

    `answers` holds one typed JSON object per section ({"unit": {...}, "people": {...}, …}); the ID
    number of a natural person and the bank account stand encrypted beside it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审核")
        RETURNED = "returned", _("待补正")
        APPROVED = "approved", _("已通过")
        REJECTED = "rejected", _("未通过")
        EXPIRED = "expired", _("已过期")
        WITHDRAWN = "withdrawn", _("已撤回")
        SUPERSEDED = "superseded", _("已更新")

    number = models.CharField(_("受理编号"), max_length=40, unique=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="verifications")
    status = FSMField(default=State.DRAFT, choices=State.choices, protected=True)
    answers = models.JSONField(default=dict)
    resident_id = EncryptedTextField(_("身份证号"), blank=True, default="")
    account_number = EncryptedTextField(_("银行账号"), blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("实名认证")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("organization",),
                condition=models.Q(status__in=("draft", "submitted", "returned")),
                name="one_live_verification",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @transition(status, source=(State.DRAFT, State.RETURNED), target=State.SUBMITTED)
    def submit(self) -> None:
        """Handed to the bureau."""

    @transition(status, source=State.SUBMITTED, target=State.RETURNED)
    def return_(self) -> None:
        """Back with what to mend."""

    @transition(status, source=State.SUBMITTED, target=State.APPROVED)
    def approve(self) -> None:
        """The bureau agrees."""

    @transition(status, source=State.SUBMITTED, target=State.REJECTED)
    def reject(self) -> None:
        """The bureau refuses."""

    @transition(status, source=State.RETURNED, target=State.EXPIRED)
    def expire(self) -> None:
        """Not mended in time."""

    @transition(status, source=(State.DRAFT, State.SUBMITTED, State.RETURNED), target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """Taken back."""

    @transition(status, source=State.APPROVED, target=State.SUPERSEDED)
    def supersede(self) -> None:
        """A newer verification was approved."""
