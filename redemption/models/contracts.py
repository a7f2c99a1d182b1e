"""合同: what was signed for an order, each with the amount that is asked for, where a scheme takes several."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.models import Attachment
from innovation_voucher.lib.money import YuanField
from orders.models import Order


class ContractPaper(models.Model):
    """One signed contract behind an order, with its scan and the part of it that counts."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="contract_papers")
    name = models.CharField(_("合同名称"), max_length=100)
    amount = YuanField(_("申请兑付的有效金额"))
    image = models.ForeignKey(Attachment, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("兑付合同")
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="contract_paper_positive"),)

    def __str__(self) -> str:
        return self.name
