"""One enterprise from all sides, for the bureau."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organization, Verification
from innovation_voucher.casework.statuses import status_of
from innovation_voucher.casework.templatetags.portal import cn_datetime, iso_day, yuan
from innovation_voucher.casework.web import Viewer
from innovation_voucher.lib.references import group_code
from vouchers import buttons, rules
from vouchers.models import Claim, QuotaAccount, Voucher

from ..listing import with_shown
from ..models import Order
from .tables import Table, table

#: So many of the newest rows stand on the page; the lists have the rest.
NEWEST = 10


@dataclass(frozen=True)
class EnterprisePage:
    """One enterprise from all sides."""

    organization: Organization
    viewer: Viewer

    @property
    def facts(self) -> list[dict[str, Any]]:
        firm = self.organization
        rows = [
            (_("类型"), firm.get_kind_display()),
            (_("统一社会信用代码"), firm.credit_code),
            (_("属地"), firm.region.full_name),
            (_("受理部门"), firm.bureau.full_name),
            (_("法定代表人"), firm.legal_person),
            (_("地址"), firm.address),
            (_("认证通过时间"), cn_datetime(firm.verified_at)),
        ]
        return [{"label": label, "value": value} for label, value in rows if value]

    @cached_property
    def accounts(self) -> list[QuotaAccount]:
        """Quota accounts, the newest first, each with its buttons."""
        rows = QuotaAccount.objects.filter(organization=self.organization).select_related("programme")
        return list(rows.order_by("-valid_until", "-pk"))

    @property
    def quota(self) -> Table:
        heads = [
            (_("额度账户"), False),
            (_("已获"), True),
            (_("可用"), True),
            (_("占用"), True),
            (_("已用"), True),
            (_("有效期至"), False),
            (_("状态"), False),
        ]
        return table(heads, [self._account_row(account) for account in self.accounts])

    @staticmethod
    def _account_row(account: QuotaAccount) -> list[Any]:
        frozen = rules.is_frozen(account)
        state = _("已冻结：%s") % account.frozen_reason if frozen else str(status_of(account).label)
        sums = [yuan(getattr(account, name)) for name in ("granted", "available", "held", "spent")]
        return [f"{account.programme.name} {account.number}", *sums, iso_day(account.valid_until), state]

    @cached_property
    def account_acts(self) -> list[tuple[QuotaAccount, buttons.Button]]:
        """Freezing or freeing each account that is not over."""
        live = [account for account in self.accounts if account.status == QuotaAccount.State.ACTIVE]
        return [
            (account, button)
            for account in live
            for button in buttons.account_buttons(self.viewer.user, account, self.organization.bureau)
        ]

    @property
    def verifications(self) -> Table:
        heads = [(_("受理编号"), False), (_("状态"), False), (_("提交时间"), False)]
        found = Verification.objects.filter(organization=self.organization).exclude(status="draft").order_by("-pk")
        rows: list[list[Any]] = [
            [
                (v.number, reverse("desk-case", args=["verification", v.number])),
                status_of(v).label,
                cn_datetime(v.submitted_at),
            ]
            for v in found[:NEWEST]
        ]
        return table(heads, rows)

    @property
    def claims(self) -> Table:
        heads = [
            (_("申领编号"), False),
            (_("申请（元）"), True),
            (_("到账（元）"), True),
            (_("状态"), False),
            (_("时间"), False),
        ]
        found = Claim.objects.filter(organization=self.organization).exclude(status="draft").order_by("-pk")
        rows = [
            [c.number, yuan(c.asked), yuan(c.granted), status_of(c).label, cn_datetime(c.submitted_at)]
            for c in found[:NEWEST]
        ]
        return table(heads, rows)

    @property
    def orders(self) -> Table:
        heads = [(_("服务"), False), (_("订单编号"), False), (_("服务机构"), False), (_("状态"), False)]
        found = Order.objects.filter(organization=self.organization).select_related("carrier", "voucher")
        rows = [[o.title, o.number, o.carrier.name, status_of(o).label] for o in with_shown(found[:NEWEST])]
        return table(heads, rows)

    @cached_property
    def vouchers(self) -> list[Voucher]:
        return list(Voucher.objects.filter(organization=self.organization)[:NEWEST])

    @property
    def voucher_table(self) -> Table:
        heads = [(_("券号"), False), (_("服务机构"), False), (_("券额（元）"), True), (_("状态"), False)]
        rows: list[list[Any]] = [
            [
                (group_code(v.code), reverse("desk-voucher", args=[v.code])),
                v.carrier_name,
                yuan(v.amount),
                _voucher_words(v),
            ]
            for v in self.vouchers
        ]
        return table(heads, rows)

    @property
    def flags(self) -> list[str]:
        """What an officer should know before anything else."""
        ended = getattr(self.organization, "terminated", 0)
        frozen = [account for account in self.accounts if rules.is_frozen(account)]
        said = [_("额度账户 %(number)s 已冻结：%(why)s") % {"number": a.number, "why": a.frozen_reason} for a in frozen]
        if ended:
            said.append(_("有 %(n)d 张创新券被终止") % {"n": ended})
        if self.organization.verified_at is None:
            said.append(_("还没有通过实名认证"))
        return said


def _voucher_words(voucher: Voucher) -> str:
    label = str(status_of(voucher).label)
    return _("%(state)s，已冻结") % {"state": label} if rules.is_frozen(voucher) else label
