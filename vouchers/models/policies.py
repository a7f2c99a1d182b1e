"""Versions and overrides of a programme's policy, their rows, and the frozen snapshots."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.models import Region

from .parameters import Parameters
from .programmes import Programme


class ProgrammeVersion(Parameters):
    """One version of a programme's rules; immutable once published."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="versions", verbose_name=_("方案"))
    number = models.PositiveSmallIntegerField(_("版本"))
    effective_from = models.DateField(_("生效日期"))
    overridable = models.JSONField(_("可由县级调整的参数"), default=list, blank=True)
    bounds = models.JSONField(_("调整范围"), default=dict, blank=True, help_text=_("{参数: [最小, 最大]}"))
    assumed = models.JSONField(_("暂定值（无文件依据）"), default=list, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("方案规则版本")
        ordering = ("programme", "-number")
        constraints = (models.UniqueConstraint(fields=("programme", "number"), name="version_once"),)

    def __str__(self) -> str:
        return f"{self.programme} v{self.number}"


class Override(Parameters):
    """What a region, or a class of organizations, has instead of the programme's values."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="overrides", verbose_name=_("方案"))
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("地区"))
    class_key = models.CharField(_("资格"), max_length=30, blank=True)
    number = models.PositiveSmallIntegerField(_("版本"), default=1)
    effective_from = models.DateField(_("生效日期"))
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("地区与资格规则")
        ordering = ("programme", "region__code", "class_key", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "region", "class_key", "number"),
                name="override_once",
            ),
            # Rows without a region are all different to the constraint above.
            models.UniqueConstraint(
                fields=("programme", "class_key", "number"),
                condition=Q(region__isnull=True),
                name="override_class_once",
            ),
            models.CheckConstraint(condition=Q(region__isnull=False) | ~Q(class_key=""), name="override_has_scope"),
        )

    def __str__(self) -> str:
        scope = " ".join(filter(None, (self.region.full_name if self.region else "", self.class_key)))
        return f"{self.programme} {scope} v{self.number}"


class Stage(models.TextChoices):
    CLAIM = "claim", _("申领")
    ORDER = "order", _("预约")
    USE = "use", _("使用")
    REDEMPTION = "redemption", _("兑付")


class VersionRow(models.Model):
    """A row that belongs to a programme's version."""

    version = models.ForeignKey(ProgrammeVersion, models.CASCADE, related_name="%(class)ss")
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        abstract = True
        ordering = ("position", "id")

    def __str__(self) -> str:
        return str(getattr(self, "label", "") or getattr(self, "act", ""))


class ClassRow(VersionRow):
    """A qualification with which one may claim, and how it is proven."""

    class Proof(models.TextChoices):
        LIST = "list", _("当年名单")
        DECLARED = "declared", _("申领时申报")

    key = models.SlugField(_("键"), max_length=30)
    label = models.CharField(_("名称"), max_length=60)
    proof = models.CharField(_("认定方式"), max_length=10, choices=Proof, default=Proof.DECLARED)
    months = models.PositiveSmallIntegerField(
        _("证书有效月数"), null=True, blank=True, help_text=_("按 certificate_month 一项计算，留空不限")
    )
    help = models.CharField(_("提示"), max_length=200, blank=True)

    class Meta(VersionRow.Meta):
        verbose_name = verbose_name_plural = _("申领资格")
        constraints = (models.UniqueConstraint(fields=("version", "key"), name="classrow_key"),)


class FieldRow(VersionRow):
    """A field of a claim, order, use or redemption form. Reserved keys are read by rules."""

    class Type(models.TextChoices):
        TEXT = "text", _("单行文字")
        LONG_TEXT = "long_text", _("多行文字")
        INTEGER = "integer", _("整数")
        YUAN = "yuan", _("金额")
        DATE = "date", _("日期")
        MONTH = "month", _("年月")
        CHOICE = "choice", _("选择")
        REGION = "region", _("地区")
        PHONE = "phone", _("手机号（短信验证）")
        CREDIT_CODE = "credit_code", _("统一社会信用代码")
        PERSON_ID = "person_id", _("身份证号（加密）")
        SECRET = "secret", _("单行文字（加密）")

    stage = models.CharField(_("环节"), max_length=10, choices=Stage)
    section = models.CharField(_("分组"), max_length=50, blank=True)
    key = models.SlugField(_("键"), max_length=40)
    label = models.CharField(_("名称"), max_length=80)
    type = models.CharField(_("类型"), max_length=12, choices=Type)
    required = models.BooleanField(_("必填"), default=True)
    choices = models.JSONField(_("选项"), default=list, blank=True, help_text=_("[[值, 名称], …]"))
    max_length = models.PositiveIntegerField(_("最多字数"), null=True, blank=True)
    classes = models.JSONField(_("适用资格，留空为全部"), default=list, blank=True)
    prefill = models.CharField(_("预填"), max_length=60, blank=True)
    help = models.CharField(_("提示"), max_length=200, blank=True)

    class Meta(VersionRow.Meta):
        verbose_name = verbose_name_plural = _("表单项")
        constraints = (models.UniqueConstraint(fields=("version", "stage", "key"), name="fieldrow_key"),)


class TermRow(VersionRow):
    """How long an act may take, when to remind, and what happens afterwards."""

    class Unit(models.TextChoices):
        WORKING_DAYS = "wd", _("工作日")
        DAYS = "d", _("天")

    class OnExpiry(models.TextChoices):
        LAPSE = "lapse", _("失效")
        REMIND = "remind", _("提醒")
        ESCALATE = "escalate", _("上报")
        DEFAULT = "default", _("默认完成")

    act = models.SlugField(_("事项"), max_length=40)
    days = models.PositiveSmallIntegerField(_("期限"))
    unit = models.CharField(_("单位"), max_length=2, choices=Unit)
    remind_before = models.PositiveSmallIntegerField(_("提前提醒"), default=0)
    on_expiry = models.CharField(_("到期后"), max_length=10, choices=OnExpiry)

    class Meta(VersionRow.Meta):
        verbose_name = verbose_name_plural = _("期限")
        constraints = (models.UniqueConstraint(fields=("version", "act"), name="termrow_act"),)


class EvidenceRow(VersionRow):
    """What must be attached: how many, which formats, how large."""

    stage = models.CharField(_("环节"), max_length=10, choices=Stage)
    key = models.SlugField(_("键"), max_length=40)
    label = models.CharField(_("名称"), max_length=80)
    minimum = models.PositiveSmallIntegerField(_("最少"), default=1)
    maximum = models.PositiveSmallIntegerField(_("最多，留空不限"), null=True, blank=True)
    formats = models.JSONField(_("格式"), default=list)
    max_bytes = models.PositiveBigIntegerField(_("大小上限（字节）"))
    strict = models.BooleanField(_("须小于上限"), default=False)
    classes = models.JSONField(_("适用资格，留空为全部"), default=list, blank=True)
    help = models.CharField(_("提示"), max_length=200, blank=True)

    class Meta(VersionRow.Meta):
        verbose_name = verbose_name_plural = _("证明材料")
        constraints = (models.UniqueConstraint(fields=("version", "stage", "key"), name="evidencerow_key"),)


class PolicySnapshot(models.Model):
    """A resolved policy, stored once per digest and never changed."""

    digest = models.CharField(max_length=64, unique=True)
    data = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
