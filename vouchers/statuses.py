"""What the states of claims, accounts and vouchers are called, and whose turn it is."""

from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.statuses import Status, Statuses, register_statuses

CLAIM = Statuses(
    Status(code="draft", label=_("草稿"), tone="grey", turn="enterprise", next_text=_("检查后提交")),
    Status(
        code="awaiting_stamp",
        label=_("待上传盖章表"),
        tone="amber",
        turn="enterprise",
        next_text=_("打印盖章后上传扫描件"),
    ),
    Status(code="submitted", label=_("待初审"), tone="blue", turn="bureau", next_text=_("科技局审核中")),
    Status(
        code="returned",
        label=_("待补正"),
        tone="amber",
        turn="enterprise",
        next_text=_("按要求补正后重新提交"),
        sms=_("额度申领需补正，请登录平台查看"),
    ),
    Status(
        code="waitlisted",
        label=_("排队中"),
        tone="blue",
        turn="platform",
        next_text=_("预算有余额时按提交顺序发放，不用再次申领"),
        sms=_("额度申领已进入等候，预算有余额时按顺序发放"),
    ),
    Status(code="imported", label=_("已导入"), tone="blue", turn="platform", next_text=_("即将到账")),
    Status(code="offered", label=_("待接受"), tone="amber", turn="enterprise", next_text=_("接受后即时到账")),
    Status(
        code="approved",
        label=_("已到账"),
        tone="green",
        next_text=_("额度可以使用了"),
        sms=_("申领的创新券额度已到账，可登录平台使用"),
    ),
    Status(
        code="rejected",
        label=_("未通过"),
        tone="red",
        next_text=_("查看原因，符合条件后可重新申领"),
        sms=_("额度申领未通过，原因见平台站内信"),
    ),
    Status(code="declined", label=_("已谢绝"), tone="grey"),
    Status(code="withdrawn", label=_("已撤回"), tone="grey", next_text=_("可重新申领")),
    Status(
        code="lapsed",
        label=_("已失效"),
        tone="grey",
        next_text=_("可重新申领"),
        sms=_("额度申领已失效，原因见平台站内信"),
    ),
    Status(
        code="revoked",
        label=_("已收回"),
        tone="red",
        next_text=_("未使用的额度已收回"),
        sms=_("未使用的创新券额度已由科技局收回，原因见平台站内信"),
    ),
)

ACCOUNT = Statuses(
    Status(code="active", label=_("有效"), tone="green"),
    Status(code="lapsed", label=_("已失效"), tone="grey"),
)

VOUCHER = Statuses(
    Status(code="requested", label=_("待核额"), tone="blue", turn="bureau", next_text=_("科技局核定券额后发给机构")),
    Status(code="returned", label=_("待补正"), tone="amber", turn="enterprise", next_text=_("按要求补正后重新提交")),
    Status(
        code="issued",
        label=_("待机构确认"),
        tone="blue",
        turn="carrier",
        next_text=_("服务机构确认后生效，确认前可自行作废"),
    ),
    Status(code="confirmed", label=_("已确认"), tone="green", next_text=_("服务完成后申请兑付")),
    Status(code="redeeming", label=_("兑付中"), tone="blue", turn="bureau", next_text=_("兑付申请正在办理")),
    Status(code="paid", label=_("已兑付"), tone="green", next_text=_("款项已拨付")),
    Status(code="refused", label=_("未通过"), tone="red", next_text=_("额度已退回")),
    Status(code="voided", label=_("已作废"), tone="grey", next_text=_("额度已退回")),
    Status(
        code="returned_by_carrier",
        label=_("机构退回"),
        tone="amber",
        turn="enterprise",
        next_text=_("核对信息后重新提交，额度已退回"),
    ),
    Status(code="terminated", label=_("已终止"), tone="red", next_text=_("由科技局终止")),
    Status(code="lapsed", label=_("已失效"), tone="grey", next_text=_("未在有效期内确认或兑付")),
)

PROGRAMME = Statuses(
    Status(code="draft", label=_("草稿"), tone="grey"),
    Status(code="open", label=_("受理中"), tone="green"),
    Status(code="closed", label=_("已结束"), tone="grey"),
    Status(code="archived", label=_("已归档"), tone="grey"),
)


def register() -> None:
    """Make the rows known to tags, messages and exports."""
    register_statuses("vouchers.Programme", PROGRAMME)
    register_statuses("vouchers.Claim", CLAIM)
    register_statuses("vouchers.QuotaAccount", ACCOUNT)
    register_statuses("vouchers.Voucher", VOUCHER)
