"""The working-day calendar, and what is due when."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """A day that differs from its weekday: a holiday, or a working weekend day."""

    day = models.DateField(_("日期"), unique=True)
    workday = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=30, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("工作日历")
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day}"


class Deadline(models.Model):
    """One act that is awaited on one object until a day; what happens when it does not come."""

    class OnExpiry(models.TextChoices):
        LAPSE = "lapse", _("失效")
        REMIND = "remind", _("提醒")
        ESCALATE = "escalate", _("上报")
        DEFAULT = "default", _("默认完成")

    subject_type = models.ForeignKey(ContentType, models.PROTECT)
    subject_id = models.BigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    act = models.CharField(max_length=40)
    due_on = models.DateField(help_text="last day, Asia/Shanghai")
    remind_on = models.DateField(null=True, blank=True)
    on_expiry = models.CharField(max_length=10, choices=OnExpiry)
    reminded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("期限")
        indexes = (models.Index(fields=("closed_at", "due_on")),)
        constraints = (
            models.UniqueConstraint(
                fields=("subject_type", "subject_id", "act"),
                condition=models.Q(closed_at__isnull=True),
                name="one_open_deadline_per_act",
            ),
        )
