"""Standard reasons to return a case, as a start; the province edits them in the admin."""

from typing import Any

from django.db import migrations

#: Key of the subject ("" = all), key of the field or file ("" = the whole), words.
REASONS = (
    ("", "", "材料不清晰或缺页，请重新上传清晰完整的彩色扫描件"),
    ("", "", "材料缺少公章或签字，请补盖公章、补签字后重新上传"),
    ("verification", "name", "单位名称与营业执照不一致，请按营业执照全称填写"),
    ("verification", "holder", "户名与单位名称不一致，请填写本单位对公账户"),
    ("carrier", "", "缺少资质证书或证书已过期，请补充在有效期内的资质证明"),
    ("carrier", "items", "服务内容、收费标准写得不完整，请补充后重新提交"),
    ("claim", "amount", "申领金额与项目需求不相符，请按实际服务需求调整"),
    ("use", "contract", "合同缺少签订日期、金额或盖章页，请上传双方盖章的完整合同"),
    ("use", "contract_amount", "填写的合同金额与合同不一致，请按合同填写"),
    ("redeem", "invoices", "发票购买方名称与企业名称不一致，请重新开具或上传更名证明"),
    ("redeem", "receipts", "银行回单与发票金额或收款方不一致，请补充对应的付款凭证"),
    ("redeem", "", "服务成果材料不能说明服务内容和完成情况，请补充服务报告"),
)


def add(apps: Any, _editor: Any) -> None:
    model = apps.get_model("casework", "ReturnReason")
    rows = [
        model(key=key, target=target, words=words, position=10 * position)
        for position, (key, target, words) in enumerate(REASONS, 1)
    ]
    model.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("casework", "0008_saved_views")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
