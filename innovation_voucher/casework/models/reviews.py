"""Review chains: ordered steps, the case that walks them, its tasks and returned items."""

from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from innovation_voucher.lib.checks import whole_pair
from innovation_voucher.lib.money import YuanField

from ..fsm import Stateful
from ..panelrules import check_rules
from .places import Office, Region


class Chain(models.Model):
    """An ordered list of review steps, found by its key; policies name the key."""

    key = models.SlugField(_("键"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=100)

    class Meta:
        verbose_name = verbose_name_plural = _("审核流程")

    def __str__(self) -> str:
        return self.name


class ChainStep(models.Model):
    """One step of a chain: who looks, where, for how many working days, and what they may do."""

    class Scope(models.TextChoices):
        OWN = "own", _("受理地区")
        CITY = "city", _("所在市")
        PROVINCE = "province", _("所在省")
        PROGRAMME = "programme", _("方案所属地区")

    class ReturnTo(models.TextChoices):
        SUBMITTER = "submitter", _("申请人")
        PREVIOUS = "previous", _("上一步")

    class ResumeAt(models.TextChoices):
        SAME = "same", _("本步骤")
        FIRST = "first", _("第一步")

    chain = models.ForeignKey(Chain, models.CASCADE, related_name="steps", verbose_name=_("流程"))
    position = models.PositiveSmallIntegerField(_("顺序"))
    name = models.CharField(_("步骤"), max_length=30, help_text=_("例如 初审、形式审查、核定"))
    passed_label = models.CharField(
        _("通过后的状态"),
        max_length=30,
        blank=True,
        default="",
        help_text=_("这一步通过后，申请单位看到的状态，例如 形式审查受理；留空按通用状态"),
    )
    office_kind = models.CharField(_("办理机构"), max_length=12, choices=Office.Kind)
    scope = models.CharField(_("地区范围"), max_length=10, choices=Scope, default=Scope.OWN)
    right = models.CharField(_("所需权限"), max_length=40)
    working_days = models.PositiveSmallIntegerField(_("工作日"), default=5)
    return_days = models.PositiveSmallIntegerField(_("补正工作日"), default=10, help_text=_("退回后多少个工作日内补正"))
    may_lower = models.BooleanField(_("可核减金额"), default=False)
    panel = models.BooleanField(_("专家评审"), default=False)
    panel_rules = models.JSONField(
        _("专家评审规则"),
        null=True,
        blank=True,
        validators=(check_rules,),
        help_text=_("留空按通用规则；可写 size、quorum、days、blind、comment_below、spread、criteria"),
    )
    return_to = models.CharField(_("退回到"), max_length=10, choices=ReturnTo, default=ReturnTo.SUBMITTER)
    resume_at = models.CharField(_("补正后回到"), max_length=10, choices=ResumeAt, default=ResumeAt.SAME)

    class Meta:
        verbose_name = verbose_name_plural = _("审核步骤")
        ordering = ("chain", "position")
        constraints = (models.UniqueConstraint(fields=("chain", "position"), name="chainstep_position"),)

    def __str__(self) -> str:
        return f"{self.chain_id}/{self.position} {self.name}"


class Walker(models.Model):
    """What walks a chain whose steps may name its state; the engine alone writes `passed_label`."""

    #: States that the name of a passed step stands for; the others keep their own words.
    NAMED_BY_STEP: ClassVar[frozenset[str]] = frozenset()

    #: Null, for SQLite rebuilds a guarded table for a column that is not, and loses its triggers.
    passed_label = models.CharField(_("审核进展"), max_length=30, null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def step_words(self) -> str:
        """What the step passed last calls the state; empty where the state has its own words."""
        named = getattr(self, "status", "") in self.NAMED_BY_STEP
        return (self.passed_label or "") if named else ""


class ReviewCase(Stateful):
    """One run of a chain over one subject (a verification, a claim, a redemption, …)."""

    class State(models.TextChoices):
        OPEN = "open", _("审核中")
        RETURNED = "returned", _("待补正")
        APPROVED = "approved", _("已通过")
        REJECTED = "rejected", _("未通过")
        WITHDRAWN = "withdrawn", _("已撤回")
        EXPIRED = "expired", _("已过期")

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="cases")
    subject_type = models.ForeignKey(ContentType, models.PROTECT)
    subject_id = models.BigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    number = models.CharField(_("受理编号"), max_length=40, db_index=True)
    title = models.CharField(_("事项"), max_length=200)
    applicant = models.CharField(_("申请单位"), max_length=200)
    region = models.ForeignKey(Region, models.PROTECT, related_name="cases")
    home = models.ForeignKey(Region, models.PROTECT, related_name="+", help_text="the programme's own node")
    amount = YuanField(_("金额"), null=True, blank=True)
    status = FSMField(default=State.OPEN, choices=State.choices, protected=True)
    round = models.PositiveSmallIntegerField(_("第几次提交"), default=1)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField()
    return_due = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    checks_good = models.PositiveSmallIntegerField(default=0)
    checks_bad = models.PositiveSmallIntegerField(default=0)
    answers = models.JSONField(default=list, help_text="what this round declares: (label, value)")
    answers_before = models.JSONField(default=list, help_text="what the round before it declared")
    new_cause = models.BooleanField(default=False, help_text="returned again for what no earlier return named")

    class Meta:
        verbose_name = verbose_name_plural = _("审核件")
        ordering = ("submitted_at", "id")
        indexes = (models.Index(fields=("subject_type", "subject_id")),)
        constraints = (
            models.UniqueConstraint(
                fields=("subject_type", "subject_id"),
                condition=models.Q(status__in=("open", "returned")),
                name="one_live_case_per_subject",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @transition(status, source=State.OPEN, target=State.RETURNED)
    def return_(self) -> None:
        """Back to the submitter with every item to mend."""

    @transition(status, source=State.RETURNED, target=State.OPEN)
    def resume(self) -> None:
        """Submitted again."""
        self.round += 1

    @transition(status, source=State.OPEN, target=State.APPROVED)
    def approve(self) -> None:
        """The last step agreed."""

    @transition(status, source=State.OPEN, target=State.REJECTED)
    def reject(self) -> None:
        """A step refused."""

    @transition(status, source=(State.OPEN, State.RETURNED), target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """Taken back by the submitter."""

    @transition(status, source=State.RETURNED, target=State.EXPIRED)
    def expire(self) -> None:
        """Not mended in time."""


class ReviewTask(Stateful):
    """One step of one case in one round: who may take it, until when, and what was decided."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待上一步")
        OPEN = "open", _("待办")
        DONE = "done", _("已办")
        SKIPPED = "skipped", _("已跳过")

    class Decision(models.TextChoices):
        APPROVE = "approve", _("同意")
        RETURN = "return", _("退回补正")
        REJECT = "reject", _("不予通过")

    case = models.ForeignKey(ReviewCase, models.PROTECT, related_name="tasks")
    step = models.ForeignKey(ChainStep, models.PROTECT, related_name="tasks")
    region = models.ForeignKey(Region, models.PROTECT, related_name="tasks", help_text="where the right is asked")
    status = FSMField(default=State.WAITING, choices=State.choices, protected=True)
    due_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="held_tasks"
    )
    held_until = models.DateTimeField(null=True, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_tasks",
        help_text="to whom the office gave it; the holder is who has it open now",
    )
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    amount = YuanField(null=True, blank=True, help_text="amount agreed at this step, yuan")

    class Meta:
        verbose_name = verbose_name_plural = _("审核任务")
        ordering = ("case", "id")
        indexes = (models.Index(fields=("status", "region", "due_on")),)
        constraints = (whole_pair("decided", "reviewtask"),)

    def __str__(self) -> str:
        return f"{self.case} {self.step.name}"

    @transition(status, source=State.WAITING, target=State.OPEN)
    def open(self) -> None:
        """The step before is done."""

    @transition(status, source=State.OPEN, target=State.DONE)
    def finish(self) -> None:
        """Decided."""

    @transition(status, source=(State.WAITING, State.OPEN), target=State.SKIPPED)
    def skip(self) -> None:
        """The case ended before this step."""


class ReturnItem(models.Model):
    """One thing to mend, pinned to a field or a file of the subject."""

    case = models.ForeignKey(ReviewCase, models.CASCADE, related_name="items")
    task = models.ForeignKey(ReviewTask, models.CASCADE, related_name="items")
    round = models.PositiveSmallIntegerField()
    target = models.CharField(max_length=80, help_text="field or evidence key; empty = the whole")
    words = models.TextField()

    class Meta:
        ordering = ("id",)
