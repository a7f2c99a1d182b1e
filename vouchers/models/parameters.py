"""Every parameter that a scheme may set, typed; versions and overrides share these columns.

An empty column means "not set here": an override then leaves what the programme says, and a
programme has no such limit. Amounts in yuan. See docs/policy.md for the meaning of each.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from innovation_voucher.lib.money import YuanField


class ClaimMode(models.TextChoices):
    INSTANT = "instant", _("即时到账")
    REVIEWED = "reviewed", _("审核后到账")
    PER_ORDER = "per_order", _("按订单申请")
    EXTERNAL = "external", _("在其他平台申领")


class Grant(models.TextChoices):
    REQUESTED = "requested", _("申领金额")
    APPROVED = "approved", _("核定金额")
    FULL_CAP = "full_cap", _("年度上限全额")
    COMPUTED = "computed", _("按订单计算")


class AmountBase(models.TextChoices):
    CONTRACT = "contract", _("合同金额")
    CONTRACT_OR_INVOICES = "contract_or_invoices", _("合同与发票取低")
    ORDERS_OR_INVOICES = "orders_or_invoices", _("订单与发票取低")
    EFFECTIVE_OR_INVOICES = "effective_or_invoices", _("合同有效金额与发票取低")
    REVIEWER = "reviewer", _("审核人核定")


class TiersApply(models.TextChoices):
    MARGINAL = "marginal", _("分段累进")
    WHOLE = "whole", _("全额适用")


class Rounding(models.TextChoices):
    HALF_UP = "half_up", _("四舍五入")
    DOWN = "down", _("舍去")


class HoldAt(models.TextChoices):
    USE_REQUESTED = "use_requested", _("申请使用时")
    USE_SUBMITTED = "use_submitted", _("提交使用时")
    ORDER_PLACED = "order_placed", _("下单时")
    REGION_CONFIRMS = "region_confirms", _("科技局核额时")
    REDEMPTION = "redemption", _("申请兑付时")
    APPLICATION = "application", _("申请时")


class OrderRequired(models.TextChoices):
    BOOKING = "booking", _("须先预约")
    BOOKING_OR_OFFLINE = "booking_or_offline", _("预约或线下")
    ORDER = "order", _("须有订单")
    ORDER_OR_QUICK = "order_or_quick", _("订单或快速兑付")


class OfflineUse(models.TextChoices):
    NO = "no", _("不允许")
    REGISTERED = "registered", _("限已登记机构")
    YES = "yes", _("允许")


class CancelUntil(models.TextChoices):
    USE_APPROVED = "use_approved", _("使用审核通过前")
    CARRIER_CONFIRMS = "carrier_confirms", _("机构确认前")
    REDEMPTION_SUBMITTED = "redemption_submitted", _("提交兑付前")
    CARRIER_ACCEPTS = "carrier_accepts", _("机构接单前")
    REVIEW_PASSED = "review_passed", _("复审通过前")


class ProviderScope(models.TextChoices):
    RECOGNIZED = "recognized", _("所在地区认可的机构")
    REGISTERED = "registered", _("已登记的机构")
    LABELS = "labels", _("服务标注的地区")
    LABELS_OR_MUTUAL = "labels_or_mutual", _("标注创新券或互认名单")


class RedeemerRule(models.TextChoices):
    ENTERPRISE = "enterprise", _("企业")
    CARRIER = "carrier", _("服务机构")
    CHOICE = "choice", _("企业选择")


class Consent(models.TextChoices):
    NONE = "none", _("不需要")
    CARRIER_RECEIVED = "carrier_received", _("机构已接收")
    CARRIER_CONFIRMED = "carrier_confirmed", _("机构已确认")
    ENTERPRISE_AGREES = "enterprise_agrees", _("企业同意")


class PaymentCheck(models.TextChoices):
    NONE = "none", _("不核对")
    FULL = "full", _("回单合计等于发票合计")
    NET = "net", _("回单合计等于发票合计减券额")
    NET_FOR_CARRIER = "net_for_carrier", _("机构兑付时减券额，否则全额")
    ONE_RECEIPT = "one_receipt", _("至少一张回单")


class PoolScope(models.TextChoices):
    NONE = "none", _("不设")
    COUNTY = "county", _("县（市、区）")
    CITY = "city", _("市")
    PROVINCE = "province", _("省")
    PROGRAMME = "programme", _("方案所属地区")


class Confirmation(models.TextChoices):
    CARRIER_RECEIVES = "carrier_receives", _("机构接收")
    CARRIER_CONFIRMS = "carrier_confirms", _("机构确认")
    ORDER_ACCEPTED = "order_accepted", _("订单已接受")
    ORDER_AND_AMOUNT = "order_and_amount", _("订单已接受且已核额")
    NONE = "none", _("不需要")


class RedeemFrom(models.TextChoices):
    PLACED = "placed", _("下单后")
    ACCEPTED = "accepted", _("机构确认后")
    DELIVERED = "delivered", _("交付后")
    COMPLETED = "completed", _("完成后")


class OpenedBy(models.TextChoices):
    REDEEMER = "redeemer", _("兑付方")
    AGENCY = "agency", _("第三方服务机构")


class Grouping(models.TextChoices):
    SINGLE = "single", _("一券一件")
    PER_WINDOW = "per_window", _("每窗口期合并")
    PER_CARRIER = "per_carrier", _("每机构每批合并")


class Reaction(models.TextChoices):
    OFF = "off", _("不检查")
    FLAG = "flag", _("提示")
    REFUSE = "refuse", _("不予通过")


class InvoiceDates(models.TextChoices):
    ANY = "any", _("不限")
    YEAR = "year", _("当年")
    CONTRACT_TERM = "contract_term", _("合同期内")


class Channel(models.TextChoices):
    PORTAL = "portal", _("本平台")
    LINK = "link", _("跳转办理")
    EXTERNAL = "external", _("其他平台，结果导入")


class Parameters(models.Model):
    """The columns shared by a programme's version and an override; None = not set here."""

    # who, how and how much
    eligible_classes = models.JSONField(_("可申领的资格"), null=True, blank=True)
    revenue_max = YuanField(_("上年度收入上限"), null=True, blank=True)
    claim_mode = models.CharField(_("申领方式"), max_length=20, choices=ClaimMode, null=True, blank=True)
    claim_chain = models.CharField(_("申领审核流程"), max_length=60, null=True, blank=True)
    claim_channel = models.CharField(_("申领渠道"), max_length=20, choices=Channel, null=True, blank=True)
    claim_link = models.URLField(_("申领链接"), null=True, blank=True)
    stamped_form = models.BooleanField(_("须上传盖章表"), null=True, blank=True)
    cap_year = YuanField(_("年度上限"), null=True, blank=True)
    cap_claim = YuanField(_("单次申领上限"), null=True, blank=True)
    cap_holding = YuanField(_("持有上限"), null=True, blank=True)
    cap_voucher = YuanField(_("单券上限"), null=True, blank=True)
    grant = models.CharField(_("发放金额"), max_length=20, choices=Grant, null=True, blank=True)
    budget_pool = models.CharField(_("预算池"), max_length=20, choices=PoolScope, null=True, blank=True)
    cost_share = models.JSONField(_("出资比例"), null=True, blank=True)
    account_number = models.CharField(_("券账户号格式"), max_length=60, null=True, blank=True)
    valid_days = models.PositiveSmallIntegerField(_("有效天数，留空为至年底"), null=True, blank=True)
    redeem_grace = models.CharField(_("到期后兑付截止（月-日）"), max_length=5, null=True, blank=True)
    # the subsidy
    subsidy_tiers = models.JSONField(_("补贴比例"), null=True, blank=True, help_text=_("[[起点元, 比例], …]"))
    tiers_apply = models.CharField(_("分段方式"), max_length=20, choices=TiersApply, null=True, blank=True)
    rounding_step = YuanField(_("舍入单位"), null=True, blank=True)
    rounding_mode = models.CharField(_("舍入方式"), max_length=20, choices=Rounding, null=True, blank=True)
    amount_base = models.CharField(_("计算基数"), max_length=30, choices=AmountBase, null=True, blank=True)
    min_contract = YuanField(_("合同最低金额"), null=True, blank=True)
    excluded_categories = models.JSONField(_("不补贴的类别"), null=True, blank=True)
    # orders and use
    order_required = models.CharField(_("订单要求"), max_length=20, choices=OrderRequired, null=True, blank=True)
    offline_use = models.CharField(_("线下使用"), max_length=20, choices=OfflineUse, null=True, blank=True)
    use_chain = models.CharField(_("使用审核流程，留空为不审核"), max_length=60, null=True, blank=True)
    hold_at = models.CharField(_("占用额度的时间"), max_length=20, choices=HoldAt, null=True, blank=True)
    cancel_until = models.CharField(_("可作废至"), max_length=24, choices=CancelUntil, null=True, blank=True)
    provider_scope = models.CharField(_("可选机构"), max_length=20, choices=ProviderScope, null=True, blank=True)
    contracts_per_order = models.PositiveSmallIntegerField(_("每单合同数"), null=True, blank=True)
    confirmation = models.CharField(_("确认方式"), max_length=20, choices=Confirmation, null=True, blank=True)
    receive_mfa_over = YuanField(_("接收时二次验证金额"), null=True, blank=True)
    service_record = models.BooleanField(_("须有服务记录"), null=True, blank=True)
    auto_review_days = models.PositiveSmallIntegerField(_("默认好评天数"), null=True, blank=True)
    order_number = models.CharField(_("订单编号格式"), max_length=60, null=True, blank=True)
    related_party = models.CharField(_("关联方"), max_length=10, choices=Reaction, null=True, blank=True)
    double_funding = models.CharField(_("重复资助"), max_length=10, choices=Reaction, null=True, blank=True)
    # redemption
    redeemer = models.CharField(_("兑付方"), max_length=12, choices=RedeemerRule, null=True, blank=True)
    consent = models.CharField(_("兑付前同意"), max_length=20, choices=Consent, null=True, blank=True)
    window_from = models.CharField(_("兑付窗口开始（月-日）"), max_length=5, null=True, blank=True)
    window_to = models.CharField(_("兑付窗口截止（月-日）"), max_length=5, null=True, blank=True)
    redeem_from = models.CharField(_("可兑付的订单状态"), max_length=12, choices=RedeemFrom, null=True, blank=True)
    redemption_opened_by = models.CharField(_("兑付发起"), max_length=10, choices=OpenedBy, null=True, blank=True)
    grouping = models.CharField(_("兑付合并"), max_length=12, choices=Grouping, null=True, blank=True)
    redemption_chain = models.CharField(_("兑付审核流程"), max_length=60, null=True, blank=True)
    publicity_days = models.PositiveSmallIntegerField(_("公示工作日"), null=True, blank=True)
    pay_within_days = models.PositiveSmallIntegerField(_("承诺拨付天数"), null=True, blank=True)
    payment_check = models.CharField(_("付款核对"), max_length=20, choices=PaymentCheck, null=True, blank=True)
    invoice_fields = models.JSONField(_("发票填写项"), null=True, blank=True)
    invoices_per_order = models.PositiveSmallIntegerField(_("每单发票数，留空不限"), null=True, blank=True)
    orders_per_invoice = models.PositiveSmallIntegerField(_("每张发票订单数，留空不限"), null=True, blank=True)
    invoice_dates = models.CharField(_("发票日期"), max_length=14, choices=InvoiceDates, null=True, blank=True)
    paper_copy = models.BooleanField(_("须交纸质件"), null=True, blank=True)
    sample_rate = models.DecimalField(
        _("抽查比例"), max_digits=5, decimal_places=4, null=True, blank=True, help_text=_("0.05 = 5%")
    )
    ban_years = models.PositiveSmallIntegerField(_("禁入年数"), null=True, blank=True)
    retention_years = models.PositiveSmallIntegerField(_("保存年数"), null=True, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def parameter_names(cls) -> tuple[str, ...]:
        """Every parameter, in the order of this file."""
        return tuple(f.name for f in Parameters._meta.local_fields)
