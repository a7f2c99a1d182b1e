"""Number rows and one-time tokens."""

from django.conf import settings
from django.db import models


class NumberRow(models.Model):
    """The last number given under a key (a programme and day, a kind and year)."""

    key = models.CharField(max_length=80, unique=True)
    value = models.BigIntegerField(default=0)


class OneTimeToken(models.Model):
    """A form token that was used: what was posted, and where the answer sent the person."""

    token = models.CharField(max_length=43, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    redirect = models.TextField(help_text="may carry the filters of a queue, so it has no limit")
    used_at = models.DateTimeField(db_index=True)
