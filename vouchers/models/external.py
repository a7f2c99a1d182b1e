"""Files with what other platforms granted: checked first, then imported."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.models import Region
from innovation_voucher.lib.checks import whole_pair

from .programmes import Programme


class ExternalImport(models.Model):
    """One file of results for one region of a programme: who checked it, who imported it, what became of each row.

    `rows` are the cells as read, by the heads of the sheet; `outcome` has one mapping a row: `state`
    is new, known or wrong, `words` say why.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", verbose_name=_("方案"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("地区"))
    name = models.CharField(_("文件"), max_length=200)
    rows = models.JSONField(default=list)
    outcome = models.JSONField(default=list)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("核对人"))
    checked_at = models.DateTimeField(_("核对时间"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("导入人")
    )
    imported_at = models.DateTimeField(_("导入时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("外部申领结果")
        ordering = ("-id",)
        constraints = (whole_pair("imported", "externalimport"),)

    def __str__(self) -> str:
        return self.name

    def count(self, state: str) -> int:
        """How many rows came out so."""
        return sum(row["state"] == state for row in self.outcome)
