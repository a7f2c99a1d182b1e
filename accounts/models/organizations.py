"""Organizations, their people, names and bank accounts, and the imported enterprise registry."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.models import Region
from innovation_voucher.lib.crypto import EncryptedTextField
from innovation_voucher.lib.money import YuanField


class Organization(models.Model):
    """An enterprise, an entrepreneur (a natural person) or the legal person behind a carrier.

    `region` is the address: fixed, and caps, ratios and eligibility follow it. `bureau` is the node
    whose office accepts the organization's cases: rights and queues follow it.
    """

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("企业")
        ENTREPRENEUR = "entrepreneur", _("创业者（个人）")
        CARRIER = "carrier", _("服务机构")

    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    name = models.CharField(_("单位名称"), max_length=100)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, null=True, blank=True, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="organizations", verbose_name=_("属地"))
    bureau = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("受理科技主管部门"))
    address = models.CharField(_("地址"), max_length=200, blank=True)
    nature = models.CharField(_("单位性质"), max_length=50, blank=True)
    legal_person = models.CharField(_("法定代表人"), max_length=50, blank=True)
    founded_on = models.DateField(_("成立日期"), null=True, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    resident_index = models.CharField(
        max_length=64,
        null=True,
        blank=True,
        unique=True,
        editable=False,
        help_text="blind index of the approved ID number: one person, one account",
    )
    verified_at = models.DateTimeField(_("认证通过时间"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("单位")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="entrepreneur") | models.Q(credit_code__isnull=False),
                name="organization_has_credit_code",
            ),
        )

    def __str__(self) -> str:
        return self.name


class NameHistory(models.Model):
    """A name that an organization bore until it was changed."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=100)
    until = models.DateTimeField()


class Membership(models.Model):
    """A person's part in an organization."""

    class Role(models.TextChoices):
        OWNER = "owner", _("管理员")
        HANDLER = "handler", _("经办人")
        FINANCE = "finance", _("财务")
        VIEWER = "viewer", _("查看")

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(_("角色"), max_length=8, choices=Role)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("成员")
        constraints = (models.UniqueConstraint(fields=("organization", "user"), name="membership_once"),)


class BankAccount(models.Model):
    """Where an organization is paid. A change makes a new row; a batch keeps its own copy."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="bank_accounts")
    holder = models.CharField(_("户名"), max_length=100)
    bank = models.CharField(_("开户银行"), max_length=100)
    number = EncryptedTextField(_("账号"))
    last_four = models.CharField(max_length=4)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("收款账户")
        constraints = (
            models.UniqueConstraint(
                fields=("organization",), condition=models.Q(active=True), name="one_active_bank_account"
            ),
        )


class ConfirmedPhone(models.Model):
    """A phone that somebody of the organization proved by an SMS code, and that is nobody's own number there."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="confirmed_phones")
    phone = models.CharField(_("手机号"), max_length=16, help_text="E.164")
    confirmed_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("已验证的手机号")
        constraints = (models.UniqueConstraint(fields=("organization", "phone"), name="confirmed_phone_once"),)


class EnterpriseRecord(models.Model):
    """A row imported from the enterprise registry, offered by 自动更新企业信息."""

    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    name = models.CharField(_("单位名称"), max_length=100)
    legal_person = models.CharField(_("法定代表人"), max_length=50, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    nature = models.CharField(_("单位性质"), max_length=50, blank=True)
    founded_on = models.DateField(_("成立日期"), null=True, blank=True)
    capital = YuanField(_("注册资本"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=100)
    imported_at = models.DateTimeField(_("导入时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("工商登记信息")

    def __str__(self) -> str:
        return self.name
