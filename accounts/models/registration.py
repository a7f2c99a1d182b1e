"""Registration rules: rows of the region of registration, nearest ancestor wins."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.models import Region


class RegistrationRules(models.Model):
    """What a user name and a password must look like for people who register in a region."""

    region = models.OneToOneField(Region, models.CASCADE, verbose_name=_("地区"))
    username_min = models.PositiveSmallIntegerField(_("用户名最短"), default=4)
    username_max = models.PositiveSmallIntegerField(_("用户名最长"), default=20)
    password_min = models.PositiveSmallIntegerField(_("密码最短"), default=12)
    password_max = models.PositiveSmallIntegerField(_("密码最长"), default=64)
    password_starts_with_letter = models.BooleanField(_("密码以字母开头"), default=False)
    password_specials = models.CharField(_("密码须含的特殊字符"), max_length=20, blank=True)
    platform_review = models.BooleanField(_("注册需平台审核"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("注册规则")
