"""Panels of experts at one step of a review: who sits in them, and what they gave."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from innovation_voucher.lib.checks import whole_pair

from ..fsm import Stateful
from .reviews import ReviewCase, ReviewTask

USER = settings.AUTH_USER_MODEL


class Panel(Stateful):
    """The experts who were drawn for one task; `rules` are those of the step on that day."""

    class State(models.TextChoices):
        SCORING = "scoring", _("评审中")
        ENDED = "ended", _("待汇总")
        CONCLUDED = "concluded", _("已汇总")

    task = models.OneToOneField(ReviewTask, models.PROTECT, related_name="drawn")
    case = models.ForeignKey(ReviewCase, models.PROTECT, related_name="panels")
    field = models.CharField(_("领域"), max_length=100)
    seed = models.CharField(_("抽取种子"), max_length=32, help_text="repeats the draw from its record")
    rules = models.JSONField(default=dict)
    status = FSMField(default=State.SCORING, choices=State.choices, protected=True)
    round = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField(_("评审截止"))
    drawn_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(auto_now_add=True)
    summary = models.TextField(_("汇总意见"), blank=True)
    concluded_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    concluded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("专家评审")
        ordering = ("-id",)
        constraints = (whole_pair("concluded", "panel"),)

    def __str__(self) -> str:
        return self.case.number

    @transition(status, source=State.SCORING, target=State.ENDED)
    def end(self) -> None:
        """All have given their scores, or enough of them until the last day."""

    @transition(status, source=State.ENDED, target=State.SCORING)
    def score_again(self) -> None:
        """The scores lie too far apart: everybody looks a second time."""
        self.round += 1

    @transition(status, source=State.ENDED, target=State.CONCLUDED)
    def conclude(self) -> None:
        """The owner has summed up."""


class PanelSeat(Stateful):
    """One expert in one panel; `label` is the number under which offices know them."""

    class State(models.TextChoices):
        INVITED = "invited", _("待声明")
        DECLARED = "declared", _("评分中")
        SUBMITTED = "submitted", _("已提交")
        RECUSED = "recused", _("已回避")
        REPLACED = "replaced", _("已更换")

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="seats")
    user = models.ForeignKey(USER, models.PROTECT, related_name="panel_seats")
    label = models.CharField(_("专家编号"), max_length=40)
    status = FSMField(default=State.INVITED, choices=State.choices, protected=True)
    points = models.JSONField(default=dict, help_text="points by key of the criterion")
    comment = models.TextField(_("评审意见"), blank=True)
    total = models.PositiveSmallIntegerField(_("总分"), null=True, blank=True)
    invited_at = models.DateTimeField(auto_now_add=True)
    declared_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="why the expert left the panel")

    class Meta:
        verbose_name = verbose_name_plural = _("评审席位")
        ordering = ("panel", "id")
        constraints = (
            models.UniqueConstraint(fields=("panel", "user"), name="panelseat_once"),
            models.CheckConstraint(
                condition=~Q(status="submitted") | Q(total__isnull=False),
                name="panelseat_submitted_total",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def case(self) -> ReviewCase:
        """What the expert looks at."""
        return self.panel.case

    @transition(status, source=State.INVITED, target=State.DECLARED)
    def declare(self) -> None:
        """Secrecy promised, no conflict of interest."""

    @transition(status, source=State.DECLARED, target=State.SUBMITTED)
    def submit(self) -> None:
        """The sheet is given and fixed."""

    @transition(status, source=State.SUBMITTED, target=State.DECLARED)
    def reopen(self) -> None:
        """The panel scores a second time."""

    @transition(status, source=(State.INVITED, State.DECLARED), target=State.RECUSED)
    def recuse(self) -> None:
        """A conflict was declared: the case is hidden from the expert."""

    @transition(status, source=(State.INVITED, State.DECLARED), target=State.REPLACED)
    def replace(self) -> None:
        """The owner of the step lets somebody else take the place."""
