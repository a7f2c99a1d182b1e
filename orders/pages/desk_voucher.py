"""One voucher for the bureau, with all that hangs on it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from innovation_voucher.casework import audit
from innovation_voucher.casework.models import ReviewCase
from innovation_voucher.casework.templatetags.portal import cn_datetime, iso_day, yuan
from innovation_voucher.casework.web import Viewer
from vouchers import buttons, rules
from vouchers.models import LedgerEntry, Voucher
from vouchers.quota_pages import TITLES

from ..models import Order, Scan
from ..verdicts import REASONS
from .tables import Table, table

#: So many of the newest looks stand on the page.
LOOKS = 10


@dataclass(frozen=True)
class VoucherPage:
    """One voucher for the bureau; the order comes with it."""

    voucher: Voucher
    viewer: Viewer

    @property
    def order(self) -> Order:
        found: Order = self.voucher.order
        return found

    @property
    def frozen(self) -> str:
        """Why it is frozen, empty when it is not."""
        return rules.frozen_words(self.voucher) if rules.is_frozen(self.voucher) else ""

    @property
    def facts(self) -> list[dict[str, Any]]:
        voucher = self.voucher
        rows = [
            (_("企业"), voucher.organization_name),
            (_("服务机构"), voucher.carrier_name),
            (_("服务内容"), f"{voucher.service_title}（{voucher.service_category}）"),
            (_("合同"), f"{voucher.contract_name} {voucher.contract_number}"),
            (_("签订日期"), iso_day(voucher.contract_date)),
            (_("方案"), voucher.programme.name),
            (_("由谁兑付"), voucher.get_redeemer_display()),
            (_("有效期至"), iso_day(voucher.valid_until)),
            (_("兑付截止"), iso_day(voucher.redeem_until)),
            (_("订单"), f"{self.order.number}（{self.order.get_status_display()}）"),
            (_("结束原因"), voucher.end_reason),
        ]
        return [{"label": label, "value": value} for label, value in rows if value]

    @property
    def amounts(self) -> list[dict[str, Any]]:
        """Rows of the amounts card."""
        voucher = self.voucher
        rows = [
            (_("合同金额"), voucher.contract_amount),
            (_("券额"), voucher.amount),
            (_("占用额度"), voucher.held),
            (_("在结算批次"), voucher.in_batch),
            (_("已拨付"), voucher.paid_amount),
        ]
        return [{"label": label, "value": yuan(worth), "look": ""} for label, worth in rows if worth]

    @cached_property
    def offered(self) -> list[buttons.Button]:
        return buttons.voucher_buttons(self.viewer.user, self.voucher)

    @property
    def events(self) -> list[audit.TimelineEntry]:
        return audit.timeline(self.voucher)

    @property
    def case_url(self) -> str:
        """The review of its use; empty where there was none."""
        number = f"YQ-{self.voucher.code}"
        return reverse("desk-case", args=["use", number]) if ReviewCase.objects.filter(number=number).exists() else ""

    @property
    def entries(self) -> Table:
        """The voucher's own movements in the ledger, the oldest first."""
        found = LedgerEntry.objects.filter(reference__startswith=f"{self.voucher.code}/")
        heads = [(_("时间"), False), (_("事项"), False), (_("金额（元）"), True), (_("流水号"), False)]
        rows = [[cn_datetime(e.at), str(TITLES[e.kind]), yuan(e.amount), e.reference] for e in found]
        return table(heads, rows)

    @property
    def scans(self) -> Table:
        """The newest looks at it."""
        found = Scan.objects.filter(voucher=self.voucher).select_related("user")[:LOOKS]
        heads = [(_("时间"), False), (_("方式"), False), (_("结果"), False), (_("谁"), False)]
        who = _("未登录")
        rows = [
            [cn_datetime(s.at), s.get_road_display(), str(REASONS.get(s.reason, s.reason)), str(s.user or who)]
            for s in found
        ]
        return table(heads, rows)
