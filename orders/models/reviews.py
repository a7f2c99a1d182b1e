"""服务评价: stars and words on a finished service."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .orders import Order

STARS = [(5, _("非常满意")), (4, _("满意")), (3, _("基本满意")), (2, _("不满意")), (1, _("非常不满意"))]


class ServiceReview(models.Model):
    """One review per order; `by_system` marks the default good review, kept out of averages."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="review")
    stars = models.PositiveSmallIntegerField(_("总体评价"), choices=STARS)
    efficiency = models.PositiveSmallIntegerField(_("办事效率"), choices=STARS, null=True, blank=True)
    skill = models.PositiveSmallIntegerField(_("专业水平"), choices=STARS, null=True, blank=True)
    pricing = models.PositiveSmallIntegerField(_("收费透明"), choices=STARS, null=True, blank=True)
    words = models.TextField(_("评价内容"), max_length=500, blank=True)
    anonymous = models.BooleanField(_("匿名"), default=False)
    by_system = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reply = models.TextField(_("机构回复"), max_length=500, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("服务评价")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="review_stars_1_to_5"),
            models.CheckConstraint(
                condition=Q(by_system=True, author__isnull=True) | Q(by_system=False, author__isnull=False),
                name="review_author_or_system",
            ),
        )
