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
    dedupe = models.CharField(max_length=120, help_text="the act that it announces; one message a person")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("站内信")
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=("user", "deleted_at", "read_at")),)
        constraints = (models.UniqueConstraint(fields=("user", "dedupe"), name="message_once"),)

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

    channel = models.CharField(_("渠道"), max_length=5, choices=Channel)
    kind = models.CharField(_("类别"), max_length=40)
    to = models.CharField(_("收件人"), max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(_("内容"))
    dedupe = models.CharField(max_length=120, unique=True)
    status = models.CharField(_("状态"), max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(_("原因"), max_length=200, blank=True)
    address = models.CharField(max_length=45, blank=True, help_text="who asked for a code, for the limits")

    class Meta:
        verbose_name = verbose_name_plural = _("外发消息")
        ordering = ("id",)
        indexes = (
            models.Index(fields=("status", "next_at")),
            # The limits of codes count by number and by address.
            models.Index(fields=("kind", "to", "created_at"), name="outgoing_to"),
            models.Index(fields=("kind", "address", "created_at"), name="outgoing_address"),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"
