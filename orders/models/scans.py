"""Every look at a voucher through its QR code or typed number, failures too."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vouchers.models import Voucher


class Scan(models.Model):
    """One scan, its road and its verdict's reason code."""

    class Road(models.TextChoices):
        LINK = "link", _("扫码")
        PHOTO = "photo", _("拍照")
        CODE = "code", _("输入券号")

    voucher = models.ForeignKey(Voucher, models.PROTECT, null=True, related_name="scans")
    text = models.CharField(max_length=120, blank=True)
    road = models.CharField(max_length=6, choices=Road)
    reason = models.CharField(max_length=30)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=45, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("扫码记录")
        ordering = ("-id",)
