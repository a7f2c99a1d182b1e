import uuid

from django.contrib.auth.models import User
from django.db import models


class Budget(models.Model):
    left = models.BigIntegerField()


class Account(models.Model):
    user = models.ForeignKey(User, models.PROTECT)
    budget = models.ForeignKey(Budget, models.PROTECT)
    claimed = models.BigIntegerField(default=0)
    cap = models.BigIntegerField()


class Entry(models.Model):
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    account = models.ForeignKey(Account, models.PROTECT)
    amount = models.BigIntegerField()


class Ticket(models.Model):
    token = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=60)
    status = models.CharField(max_length=10, default="issued")
    user = models.ForeignKey(User, models.PROTECT)


class Redemption(models.Model):
    ticket = models.OneToOneField(Ticket, models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
