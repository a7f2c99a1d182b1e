"""Who is on which list: imported by staff per region, class and year; and whom a list has carried."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.models import Region, SheetImport

from .organizations import Organization


class QualificationList(models.Model):
    """The organizations of a region that have a qualification in a year."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("地区"))
    class_key = models.SlugField(_("资格"), max_length=30)
    year = models.PositiveSmallIntegerField(_("年度"))
    name = models.CharField(_("名单名称"), max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = _("资格名单")
        ordering = ("-year", "region__code", "class_key")
        constraints = (models.UniqueConstraint(fields=("region", "class_key", "year"), name="list_once"),)

    def __str__(self) -> str:
        return f"{self.name} {self.year}"


class ListImport(SheetImport):
    """One file brought into a list of qualified organizations."""

    class Mode(models.TextChoices):
        ADD = "add", _("追加")
        REPLACE = "replace", _("替换")

    list = models.ForeignKey(QualificationList, models.PROTECT, related_name="imports", verbose_name=_("名单"))
    mode = models.CharField(_("方式"), max_length=8, choices=Mode)

    class Meta(SheetImport.Meta):
        verbose_name = verbose_name_plural = _("名单导入记录")


class ListEntry(models.Model):
    """One organization of a list, by its credit code; `removed` names the import that took it out."""

    list = models.ForeignKey(QualificationList, models.PROTECT, related_name="entries", verbose_name=_("名单"))
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18)
    name = models.CharField(_("单位名称"), max_length=100)
    number = models.CharField(_("入库编号"), max_length=40, blank=True)
    added = models.ForeignKey(ListImport, models.PROTECT, related_name="+", verbose_name=_("导入"))
    removed = models.ForeignKey(ListImport, models.PROTECT, null=True, related_name="+", verbose_name=_("移出"))

    class Meta:
        verbose_name = verbose_name_plural = _("名单内单位")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("list", "credit_code"), name="entry_of_list_once"),)
        indexes = (models.Index(fields=("credit_code",), condition=Q(removed__isnull=True), name="entry_live"),)

    def __str__(self) -> str:
        return self.name


class Qualification(models.Model):
    """That an organization was granted something as one of a class in a year; `source` names by what.

    `flagged_at` is set when the list that carried it does so no longer: nothing is taken away, people look.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="qualifications")
    class_key = models.SlugField(_("资格"), max_length=30)
    year = models.PositiveSmallIntegerField(_("年度"))
    source = models.CharField(_("依据"), max_length=60)
    at = models.DateTimeField(_("取得时间"))
    flagged_at = models.DateTimeField(_("移出名单时间"), null=True, blank=True)
    flag_reason = models.CharField(_("移出说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("单位资格")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("organization", "class_key", "year"), name="qualification_once"),
        )

    def __str__(self) -> str:
        return f"{self.organization} {self.class_key} {self.year}"
