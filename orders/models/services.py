"""The carrier's record of a service done; bureaus assess carriers by these."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .orders import Order


class ServiceRecord(models.Model):
    """What was delivered, when, and the result in words."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="records")
    delivered_on = models.DateField(_("完成日期"))
    result = models.TextField(_("服务结果"), max_length=2000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("服务记录")
        ordering = ("-id",)
