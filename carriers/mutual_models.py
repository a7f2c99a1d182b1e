"""互认名单: laboratories that several regions recognize together, as their staff import them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.models import Region, SheetImport


class MutualList(models.Model):
    """One list and the regions that recognize what stands on it; each keeps its own rules of money."""

    name = models.CharField(_("名单名称"), max_length=80, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("维护地区"))
    members = models.ManyToManyField(Region, related_name="+", verbose_name=_("互认地区"))

    class Meta:
        verbose_name = verbose_name_plural = _("互认名单")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class MutualImport(SheetImport):
    """One file brought into a mutual list, and how many entries say something else since."""

    class Mode(models.TextChoices):
        ADD = "add", _("追加和更新")
        REPLACE = "replace", _("整体替换")

    listing = models.ForeignKey(MutualList, models.PROTECT, related_name="imports", verbose_name=_("名单"))
    mode = models.CharField(_("方式"), max_length=8, choices=Mode)
    changed = models.PositiveIntegerField(_("更新"))

    class Meta(SheetImport.Meta):
        verbose_name = verbose_name_plural = _("互认名单导入记录")


class MutualEntry(models.Model):
    """One laboratory of a list; known by itself and its legal entity."""

    listing = models.ForeignKey(MutualList, models.CASCADE, related_name="entries", verbose_name=_("名单"))
    place = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("所在地"))
    laboratory = models.CharField(_("开放实验室"), max_length=100)
    legal_entity = models.CharField(_("法人单位"), max_length=100, db_index=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, db_index=True)
    contact_name = models.CharField(_("联系人"), max_length=50, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=50, blank=True)
    services = models.CharField(_("服务内容"), max_length=1000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("互认的实验室")
        ordering = ("place__code", "id")
        constraints = (
            models.UniqueConstraint(fields=("listing", "laboratory", "legal_entity"), name="mutual_entry_once"),
        )

    def __str__(self) -> str:
        return self.laboratory
