"""G14: the printed voucher beside a bare page of WeasyPrint with a table and a code."""

import time
from collections.abc import Callable
from statistics import median

from innovation_voucher.lib import qr
from innovation_voucher.lib.pdf import font_css, render_html
from orders.models import Order
from storm import often
from vouchers import documents

from .report import Finding, ranged

EACH = often(2, 5)
MOST = 1.3


def measure(rounds: int) -> list[Finding]:
    """Alternating slices of some pages each, judged by CPU time; the first round warms up."""
    order = Order.objects.filter(voucher__isnull=False).select_related("voucher").first()
    assert order is not None
    assert order.voucher is not None
    voucher, page = order.voucher, _page()
    ratios, costs = [], []
    for n in range(rounds + 1):
        bare = _cpu(lambda: render_html(page))
        ours = _cpu(lambda: documents._render(voucher))  # noqa: SLF001  the page without the row that keeps it
        if n:
            ratios.append(ours / bare)
            costs.append(ours)
    words = f"{ranged(ratios)}, {1000 * median(costs):.0f} CPU ms a sheet"
    return [Finding("G14", "voucher's PDF / bare page", words, f"<= {MOST}", median(ratios) <= MOST)]


def _cpu(act: Callable[[], object]) -> float:
    started = time.process_time()
    for _n in range(EACH):
        act()
    return (time.process_time() - started) / EACH


def _page() -> str:
    """A4, 14 rows, the code as inline SVG, the packaged font."""
    rows = "".join(f"<tr><th>第 {n} 项</th><td>样机环境可靠性试验 {n * 1000:,}.00 元</td></tr>" for n in range(14))
    code = qr.svg("https://portal.example/q/7K3M9QTX2B8F/" + "x" * 22)
    return (
        f"<html lang='zh-Hans'><head><style>{font_css()}</style></head><body>{code}<table>{rows}</table></body></html>"
    )
