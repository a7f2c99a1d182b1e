"""What every list that is filled from sheets keeps of its imports."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SheetImport(models.Model):
    """One file brought into a list: by whom, when, and how much came and went."""

    source = models.CharField(_("文件"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("导入人"))
    at = models.DateTimeField(_("导入时间"))
    added = models.PositiveIntegerField(_("新增"))
    removed = models.PositiveIntegerField(_("移出"))

    class Meta:
        abstract = True
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.source
