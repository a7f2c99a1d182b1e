"""Regions, the offices that act in them, and the guardian tables of rights on regions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase


class Region(models.Model):
    """A node of the GB/T 2260 tree, or a high-tech zone inside a county.

    `path` is the chain of codes from the root, each followed by a slash ("330000/330100/330108/"),
    so that "covers" is a prefix test.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", _("省")
        CITY = "city", _("市")
        COUNTY = "county", _("县（市、区）")
        ZONE = "zone", _("高新区")

    code = models.CharField(_("代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=50)
    full_name = models.CharField(_("全称"), max_length=120)
    level = models.CharField(_("级别"), max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )
    path = models.CharField(max_length=60, unique=True, editable=False)
    latitude = models.FloatField(_("纬度"), null=True, blank=True)
    longitude = models.FloatField(_("经度"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("地区")
        ordering = ("code",)
        permissions = (
            ("review_verification", _("审核实名认证")),
            ("review_claim", _("审核额度申领")),
            ("review_use", _("审核创新券使用")),
            ("review_recognition", _("审核机构入库")),
            ("review_redemption", _("审核兑付")),
            ("open_redemptions", _("统一办理兑付")),
            ("terminate_voucher", _("终止创新券")),
            ("view_cases", _("查看辖区业务")),
            ("set_rules", _("设置规则")),
            ("manage_programmes", _("管理方案")),
            ("manage_lists", _("管理资格名单")),
            ("publish_notices", _("发布公示")),
            ("settle", _("制作结算批次")),
            ("countersign", _("复核结算批次")),
            ("audit", _("查看审计记录")),
        )

    def __str__(self) -> str:
        return self.full_name

    def covers(self, other: "Region") -> bool:
        """Whether `other` is this region or lies below it."""
        return other.path.startswith(self.path)

    @property
    def ancestor_codes(self) -> list[str]:
        """Codes from the root down to this region, itself included."""
        return self.path.strip("/").split("/")


class RegionUserPermission(UserObjectPermissionBase):
    """A right of one person on a region (guardian, real foreign key)."""

    content_object = models.ForeignKey(Region, models.CASCADE)


class RegionGroupPermission(GroupObjectPermissionBase):
    """A right of an office's group on a region (guardian, real foreign key)."""

    content_object = models.ForeignKey(Region, models.CASCADE)


class Office(models.Model):
    """A bureau, agency, centre, third party, platform or province: people who act for a region.

    The people are the members of `group`; what they may do are the group's rights on regions.
    """

    class Kind(models.TextChoices):
        BUREAU = "bureau", _("科技主管部门")
        AGENCY = "agency", _("专业机构")
        CENTRE = "centre", _("管理中心")
        THIRD_PARTY = "third_party", _("第三方服务机构")
        PLATFORM = "platform", _("平台运营")
        PROVINCE = "province", _("省级主管部门")

    name = models.CharField(_("名称"), max_length=100, unique=True)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("地区"), related_name="offices")
    group = models.OneToOneField("auth.Group", models.PROTECT, verbose_name=_("用户组"))
    hotline = models.CharField(_("咨询电话"), max_length=30, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("机关与机构")
        ordering = ("region__code", "kind")

    def __str__(self) -> str:
        return self.name
