"""Words, tones and turns of the states of real-name verification."""

from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.statuses import Status, Statuses

VERIFICATION = Statuses(
    Status(code="draft", label=_("草稿"), tone="grey", turn="enterprise", next_text=_("填好各项后提交")),
    Status(code="submitted", label=_("待审核"), tone="blue", turn="bureau", next_text=_("科技局正在审核")),
    Status(
        code="returned",
        label=_("待补正"),
        tone="amber",
        turn="enterprise",
        next_text=_("改好补正项后重新提交"),
        sms=_("实名认证需补正，请登录平台查看"),
    ),
    Status(
        code="approved",
        label=_("已通过"),
        tone="green",
        next_text=_("可申领额度"),
        sms=_("实名认证已通过，可申领额度"),
    ),
    Status(
        code="rejected",
        label=_("未通过"),
        tone="red",
        turn="enterprise",
        next_text=_("看清原因后可重新发起"),
        sms=_("实名认证未通过，原因见平台站内信"),
    ),
    Status(
        code="expired",
        label=_("已过期"),
        tone="grey",
        turn="enterprise",
        next_text=_("没有在期限内补正，可重新发起"),
        sms=_("实名认证补正期限已过，可重新发起"),
    ),
    Status(code="withdrawn", label=_("已撤回"), tone="grey", turn="enterprise", next_text=_("可重新发起")),
    Status(code="superseded", label=_("已更新"), tone="grey", next_text=_("已有更新的认证")),
)
