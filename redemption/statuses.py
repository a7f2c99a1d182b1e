"""States of redemptions, batches and payments as people see them."""

from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.statuses import Status, Statuses

REDEMPTION = Statuses(
    Status(code="draft", label=_("草稿"), tone="grey", turn="third_party", next_text=_("核对明细后提交审核。")),
    Status(
        code="awaiting_consent",
        label=_("待企业确认"),
        tone="amber",
        turn="enterprise",
        next_text=_("企业同意后进入审核；不同意的，写明原因退回服务机构。"),
        sms=_("有一件兑付待您确认"),
    ),
    Status(
        code="in_review",
        label=_("审核中"),
        tone="blue",
        turn="bureau",
        next_text=_("科技局正在审核，结果会用短信和站内信告知。"),
    ),
    Status(
        code="returned",
        label=_("待补正"),
        tone="amber",
        turn="enterprise",
        next_text=_("按一次性告知的内容补正后重新提交。"),
        sms=_("兑付申请需补正，请登录查看"),
    ),
    Status(code="approved", label=_("核定通过"), tone="green", turn="bureau", next_text=_("将安排公示或拨付。")),
    Status(code="in_publicity", label=_("公示中"), tone="purple", turn="public", next_text=_("公示结束后拨付。")),
    Status(code="contested", label=_("异议处理中"), tone="purple", turn="bureau", next_text=_("答复异议后继续。")),
    Status(
        code="payable",
        label=_("待拨付"),
        tone="blue",
        turn="bureau",
        next_text=_("已核定，等待编入结算批次。"),
        sms=_("兑付申请已核定，等待拨付"),
    ),
    Status(code="paid", label=_("已拨付"), tone="green", next_text=_("款项已拨付到收款账户。"), sms=_("款项已拨付")),
    Status(code="rejected", label=_("不予兑付"), tone="red", next_text=_("原因见审核意见。"), sms=_("不予兑付")),
    Status(code="withdrawn", label=_("已撤回"), tone="grey", next_text=_("创新券仍有效，可以重新提交。")),
    Status(code="expired", label=_("已过期"), tone="grey", next_text=_("补正超过期限。创新券仍有效的可以重新提交。")),
    Status(code="recovered", label=_("已追回"), tone="red", next_text=_("款项已追回。")),
)

BATCH = Statuses(
    Status(
        code="draft", label=_("草稿"), tone="grey", turn="platform", next_text=_("核对明细后锁定，再由另一人复核。")
    ),
    Status(code="frozen", label=_("待复核"), tone="blue", turn="platform", next_text=_("由制单人以外的人复核。")),
    Status(code="countersigned", label=_("已锁定"), tone="blue", turn="platform", next_text=_("导出银行文件并拨付。")),
    Status(code="exported", label=_("已导出"), tone="blue", turn="platform", next_text=_("导入银行回单。")),
    Status(code="reconciled", label=_("已核对"), tone="green", next_text=_("系统合计与银行合计相符。")),
    Status(code="cancelled", label=_("已撤销"), tone="grey", next_text=_("明细已回到待拨付。")),
)

PAYMENT = Statuses(
    Status(code="pending", label=_("待拨付"), tone="blue"),
    Status(code="sent", label=_("已发送"), tone="blue"),
    Status(code="paid", label=_("已拨付"), tone="green"),
    Status(code="failed", label=_("拨付退回"), tone="amber", turn="enterprise", next_text=_("请更新收款账户。")),
)

PUBLICITY = Statuses(
    Status(code="draft", label=_("草稿"), tone="grey"),
    Status(code="open", label=_("公示中"), tone="purple", turn="public"),
    Status(code="closed", label=_("已结束"), tone="grey"),
)

OBJECTION = Statuses(
    Status(code="received", label=_("处理中"), tone="blue", turn="bureau"),
    Status(code="upheld", label=_("成立"), tone="red"),
    Status(code="dismissed", label=_("不成立"), tone="grey"),
)
