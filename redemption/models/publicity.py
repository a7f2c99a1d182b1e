"""公示: public notice before payment, and objections to its rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from innovation_voucher.casework.fsm import Stateful
from innovation_voucher.casework.models import Region
from vouchers.models import Programme

from .redemptions import Redemption


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
    redemptions = models.ManyToManyField(Redemption, related_name="publicities")
    status = FSMField(default=State.DRAFT, choices=State.choices, protected=True)
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)

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
    contact = models.CharField(_("联系方式"), max_length=100)
    words = models.TextField(_("异议内容"), max_length=2000)
    status = FSMField(default=State.RECEIVED, choices=State.choices, protected=True)
    received_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(_("答复"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("异议")
        ordering = ("-id",)

    @transition(status, source=State.RECEIVED, target=State.UPHELD)
    def uphold(self) -> None:
        """The objection is right."""

    @transition(status, source=State.RECEIVED, target=State.DISMISSED)
    def dismiss(self) -> None:
        """The objection is not right."""
