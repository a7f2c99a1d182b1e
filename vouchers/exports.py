"""The bureau's list of vouchers as a table for other programs."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy

from innovation_voucher.casework.statuses import Text
from innovation_voucher.lib.references import group_code

from .models import Voucher

#: The most rows of one export.
EXPORT_ROWS = 20_000

HEADS: tuple[Text, ...] = (
    gettext_lazy("券号"),
    gettext_lazy("企业"),
    gettext_lazy("服务机构"),
    gettext_lazy("服务内容"),
    gettext_lazy("合同编号"),
    gettext_lazy("合同金额（元）"),
    gettext_lazy("券额（元）"),
    gettext_lazy("状态"),
    gettext_lazy("申请日期"),
    gettext_lazy("有效期至"),
    gettext_lazy("受理地区"),
)


def export_rows(vouchers: Iterable[Voucher]) -> Iterator[list[Any]]:
    """The cells of an export under `HEADS`."""
    for voucher in vouchers:
        yield [
            group_code(voucher.code),
            voucher.organization_name,
            voucher.carrier_name,
            voucher.service_title,
            voucher.contract_number,
            voucher.contract_amount,
            voucher.amount,
            voucher.get_status_display(),
            voucher.requested_at,
            voucher.valid_until,
            voucher.region.full_name,
        ]
