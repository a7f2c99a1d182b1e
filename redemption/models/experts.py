"""评审专家: the register from which panels are drawn, and the organizations that an expert keeps away from."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from carriers.models import Category
from innovation_voucher.casework.models import Region


class Expert(models.Model):
    """A person who may be drawn for cases of a region; offices know them by their number."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="expert", verbose_name=_("用户"))
    number = models.CharField(_("专家编号"), max_length=20, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("地区"))
    unit = models.CharField(_("工作单位"), max_length=200)
    unit_code = models.CharField(_("单位信用代码"), max_length=18, blank=True)
    title = models.CharField(_("职称"), max_length=50, blank=True)
    fields = models.ManyToManyField(Category, related_name="+", verbose_name=_("专业领域"))
    active = models.BooleanField(_("在库"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评审专家")
        ordering = ("number",)

    def __str__(self) -> str:
        return self.number


class Conflict(models.Model):
    """That an expert declared a tie to an organization: they are drawn for none of its cases."""

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="conflicts")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("单位"))
    reason = models.CharField(_("原因"), max_length=300)
    declared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("回避声明")
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("expert", "organization"), name="conflict_once"),)
