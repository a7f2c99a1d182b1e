"""Messages to people: the in-site inbox, and the outbox of SMS and mail."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """An in-site message (站内信)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=40)
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("正文"), blank=True)
    link = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("站内信")
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=("user", "deleted_at", "read_at")),)

    def __str__(self) -> str:
        return self.title


class Outgoing(models.Model):
    """An SMS or mail to be sent; written with the act that causes it, sent by a sweep."""

    class Channel(models.TextChoices):
        SMS = "sms", _("短信")
        MAIL = "mail", _("邮件")

    class State(models.TextChoices):
        PENDING = "pending", _("待发送")
        SENT = "sent", _("已发送")
        DROPPED = "dropped", _("未送达")

    channel = models.CharField(max_length=5, choices=Channel)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    dedupe = models.CharField(max_length=120, unique=True)
    status = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("外发消息")
        ordering = ("id",)
        indexes = (models.Index(fields=("status", "next_at")),)

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"
