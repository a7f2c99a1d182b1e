"""What the bureau's pages of vouchers show: which ones an office reads, their filters, their rows."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Qualification
from accounts.qualified import flags_below
from innovation_voucher.casework import calendar, rights
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.statuses import Text
from innovation_voucher.casework.web import Viewer

from . import rules
from .desk_forms import VoucherFilters
from .models import QuotaAccount, Voucher

State = Voucher.State

#: Any of these rights lets an office read the vouchers of its regions.
READERS = ("view_cases", "review_use", rules.CONTROL)
ROWS = 20

ENDED = (State.REFUSED, State.VOIDED, State.RETURNED_BY_CARRIER, State.TERMINATED, State.LAPSED)


def frozen_now(model: type[Voucher | QuotaAccount]) -> Q:
    """Vouchers or accounts whose freeze holds today, as `rules.is_frozen` says it of one."""
    holds = Q(frozen_until=None) | Q(frozen_until__gte=calendar.today())
    return ~Q(frozen_reason="") & Q(status__in=rules.FREEZABLE[model]) & holds


def views() -> dict[str, tuple[Text, Q]]:
    """The quick views over the list."""
    return {
        "": (gettext_lazy("全部"), Q(pk__gt=0)),
        "review": (gettext_lazy("待核额"), Q(status__in=(State.REQUESTED, State.RETURNED))),
        "waiting": (gettext_lazy("待机构确认"), Q(status=State.ISSUED)),
        "confirmed": (gettext_lazy("已确认"), Q(status=State.CONFIRMED)),
        "redeeming": (gettext_lazy("兑付中"), Q(status=State.REDEEMING)),
        "paid": (gettext_lazy("已兑付"), Q(status=State.PAID)),
        "over": (gettext_lazy("已结束"), Q(status__in=ENDED)),
        "frozen": (gettext_lazy("已冻结"), frozen_now(Voucher)),
    }


def paths_of(viewer: Viewer, *more: str) -> list[str]:
    """Region paths whose vouchers the reader's office reads; NotAllowed (403) for offices that read none."""
    paths = [path for right in (*READERS, *more) for path in viewer.reach[right]]
    if not paths:
        raise NotAllowed(_("这里由科技主管部门查看辖区的企业和创新券。如需查看，请联系平台管理员授权。"))
    return paths


def in_reach(viewer: Viewer) -> QuerySet[Voucher]:
    """The vouchers of the reader's regions."""
    return Voucher.objects.filter(rights.below(paths_of(viewer), "region__path"))


class VoucherList:
    """The list as its address asks for it."""

    def __init__(self, request: HttpRequest, viewer: Viewer) -> None:
        self.request, self.viewer = request, viewer
        asked = request.GET.get("view", "")
        self.view = asked if asked in views() else ""
        self.form = VoucherFilters(request.GET, view=self.view)

    @cached_property
    def filtered(self) -> QuerySet[Voucher]:
        """What the filters leave, in every quick view."""
        return in_reach(self.viewer).filter(self.form.condition)

    @property
    def rows(self) -> QuerySet[Voucher]:
        """What the filters and the quick view leave, in the order that is asked for."""
        found = self.filtered.filter(views()[self.view][1])
        frozen = ExpressionWrapper(frozen_now(Voucher), output_field=BooleanField())
        return found.annotate(is_frozen=frozen).select_related("region").order_by(*self.form.ordering)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many each quick view holds (one query)."""
        named = {f"n_{key or 'all'}": Count("pk", filter=condition) for key, (_label, condition) in views().items()}
        counts: dict[str, int] = self.filtered.aggregate(**named)
        return {key: counts[f"n_{key or 'all'}"] for key in views()}

    @property
    def page(self) -> Any:
        """The page of the address; the count is known from the tabs."""
        paginator = Paginator(self.rows, ROWS)
        paginator.count = self.counts[self.view]
        return paginator.get_page(self.request.GET.get("page"))

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The quick views; each keeps the filters."""
        return [
            {"label": label, "url": self.address(view=key), "current": key == self.view, "count": self.counts[key]}
            for key, (label, _condition) in views().items()
        ]

    @property
    def flags(self) -> list[Qualification]:
        """Grants to organizations that left their list since, the newest; there to be looked at."""
        return list(flags_below(paths_of(self.viewer))[:ROWS])

    @property
    def chips(self) -> list[dict[str, Any]]:
        """Each filter in use with the address without it."""
        return [{"label": words, "url": self.address(**{name: ""})} for name, words in self.form.in_use]

    def address(self, **changes: str) -> str:
        """This list with other words in its address; the page starts anew."""
        query = self.request.GET.copy()
        query.pop("page", None)
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return f"?{query.urlencode()}"
