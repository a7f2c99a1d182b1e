"""The bureau's list of enterprises: which ones an office reads, with their sums."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy

from accounts.models import Organization, Verification
from innovation_voucher.casework import rights
from innovation_voucher.casework.statuses import Text
from innovation_voucher.casework.web import Viewer
from vouchers import desk
from vouchers.models import QuotaAccount, Voucher

#: Rights that let an office read enterprises beside those that read vouchers.
ALSO = ("review_verification", "review_claim")

VIEWS: dict[str, Text] = {
    "": gettext_lazy("全部"),
    "verified": gettext_lazy("已认证"),
    "unverified": gettext_lazy("未认证"),
    "frozen": gettext_lazy("有冻结"),
}


def enterprises(viewer: Viewer) -> QuerySet[Organization]:
    """Enterprises and entrepreneurs whose cases the reader's office accepts, each with its `key`.

    The key stands in addresses: the credit code, or the number of the first verification of a person.
    """
    paths = desk.paths_of(viewer, *ALSO)
    first = Verification.objects.filter(organization=OuterRef("pk")).order_by("pk").values("number")[:1]
    rows = Organization.objects.filter(rights.below(paths, "bureau__path"))
    return rows.exclude(kind=Organization.Kind.CARRIER).annotate(key=Coalesce("credit_code", Subquery(first)))


def with_ends(rows: QuerySet[Organization]) -> QuerySet[Organization]:
    """Each with the number of its vouchers that a bureau ended, None for none."""
    ended = Voucher.objects.filter(organization=OuterRef("pk"), status=Voucher.State.TERMINATED).order_by()
    return rows.annotate(terminated=Subquery(ended.values("organization").annotate(n=Count("pk")).values("n")))


def view_conditions() -> dict[str, Q]:
    """What the quick views show."""
    account = Exists(QuotaAccount.objects.filter(desk.frozen_now(QuotaAccount), organization=OuterRef("pk")))
    voucher = Exists(Voucher.objects.filter(desk.frozen_now(Voucher), organization=OuterRef("pk")))
    return {
        "": Q(pk__gt=0),
        "verified": Q(verified_at__isnull=False),
        "unverified": Q(verified_at=None),
        "frozen": Q(account) | Q(voucher),
    }


def with_sums(rows: QuerySet[Organization]) -> QuerySet[Organization]:
    """Each with its quota (yuan) and the number of its vouchers, as subqueries that multiply nothing."""
    accounts = QuotaAccount.objects.filter(organization=OuterRef("pk"), status="active").order_by()
    sums = accounts.values("organization")
    vouchers = Voucher.objects.filter(organization=OuterRef("pk")).order_by().values("organization")
    return rows.annotate(
        available=Subquery(sums.annotate(n=Sum("available")).values("n")),
        held=Subquery(sums.annotate(n=Sum("held")).values("n")),
        vouchers_count=Subquery(vouchers.annotate(n=Count("pk")).values("n")),
    ).select_related("bureau")
