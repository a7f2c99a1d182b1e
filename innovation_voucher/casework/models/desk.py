"""What reviewers keep at their desks: views, runs over many cases, standard reasons, declared interests."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .places import Office
from .reviews import ReviewCase


class SavedView(models.Model):
    """Filters of one queue of an office under a name that a person gave them; one may be the default."""

    #: Longest query, in characters of the address, where one Chinese character takes nine.
    LONGEST = 2000

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    key = models.SlugField(max_length=60, help_text="key of the queue's subject")
    name = models.CharField(_("名称"), max_length=30)
    query = models.CharField(max_length=LONGEST, help_text="the filters as they stand in the address")
    is_default = models.BooleanField(_("默认视图"), default=False)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("user", "office", "key", "name"), name="savedview_name"),
            models.UniqueConstraint(
                fields=("user", "office", "key"), condition=models.Q(is_default=True), name="one_default_savedview"
            ),
        )

    def __str__(self) -> str:
        return self.name


class BulkRun(models.Model):
    """One act over several cases; `results` has a row per case, added when the case was done or refused.

    The token is the form's: a second POST of the same form finds the run and starts none.
    """

    class Act(models.TextChoices):
        APPROVE = "approve", _("批量通过")
        ASSIGN = "assign", _("分派")

    token = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.SlugField(max_length=60, help_text="key of the queue's subject")
    act = models.CharField(max_length=10, choices=Act)
    at = models.DateTimeField()
    asked = models.JSONField(help_text="ids of the chosen tasks, in order")
    results = models.JSONField(default=dict, help_text="task id -> words of a refusal, empty when done")
    query = models.CharField(max_length=500, blank=True, help_text="filters of the queue it came from")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%d %H:%M}"


class ReturnReason(models.Model):
    """A standard reason to tick when a case is returned; without a key it is offered on every queue."""

    key = models.SlugField(_("事项键"), max_length=60, blank=True, help_text=_("留空表示所有事项"))
    target = models.CharField(_("针对"), max_length=80, blank=True, help_text=_("字段或材料的键，留空表示整份申请"))
    words = models.CharField(_("告知内容"), max_length=300)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    active = models.BooleanField(_("使用中"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("补正理由")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.words


class Interest(models.Model):
    """That a reviewer has an interest in a case and keeps away from it (回避)."""

    case = models.ForeignKey(ReviewCase, models.PROTECT, related_name="interests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "user"), name="interest_once"),)

    def __str__(self) -> str:
        return f"{self.case} {self.user}"
