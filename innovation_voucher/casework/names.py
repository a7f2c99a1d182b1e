"""Chinese names of columns that recur in many tables, said once; pages of the admin head their columns with them."""

from django.apps import apps
from django.utils.translation import gettext_lazy as _

#: A column that a model names itself keeps its own name.
NAMES = {
    "available": _("可用额度"),
    "carrier": _("服务机构"),
    "created_at": _("建立时间"),
    "decided_at": _("办理时间"),
    "finished_orders": _("已完成订单"),
    "frozen_reason": _("冻结原因"),
    "frozen_until": _("冻结至"),
    "granted": _("已获额度"),
    "held": _("占用"),
    "in_batch": _("待拨付"),
    "lapsed": _("已失效"),
    "last_used_at": _("上次使用"),
    "latitude": _("纬度"),
    "listed_at": _("上架时间"),
    "longitude": _("经度"),
    "number": _("编号"),
    "organization": _("单位"),
    "parent": _("上级分类"),
    "programme": _("创新券方案"),
    "recovered": _("已收回"),
    "region": _("地区"),
    "sent_at": _("发送时间"),
    "spent": _("已使用"),
    "status": _("状态"),
    "subject": _("标题"),
    "submitted_at": _("提交时间"),
    "type": _("方式"),
    "user": _("用户"),
}


def name_fields() -> None:
    """Give every field that was declared without a name the one of `NAMES`; called once all models are loaded.

    The names stay out of the migrations: a field is described there by what it was declared with.
    """
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if getattr(field, "_verbose_name", "") is None and field.name in NAMES:
                field.verbose_name = NAMES[field.name]
