"""The append-only record of every act."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditRow(models.Model):
    """One act: who, for which office, on what, before and after, why. Never changed.

    Names and codes are copied, not referenced, so that no later delete can touch the record.
    `sequence`, `previous_hash` and `hash` are written once by the sealer.
    """

    verb = models.CharField(max_length=60, db_index=True)
    subject_type = models.ForeignKey(ContentType, models.PROTECT)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=200)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150, blank=True)
    office_name = models.CharField(max_length=100, blank=True)
    region_path = models.CharField(max_length=60, blank=True, db_index=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    address = models.CharField(max_length=45, blank=True)
    policy_digest = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(db_index=True)
    sequence = models.BigIntegerField(null=True, unique=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("审计记录")
        ordering = ("-id",)
        indexes = (models.Index(fields=("subject_type", "subject_id")),)

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_label}"
