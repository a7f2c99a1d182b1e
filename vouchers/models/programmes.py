"""A programme: one kind of voucher of one scheme family in one year."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from innovation_voucher.casework.fsm import Stateful
from innovation_voucher.casework.models import Region


class Programme(Stateful):
    """创新券方案. Unique by (family, year, kind); its rules are versions and overrides."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        OPEN = "open", _("受理中")
        CLOSED = "closed", _("已结束")
        ARCHIVED = "archived", _("已归档")

    family = models.SlugField(_("系列"), max_length=40)
    year = models.PositiveSmallIntegerField(_("年度"))
    kind = models.SlugField(_("券种"), max_length=40, blank=True)
    name = models.CharField(_("名称"), max_length=100)
    summary = models.CharField(_("一句话说明"), max_length=200, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="programmes", verbose_name=_("主管地区"))
    participating = models.ManyToManyField(
        Region, related_name="+", blank=True, verbose_name=_("参与地区"), help_text=_("留空为主管地区下全部")
    )
    status = FSMField(default=State.DRAFT, choices=State.choices, protected=True)
    opens_on = models.DateField(_("受理开始"))
    closes_on = models.DateField(_("受理截止"))
    rules_stamp = models.PositiveIntegerField(
        default=0, editable=False, help_text="raised by every publication: what is kept in memory is asked for by it"
    )
    shared_cap = models.BooleanField(_("与同系列其他券种共用上限"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("创新券方案")
        ordering = ("-year", "family", "kind")
        constraints = (models.UniqueConstraint(fields=("family", "year", "kind"), name="programme_once"),)

    def __str__(self) -> str:
        return self.name

    def counts_with(self, other: "Programme") -> bool:
        """Whether claims under both count against the same yearly cap."""
        shared = self.shared_cap and other.shared_cap
        return self.pk == other.pk or (shared and (self.family, self.year) == (other.family, other.year))

    @transition(status, source=State.DRAFT, target=State.OPEN)
    def open(self) -> None:
        """Claims and uses are accepted."""

    @transition(status, source=State.OPEN, target=State.CLOSED)
    def close(self) -> None:
        """No new claims."""

    @transition(status, source=State.CLOSED, target=State.ARCHIVED)
    def archive(self) -> None:
        """Kept for the record."""
