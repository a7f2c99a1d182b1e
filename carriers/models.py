"""Carriers, where they are recognized, and what they offer."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import Organization
from innovation_voucher.casework.fsm import Stateful
from innovation_voucher.casework.models import Region
from innovation_voucher.lib.money import YuanField

from .mutual_models import MutualEntry, MutualImport, MutualList
from .querysets import CarrierQuerySet, OfferingQuerySet
from .search import RegionPathField, SearchField

__all__ = [
    "Carrier",
    "CarrierRecognition",
    "Category",
    "Instrument",
    "MutualEntry",
    "MutualImport",
    "MutualList",
    "Offering",
    "Rated",
    "Service",
]


class Category(models.Model):
    """A node of the service categories, three levels at most."""

    code = models.CharField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=50)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("服务类别")
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.name

    @property
    def trail(self) -> "list[Category]":
        """From the root down to this node; select_related("parent__parent") saves the queries."""
        return [*(self.parent.trail if self.parent else ()), self]


class Rated(models.Model):
    """Figures that orders writes through services: real ratings, default ratings, finished orders."""

    stars_total = models.PositiveIntegerField(default=0, editable=False)
    stars_count = models.PositiveIntegerField(default=0, editable=False)
    default_count = models.PositiveIntegerField(default=0, editable=False)
    finished_orders = models.PositiveIntegerField(default=0, editable=False)
    rating = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="mean of the real ratings in hundredths, 0 without any"
    )
    rank = models.PositiveIntegerField(default=400, editable=False, help_text="order of 综合, by `ranked`")
    search_text = SearchField(editable=False, default="")
    region_path = RegionPathField(help_text="of the carrier's address; written when the row is made")

    class Meta:
        abstract = True

    @property
    def stars(self) -> float | None:
        """Mean of the real ratings, one decimal; None without any. Default ratings do not count."""
        return round(self.stars_total / self.stars_count, 1) if self.stars_count else None

    def ranked(self) -> int:
        """Place in the order of 综合: the rating, pulled to 4.0 while there are few, and the work done."""
        return round(100 * (self.stars_total + 20) / (self.stars_count + 5)) + min(self.finished_orders, 100)


class Carrier(Rated):
    """A laboratory, institute or service firm (UI: 服务机构)."""

    organization = models.OneToOneField(Organization, models.PROTECT, related_name="carrier")
    number = models.CharField(_("机构编号"), max_length=20, unique=True)
    name = models.CharField(_("机构名称"), max_length=100)
    summary = models.TextField(_("机构简介"), max_length=2000, blank=True)
    qualifications = models.CharField(_("资质"), max_length=200, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="carriers", verbose_name=_("所在地"))
    address = models.CharField(_("地址"), max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=50, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    shown = models.BooleanField(
        _("已入库"), default=False, editable=False, help_text="recognized by at least one region"
    )
    standings = models.JSONField(
        default=list, editable=False, help_text="regions that recognize or suspend it, for lists; written with `shown`"
    )
    answer_minutes = models.PositiveIntegerField(null=True, editable=False, help_text="median time to answer a booking")

    objects = CarrierQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("服务机构")
        ordering = ("number",)
        indexes = (models.Index("latitude", "longitude", name="carrier_by_place", condition=models.Q(shown=True)),)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        """A new row takes the path of its region."""
        if self._state.adding:
            self.region_path = self.region.path
        super().save(*args, **options)


class CarrierRecognition(Stateful):
    """A region's recognition of a carrier; it covers everything below the region."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审核")
        RETURNED = "returned", _("待补正")
        RECOGNIZED = "recognized", _("已入库")
        REJECTED = "rejected", _("未通过")
        WITHDRAWN = "withdrawn", _("已撤回")
        SUSPENDED = "suspended", _("已暂停")
        ENDED = "ended", _("已下架")

    number = models.CharField(_("受理编号"), max_length=40, unique=True)
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="recognitions")
    region = models.ForeignKey(Region, models.PROTECT, related_name="recognitions")
    status = FSMField(default=State.DRAFT, choices=State.choices, protected=True)
    statement = models.TextField(_("申请说明"), max_length=1000, blank=True)
    reason = models.TextField(_("最近一次办理意见"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("机构入库")
        constraints = (
            models.UniqueConstraint(
                fields=("carrier", "region"),
                condition=models.Q(status__in=("draft", "submitted", "returned", "recognized", "suspended")),
                name="one_live_recognition",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @transition(status, source=(State.DRAFT, State.RETURNED), target=State.SUBMITTED)
    def submit(self) -> None:
        """Handed to the region's bureau."""

    @transition(status, source=State.SUBMITTED, target=State.RETURNED)
    def return_(self) -> None:
        """Back with what to mend."""

    @transition(status, source=State.SUBMITTED, target=State.RECOGNIZED)
    def recognize(self) -> None:
        """Its enterprises may book."""

    @transition(status, source=State.SUBMITTED, target=State.REJECTED)
    def reject(self) -> None:
        """Refused."""

    @transition(status, source=(State.DRAFT, State.SUBMITTED, State.RETURNED), target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """Taken back."""

    @transition(status, source=State.RECOGNIZED, target=State.SUSPENDED)
    def suspend(self) -> None:
        """For a time no new bookings."""

    @transition(status, source=State.SUSPENDED, target=State.RECOGNIZED)
    def resume(self) -> None:
        """Open again."""

    @transition(status, source=(State.RECOGNIZED, State.SUSPENDED), target=State.ENDED)
    def end(self) -> None:
        """For good."""


class Offering(Rated):
    """What services and instruments share."""

    number = models.CharField(_("编号"), max_length=20, unique=True)
    title = models.CharField(_("名称"), max_length=100)
    description = models.TextField(_("说明"), max_length=4000, blank=True)
    listed = models.BooleanField(_("上架"), default=True)
    listed_at = models.DateTimeField(null=True, blank=True)
    voucher_eligible = models.BooleanField(_("可用创新券"), default=True)
    promise = models.CharField(_("服务承诺"), max_length=200, blank=True)
    carrier: models.ForeignKey[Carrier, Carrier]

    objects = OfferingQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **options: Any) -> None:
        """A new row takes the place of its carrier."""
        if self._state.adding:
            self.region_path = self.carrier.region_path
        super().save(*args, **options)

    @property
    def shown_status(self) -> str:
        """Code of the status row: listed or unlisted."""
        return "listed" if self.listed else "unlisted"


def _sorted_by(name: str) -> tuple[models.Index, ...]:
    """Indexes for the ways in which the catalogue sorts what is listed."""
    listed = models.Q(listed=True)
    return (
        models.Index(models.F("rank").desc(), "number", name=f"{name}_by_rank", condition=listed),
        models.Index(models.F("finished_orders").desc(), "number", name=f"{name}_by_finished", condition=listed),
        models.Index("price", "number", name=f"{name}_by_price", condition=listed),
        models.Index(models.F("rating").desc(), "number", name=f"{name}_by_rating", condition=listed),
    )


class Service(Offering):
    """A service item that can be booked."""

    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="services")
    category = models.ForeignKey(Category, models.PROTECT, related_name="services", verbose_name=_("类别"))
    price = YuanField(_("参考价"), null=True, blank=True, help_text=_("留空为价格面议"))
    price_from = models.BooleanField(_("起"), default=False)
    fixed_price = models.BooleanField(_("一口价"), default=False)
    unit = models.CharField(_("计价单位"), max_length=10, default="次")
    working_days = models.PositiveSmallIntegerField(_("服务周期（工作日）"), null=True, blank=True)
    methods = models.CharField(_("标准与方法"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("服务项目")
        ordering = ("number",)
        indexes = _sorted_by("service")


class Instrument(Offering):
    """An instrument whose time can be booked."""

    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="instruments")
    category = models.ForeignKey(Category, models.PROTECT, related_name="instruments", verbose_name=_("类别"))
    maker = models.CharField(_("生产厂商"), max_length=100, blank=True)
    model = models.CharField(_("型号"), max_length=100, blank=True)
    location = models.CharField(_("安放地点"), max_length=200, blank=True)
    price = YuanField(_("参考价"), null=True, blank=True)
    unit = models.CharField(_("计价单位"), max_length=10, default="小时")

    class Meta:
        verbose_name = verbose_name_plural = _("仪器设备")
        ordering = ("number",)
        indexes = _sorted_by("instrument")
