"""People who sign in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person. Rights come from memberships (organizations) and offices (groups), never from flags."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=50, blank=True)
    phone = models.CharField(_("手机号"), max_length=16, null=True, blank=True, unique=True, help_text="E.164")
    phone_verified = models.BooleanField(default=False)
    is_expert = models.BooleanField(default=False, editable=False, help_text="written by the register of experts")

    class Meta:
        verbose_name = verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        """What the admin greets the person with."""
        return str(self)

    def get_full_name(self) -> str:
        """The person's name as one string; Chinese names are not split."""
        return str(self)


class Consent(models.Model):
    """That a person agreed to a text, in which version and when."""

    user = models.ForeignKey(User, models.PROTECT, related_name="consents")
    document = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("协议同意记录")


class PhoneCode(models.Model):
    """A code sent by SMS to prove a phone: for one purpose and one session, five tries, one use.

    Kept in the database and not in the session, so that parallel guesses are counted under a lock.
    """

    class Purpose(models.TextChoices):
        REGISTER = "register", _("注册")
        LOGIN = "login", _("登录")
        RESET = "reset", _("重设密码")
        ANSWER = "answer", _("填写表单")

    phone = models.CharField(max_length=16, help_text="E.164")
    purpose = models.CharField(max_length=10, choices=Purpose)
    binding = models.CharField(max_length=43, help_text="random, known to the session that asked")
    digest = models.CharField(max_length=64, help_text="keyed digest of the code")
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("短信验证码")
        ordering = ("-id",)
        indexes = (models.Index(fields=("binding", "purpose"), name="phonecode_binding"),)
