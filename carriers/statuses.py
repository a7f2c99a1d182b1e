"""What the states of a recognition and of an offer are called, and what comes next."""

from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.statuses import Status, Statuses

RECOGNITION = Statuses(
    Status(code="draft", label=_("草稿"), tone="grey", turn="carrier", next_text=_("提交后由所选地区的科技局审核")),
    Status(
        code="submitted",
        label=_("待审核"),
        tone="blue",
        turn="bureau",
        next_text=_("科技局审核后，结果以短信和站内信通知"),
    ),
    Status(code="returned", label=_("待补正"), tone="amber", turn="carrier", next_text=_("按一次性告知补正后重新提交")),
    Status(code="recognized", label=_("已入库"), tone="green", next_text=_("该地区及下辖地区的企业可以用券预约")),
    Status(code="rejected", label=_("未通过"), tone="red", next_text=_("可按意见完善后重新申请")),
    Status(code="withdrawn", label=_("已撤回"), tone="grey"),
    Status(
        code="suspended", label=_("已暂停"), tone="red", turn="bureau", next_text=_("恢复前该地区的企业不能用券预约")
    ),
    Status(code="ended", label=_("已下架"), tone="grey", next_text=_("需要恢复时重新申请入库")),
)

OFFERING = Statuses(
    Status(code="listed", label=_("已上架"), tone="green"),
    Status(code="unlisted", label=_("已下架"), tone="grey", next_text=_("重新上架后可以预约")),
)
