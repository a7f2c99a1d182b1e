"""Private files: kept once, described, and shown only through a checked view."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """A file given as evidence for one key of one object. Replacing marks the old one removed."""

    key = models.CharField(max_length=80)
    subject_type = models.ForeignKey(ContentType, models.PROTECT)
    subject_id = models.BigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    token = models.CharField(max_length=32, unique=True, help_text="random, stands in the URL")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    size = models.BigIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64, db_index=True)
    pages = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(upload_to="attachments/%Y/%m/")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("附件")
        ordering = ("id",)
        indexes = (models.Index(fields=("subject_type", "subject_id", "key")),)

    def __str__(self) -> str:
        return self.name


class AttachmentPage(models.Model):
    """One page of a PDF, or the picture itself, as an image that a reviewer looks at."""

    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="images")
    number = models.PositiveSmallIntegerField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    file = models.FileField(upload_to="pages/%Y/%m/")

    class Meta:
        ordering = ("attachment", "number")
        constraints = (models.UniqueConstraint(fields=("attachment", "number"), name="attachmentpage_number"),)


class AttachmentView(models.Model):
    """That a reviewer has opened a file."""

    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="views")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("attachment", "user"), name="attachmentview_once"),)
