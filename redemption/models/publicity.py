"""公示: public notice before payment, and objections to its rows."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from innovation_voucher.casework.fsm import Stateful
from innovation_voucher.casework.models import Office, Region
from innovation_voucher.lib.checks import whole_pair
from innovation_voucher.lib.crypto import EncryptedTextField
from innovation_voucher.lib.money import YuanField
from vouchers.models import Programme

from .redemptions import Redemption, RedemptionLine

USER = settings.AUTH_USER_MODEL


class Publicity(Stateful):
    """A list shown to the public for some working days."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        OPEN = "open", _("公示中")
        CLOSED = "closed", _("已结束")

    number = models.CharField(_("公示编号"), max_length=40, unique=True)
    title = models.CharField(_("标题"), max_length=100)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="publicities")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", verbose_name=_("公示单位"))
    redemptions = models.ManyToManyField(Redemption, related_name="publicities")
    status = FSMField(default=State.DRAFT, choices=State.choices, protected=True)
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    prepared_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("公示")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.title

    @transition(status, source=State.DRAFT, target=State.OPEN)
    def open(self) -> None:
        """Public from now on."""

    @transition(status, source=State.OPEN, target=State.CLOSED)
    def close(self) -> None:
        """Its days are over."""


class PublicityRow(models.Model):
    """One line of an open list: the payee and the amount that will be paid, fixed on the day of opening."""

    publicity = models.ForeignKey(Publicity, models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField(_("序号"))
    redemption = models.ForeignKey(Redemption, models.PROTECT, related_name="publicity_rows")
    line = models.ForeignKey(RedemptionLine, models.PROTECT, related_name="publicity_rows")
    payee = models.CharField(_("收款单位"), max_length=200)
    enterprise = models.CharField(_("企业"), max_length=200)
    carrier = models.CharField(_("服务机构"), max_length=200)
    service = models.CharField(_("服务"), max_length=200)
    contract = YuanField(_("合同金额"))
    amount = YuanField(_("拟兑付"))

    class Meta:
        verbose_name = verbose_name_plural = _("公示明细")
        ordering = ("publicity", "position")
        constraints = (
            models.UniqueConstraint(fields=("publicity", "line"), name="publicityrow_line"),
            models.UniqueConstraint(fields=("publicity", "position"), name="publicityrow_position"),
        )


class Objection(Stateful):
    """A stranger's objection to one row of a publicity; it stops that row only."""

    class State(models.TextChoices):
        RECEIVED = "received", _("处理中")
        UPHELD = "upheld", _("成立")
        DISMISSED = "dismissed", _("不成立")

    number = models.CharField(_("异议编号"), max_length=40, unique=True)
    publicity = models.ForeignKey(Publicity, models.PROTECT, related_name="objections")
    redemption = models.ForeignKey(Redemption, models.PROTECT, related_name="objections")
    name = models.CharField(_("姓名"), max_length=50)
    contact = EncryptedTextField(_("联系方式"))
    words = models.TextField(_("异议内容"), max_length=2000)
    status = FSMField(default=State.RECEIVED, choices=State.choices, protected=True)
    received_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(_("答复"), blank=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("异议")
        ordering = ("-id",)
        constraints = (whole_pair("answered", "objection"),)

    def __str__(self) -> str:
        return self.number

    @transition(status, source=State.RECEIVED, target=State.UPHELD)
    def uphold(self) -> None:
        """The objection is right."""

    @transition(status, source=State.RECEIVED, target=State.DISMISSED)
    def dismiss(self) -> None:
        """The objection is not right."""
