"""Keys with which other platforms call ours."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .places import Region


class ApiToken(models.Model):
    """What another platform may do here, in a region and all below; the secret itself is nowhere kept."""

    name = models.CharField(_("对接平台"), max_length=60)
    scope = models.SlugField(_("用途"), max_length=40)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("地区"))
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the secret")
    last_day = models.DateField(_("有效至"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("发放人")
    )
    issued_at = models.DateTimeField(_("发放时间"), editable=False)
    used_at = models.DateTimeField(_("最近使用"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("接口令牌")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name
