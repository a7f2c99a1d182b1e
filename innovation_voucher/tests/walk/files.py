"""Small real files that the walk uploads."""

from dataclasses import dataclass
from pathlib import Path

from innovation_voucher.demo import papers


@dataclass(frozen=True)
class Papers:
    """Paths of a licence, a signed contract, a report and an invoice."""

    licence: Path
    contract: Path
    report: Path
    invoice: Path


def write(folder: Path) -> Papers:
    """Make the four files in a folder."""
    made = Papers(
        folder / "营业执照.jpg", folder / "技术服务合同.pdf", folder / "试验报告.pdf", folder / "电子发票.jpg"
    )
    made.licence.write_bytes(papers.picture("营业执照", "澄光测试设备有限公司"))
    made.contract.write_bytes(papers.pdf("技术服务合同", "甲方：澄光测试设备有限公司", "合同金额：30,000.00 元"))
    made.report.write_bytes(papers.pdf("试验报告", "疲劳寿命试验结果合格"))
    made.invoice.write_bytes(papers.picture("电子发票", "金额 30,000.00 元"))
    return made
