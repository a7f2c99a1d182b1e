"""预约单: what an enterprise gathers before it orders; and what an order of several items consists of."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from carriers.models import Instrument, Service
from innovation_voucher.lib.money import YuanField

from .orders import Order

_ONE_ITEM = Q(service__isnull=False, instrument__isnull=True) | Q(service__isnull=True, instrument__isnull=False)


class Item(models.Model):
    """One service or one instrument of the catalogue, so many times."""

    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, blank=True, related_name="+")
    quantity = models.PositiveIntegerField(_("数量"), default=1)
    price = YuanField(_("单价"), null=True, blank=True, help_text="as it stood then; empty = to be agreed")

    class Meta:
        abstract = True

    @property
    def item(self) -> Service | Instrument:
        found = self.service or self.instrument
        if found is None:
            raise ValueError("a row without an item")
        return found


class CartItem(Item):
    """What somebody of the enterprise put into its cart; `price` is what was seen then."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="cart")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("预约单")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("organization", "service"), name="cart_service_once"),
            models.UniqueConstraint(fields=("organization", "instrument"), name="cart_instrument_once"),
            models.CheckConstraint(condition=_ONE_ITEM, name="cart_one_item"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="cart_quantity_positive"),
        )


class OrderLine(Item):
    """One of several items of an order; never changed."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    title = models.CharField(_("服务"), max_length=100)
    unit = models.CharField(_("单位"), max_length=10, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("订单明细")
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=_ONE_ITEM, name="line_one_item"),)
