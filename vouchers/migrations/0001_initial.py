import django.db.models.deletion
import django.db.models.expressions
import django_fsm
from django.conf import settings
from django.db import migrations, models

import innovation_voucher.lib.money


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_initial"),
        ("accounts", "__first__"),
        ("carriers", "0004_categories"),
        ("casework", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicySnapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("data", models.JSONField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="Programme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("family", models.SlugField(max_length=40, verbose_name="系列")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("kind", models.SlugField(blank=True, max_length=40, verbose_name="券种")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("summary", models.CharField(blank=True, max_length=200, verbose_name="一句话说明")),
                (
                    "status",
                    django_fsm.FSMField(
                        choices=[("draft", "草稿"), ("open", "受理中"), ("closed", "已结束"), ("archived", "已归档")],
                        default="draft",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("opens_on", models.DateField(verbose_name="受理开始")),
                ("closes_on", models.DateField(verbose_name="受理截止")),
                (
                    "rules_stamp",
                    models.PositiveIntegerField(
                        default=0,
                        editable=False,
                        help_text="raised by every publication: what is kept in memory is asked for by it",
                    ),
                ),
                ("shared_cap", models.BooleanField(default=False, verbose_name="与同系列其他券种共用上限")),
                (
                    "participating",
                    models.ManyToManyField(
                        blank=True,
                        help_text="留空为主管地区下全部",
                        related_name="+",
                        to="casework.region",
                        verbose_name="参与地区",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programmes",
                        to="casework.region",
                        verbose_name="主管地区",
                    ),
                ),
            ],
            options={
                "verbose_name": "创新券方案",
                "verbose_name_plural": "创新券方案",
                "ordering": ("-year", "family", "kind"),
                "constraints": [models.UniqueConstraint(fields=("family", "year", "kind"), name="programme_once")],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("eligible_classes", models.JSONField(blank=True, null=True, verbose_name="可申领的资格")),
                (
                    "revenue_max",
                    innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="上年度收入上限"),
                ),
                (
                    "claim_mode",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("instant", "即时到账"),
                            ("reviewed", "审核后到账"),
                            ("per_order", "按订单申请"),
                            ("external", "在其他平台申领"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="申领方式",
                    ),
                ),
                ("claim_chain", models.CharField(blank=True, max_length=60, null=True, verbose_name="申领审核流程")),
                (
                    "claim_channel",
                    models.CharField(
                        blank=True,
                        choices=[("portal", "本平台"), ("link", "跳转办理"), ("external", "其他平台，结果导入")],
                        max_length=20,
                        null=True,
                        verbose_name="申领渠道",
                    ),
                ),
                ("claim_link", models.URLField(blank=True, null=True, verbose_name="申领链接")),
                ("stamped_form", models.BooleanField(blank=True, null=True, verbose_name="须上传盖章表")),
                ("cap_year", innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="年度上限")),
                (
                    "cap_claim",
                    innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="单次申领上限"),
                ),
                ("cap_holding", innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="持有上限")),
                ("cap_voucher", innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="单券上限")),
                (
                    "grant",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("requested", "申领金额"),
                            ("approved", "核定金额"),
                            ("full_cap", "年度上限全额"),
                            ("computed", "按订单计算"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="发放金额",
                    ),
                ),
                (
                    "budget_pool",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "不设"),
                            ("county", "县（市、区）"),
                            ("city", "市"),
                            ("province", "省"),
                            ("programme", "方案所属地区"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="预算池",
                    ),
                ),
                ("cost_share", models.JSONField(blank=True, null=True, verbose_name="出资比例")),
                ("account_number", models.CharField(blank=True, max_length=60, null=True, verbose_name="券账户号格式")),
                (
                    "valid_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="有效天数，留空为至年底"),
                ),
                (
                    "redeem_grace",
                    models.CharField(blank=True, max_length=5, null=True, verbose_name="到期后兑付截止（月-日）"),
                ),
                (
                    "subsidy_tiers",
                    models.JSONField(blank=True, help_text="[[起点元, 比例], …]", null=True, verbose_name="补贴比例"),
                ),
                (
                    "tiers_apply",
                    models.CharField(
                        blank=True,
                        choices=[("marginal", "分段累进"), ("whole", "全额适用")],
                        max_length=20,
                        null=True,
                        verbose_name="分段方式",
                    ),
                ),
                (
                    "rounding_step",
                    innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="舍入单位"),
                ),
                (
                    "rounding_mode",
                    models.CharField(
                        blank=True,
                        choices=[("half_up", "四舍五入"), ("down", "舍去")],
                        max_length=20,
                        null=True,
                        verbose_name="舍入方式",
                    ),
                ),
                (
                    "amount_base",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("contract", "合同金额"),
                            ("contract_or_invoices", "合同与发票取低"),
                            ("orders_or_invoices", "订单与发票取低"),
                            ("effective_or_invoices", "合同有效金额与发票取低"),
                            ("reviewer", "审核人核定"),
                        ],
                        max_length=30,
                        null=True,
                        verbose_name="计算基数",
                    ),
                ),
                (
                    "min_contract",
                    innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="合同最低金额"),
                ),
                ("excluded_categories", models.JSONField(blank=True, null=True, verbose_name="不补贴的类别")),
                (
                    "order_required",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("booking", "须先预约"),
                            ("booking_or_offline", "预约或线下"),
                            ("order", "须有订单"),
                            ("order_or_quick", "订单或快速兑付"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="订单要求",
                    ),
                ),
                (
                    "offline_use",
                    models.CharField(
                        blank=True,
                        choices=[("no", "不允许"), ("registered", "限已登记机构"), ("yes", "允许")],
                        max_length=20,
                        null=True,
                        verbose_name="线下使用",
                    ),
                ),
                (
                    "use_chain",
                    models.CharField(blank=True, max_length=60, null=True, verbose_name="使用审核流程，留空为不审核"),
                ),
                (
                    "hold_at",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("use_requested", "申请使用时"),
                            ("use_submitted", "提交使用时"),
                            ("order_placed", "下单时"),
                            ("region_confirms", "科技局核额时"),
                            ("redemption", "申请兑付时"),
                            ("application", "申请时"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="占用额度的时间",
                    ),
                ),
                (
                    "cancel_until",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("use_approved", "使用审核通过前"),
                            ("carrier_confirms", "机构确认前"),
                            ("redemption_submitted", "提交兑付前"),
                            ("carrier_accepts", "机构接单前"),
                            ("review_passed", "复审通过前"),
                        ],
                        max_length=24,
                        null=True,
                        verbose_name="可作废至",
                    ),
                ),
                (
                    "provider_scope",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recognized", "所在地区认可的机构"),
                            ("registered", "已登记的机构"),
                            ("labels", "服务标注的地区"),
                            ("labels_or_mutual", "标注创新券或互认名单"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="可选机构",
                    ),
                ),
                (
                    "contracts_per_order",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="每单合同数"),
                ),
                (
                    "confirmation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("carrier_receives", "机构接收"),
                            ("carrier_confirms", "机构确认"),
                            ("order_accepted", "订单已接受"),
                            ("order_and_amount", "订单已接受且已核额"),
                            ("none", "不需要"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="确认方式",
                    ),
                ),
                (
                    "receive_mfa_over",
                    innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="接收时二次验证金额"),
                ),
                ("service_record", models.BooleanField(blank=True, null=True, verbose_name="须有服务记录")),
                (
                    "auto_review_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="默认好评天数"),
                ),
                ("order_number", models.CharField(blank=True, max_length=60, null=True, verbose_name="订单编号格式")),
                (
                    "related_party",
                    models.CharField(
                        blank=True,
                        choices=[("off", "不检查"), ("flag", "提示"), ("refuse", "不予通过")],
                        max_length=10,
                        null=True,
                        verbose_name="关联方",
                    ),
                ),
                (
                    "double_funding",
                    models.CharField(
                        blank=True,
                        choices=[("off", "不检查"), ("flag", "提示"), ("refuse", "不予通过")],
                        max_length=10,
                        null=True,
                        verbose_name="重复资助",
                    ),
                ),
                (
                    "redeemer",
                    models.CharField(
                        blank=True,
                        choices=[("enterprise", "企业"), ("carrier", "服务机构"), ("choice", "企业选择")],
                        max_length=12,
                        null=True,
                        verbose_name="兑付方",
                    ),
                ),
                (
                    "consent",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "不需要"),
                            ("carrier_received", "机构已接收"),
                            ("carrier_confirmed", "机构已确认"),
                            ("enterprise_agrees", "企业同意"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="兑付前同意",
                    ),
                ),
                (
                    "window_from",
                    models.CharField(blank=True, max_length=5, null=True, verbose_name="兑付窗口开始（月-日）"),
                ),
                (
                    "window_to",
                    models.CharField(blank=True, max_length=5, null=True, verbose_name="兑付窗口截止（月-日）"),
                ),
                (
                    "redeem_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("placed", "下单后"),
                            ("accepted", "机构确认后"),
                            ("delivered", "交付后"),
                            ("completed", "完成后"),
                        ],
                        max_length=12,
                        null=True,
                        verbose_name="可兑付的订单状态",
                    ),
                ),
                (
                    "redemption_opened_by",
                    models.CharField(
                        blank=True,
                        choices=[("redeemer", "兑付方"), ("agency", "第三方服务机构")],
                        max_length=10,
                        null=True,
                        verbose_name="兑付发起",
                    ),
                ),
                (
                    "grouping",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("single", "一券一件"),
                            ("per_window", "每窗口期合并"),
                            ("per_carrier", "每机构每批合并"),
                        ],
                        max_length=12,
                        null=True,
                        verbose_name="兑付合并",
                    ),
                ),
                (
                    "redemption_chain",
                    models.CharField(blank=True, max_length=60, null=True, verbose_name="兑付审核流程"),
                ),
                ("publicity_days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="公示工作日")),
                (
                    "pay_within_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="承诺拨付天数"),
                ),
                (
                    "payment_check",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "不核对"),
                            ("full", "回单合计等于发票合计"),
                            ("net", "回单合计等于发票合计减券额"),
                            ("net_for_carrier", "机构兑付时减券额，否则全额"),
                            ("one_receipt", "至少一张回单"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="付款核对",
                    ),
                ),
                ("invoice_fields", models.JSONField(blank=True, null=True, verbose_name="发票填写项")),
                (
                    "invoices_per_order",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="每单发票数，留空不限"),
                ),
                (
                    "orders_per_invoice",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="每张发票订单数，留空不限"),
                ),
                (
                    "invoice_dates",
                    models.CharField(
                        blank=True,
                        choices=[("any", "不限"), ("year", "当年"), ("contract_term", "合同期内")],
                        max_length=14,
                        null=True,
                        verbose_name="发票日期",
                    ),
                ),
                ("paper_copy", models.BooleanField(blank=True, null=True, verbose_name="须交纸质件")),
                (
                    "sample_rate",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="0.05 = 5%",
                        max_digits=5,
                        null=True,
                        verbose_name="抽查比例",
                    ),
                ),
                ("ban_years", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="禁入年数")),
                ("retention_years", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="保存年数")),
                ("class_key", models.CharField(blank=True, max_length=30, verbose_name="资格")),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="版本")),
                ("effective_from", models.DateField(verbose_name="生效日期")),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "prepared_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.region",
                        verbose_name="地区",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="vouchers.programme",
                        verbose_name="方案",
                    ),
                ),
            ],
            options={
                "verbose_name": "地区与资格规则",
                "verbose_name_plural": "地区与资格规则",
                "ordering": ("programme", "region__code", "class_key", "-number"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "region", "class_key", "number"), name="override_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("region__isnull", False), models.Q(("class_key", ""), _negated=True), _connector="OR"
                        ),
                        name="override_has_scope",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetPool",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("total", innovation_voucher.lib.money.YuanField(verbose_name="年度预算")),
                ("budget", innovation_voucher.lib.money.YuanField(verbose_name="剩余")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.region",
                        verbose_name="地区",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pools", to="vouchers.programme"
                    ),
                ),
            ],
            options={
                "verbose_name": "地区预算",
                "verbose_name_plural": "地区预算",
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "region"), name="pool_once"),
                    models.CheckConstraint(condition=models.Q(("budget__gte", 0)), name="pool_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("eligible_classes", models.JSONField(blank=True, null=True, verbose_name="可申领的资格")),
                (
                    "revenue_max",
                    innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="上年度收入上限"),
                ),
                (
                    "claim_mode",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("instant", "即时到账"),
                            ("reviewed", "审核后到账"),
                            ("per_order", "按订单申请"),
                            ("external", "在其他平台申领"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="申领方式",
                    ),
                ),
                ("claim_chain", models.CharField(blank=True, max_length=60, null=True, verbose_name="申领审核流程")),
                (
                    "claim_channel",
                    models.CharField(
                        blank=True,
                        choices=[("portal", "本平台"), ("link", "跳转办理"), ("external", "其他平台，结果导入")],
                        max_length=20,
                        null=True,
                        verbose_name="申领渠道",
                    ),
                ),
                ("claim_link", models.URLField(blank=True, null=True, verbose_name="申领链接")),
                ("stamped_form", models.BooleanField(blank=True, null=True, verbose_name="须上传盖章表")),
                ("cap_year", innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="年度上限")),
                (
                    "cap_claim",
                    innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="单次申领上限"),
                ),
                ("cap_holding", innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="持有上限")),
                ("cap_voucher", innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="单券上限")),
                (
                    "grant",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("requested", "申领金额"),
                            ("approved", "核定金额"),
                            ("full_cap", "年度上限全额"),
                            ("computed", "按订单计算"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="发放金额",
                    ),
                ),
                (
                    "budget_pool",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "不设"),
                            ("county", "县（市、区）"),
                            ("city", "市"),
                            ("province", "省"),
                            ("programme", "方案所属地区"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="预算池",
                    ),
                ),
                ("cost_share", models.JSONField(blank=True, null=True, verbose_name="出资比例")),
                ("account_number", models.CharField(blank=True, max_length=60, null=True, verbose_name="券账户号格式")),
                (
                    "valid_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="有效天数，留空为至年底"),
                ),
                (
                    "redeem_grace",
                    models.CharField(blank=True, max_length=5, null=True, verbose_name="到期后兑付截止（月-日）"),
                ),
                (
                    "subsidy_tiers",
                    models.JSONField(blank=True, help_text="[[起点元, 比例], …]", null=True, verbose_name="补贴比例"),
                ),
                (
                    "tiers_apply",
                    models.CharField(
                        blank=True,
                        choices=[("marginal", "分段累进"), ("whole", "全额适用")],
                        max_length=20,
                        null=True,
                        verbose_name="分段方式",
                    ),
                ),
                (
                    "rounding_step",
                    innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="舍入单位"),
                ),
                (
                    "rounding_mode",
                    models.CharField(
                        blank=True,
                        choices=[("half_up", "四舍五入"), ("down", "舍去")],
                        max_length=20,
                        null=True,
                        verbose_name="舍入方式",
                    ),
                ),
                (
                    "amount_base",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("contract", "合同金额"),
                            ("contract_or_invoices", "合同与发票取低"),
                            ("orders_or_invoices", "订单与发票取低"),
                            ("effective_or_invoices", "合同有效金额与发票取低"),
                            ("reviewer", "审核人核定"),
                        ],
                        max_length=30,
                        null=True,
                        verbose_name="计算基数",
                    ),
                ),
                (
                    "min_contract",
                    innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="合同最低金额"),
                ),
                ("excluded_categories", models.JSONField(blank=True, null=True, verbose_name="不补贴的类别")),
                (
                    "order_required",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("booking", "须先预约"),
                            ("booking_or_offline", "预约或线下"),
                            ("order", "须有订单"),
                            ("order_or_quick", "订单或快速兑付"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="订单要求",
                    ),
                ),
                (
                    "offline_use",
                    models.CharField(
                        blank=True,
                        choices=[("no", "不允许"), ("registered", "限已登记机构"), ("yes", "允许")],
                        max_length=20,
                        null=True,
                        verbose_name="线下使用",
                    ),
                ),
                (
                    "use_chain",
                    models.CharField(blank=True, max_length=60, null=True, verbose_name="使用审核流程，留空为不审核"),
                ),
                (
                    "hold_at",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("use_requested", "申请使用时"),
                            ("use_submitted", "提交使用时"),
                            ("order_placed", "下单时"),
                            ("region_confirms", "科技局核额时"),
                            ("redemption", "申请兑付时"),
                            ("application", "申请时"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="占用额度的时间",
                    ),
                ),
                (
                    "cancel_until",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("use_approved", "使用审核通过前"),
                            ("carrier_confirms", "机构确认前"),
                            ("redemption_submitted", "提交兑付前"),
                            ("carrier_accepts", "机构接单前"),
                            ("review_passed", "复审通过前"),
                        ],
                        max_length=24,
                        null=True,
                        verbose_name="可作废至",
                    ),
                ),
                (
                    "provider_scope",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recognized", "所在地区认可的机构"),
                            ("registered", "已登记的机构"),
                            ("labels", "服务标注的地区"),
                            ("labels_or_mutual", "标注创新券或互认名单"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="可选机构",
                    ),
                ),
                (
                    "contracts_per_order",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="每单合同数"),
                ),
                (
                    "confirmation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("carrier_receives", "机构接收"),
                            ("carrier_confirms", "机构确认"),
                            ("order_accepted", "订单已接受"),
                            ("order_and_amount", "订单已接受且已核额"),
                            ("none", "不需要"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="确认方式",
                    ),
                ),
                (
                    "receive_mfa_over",
                    innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="接收时二次验证金额"),
                ),
                ("service_record", models.BooleanField(blank=True, null=True, verbose_name="须有服务记录")),
                (
                    "auto_review_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="默认好评天数"),
                ),
                ("order_number", models.CharField(blank=True, max_length=60, null=True, verbose_name="订单编号格式")),
                (
                    "related_party",
                    models.CharField(
                        blank=True,
                        choices=[("off", "不检查"), ("flag", "提示"), ("refuse", "不予通过")],
                        max_length=10,
                        null=True,
                        verbose_name="关联方",
                    ),
                ),
                (
                    "double_funding",
                    models.CharField(
                        blank=True,
                        choices=[("off", "不检查"), ("flag", "提示"), ("refuse", "不予通过")],
                        max_length=10,
                        null=True,
                        verbose_name="重复资助",
                    ),
                ),
                (
                    "redeemer",
                    models.CharField(
                        blank=True,
                        choices=[("enterprise", "企业"), ("carrier", "服务机构"), ("choice", "企业选择")],
                        max_length=12,
                        null=True,
                        verbose_name="兑付方",
                    ),
                ),
                (
                    "consent",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "不需要"),
                            ("carrier_received", "机构已接收"),
                            ("carrier_confirmed", "机构已确认"),
                            ("enterprise_agrees", "企业同意"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="兑付前同意",
                    ),
                ),
                (
                    "window_from",
                    models.CharField(blank=True, max_length=5, null=True, verbose_name="兑付窗口开始（月-日）"),
                ),
                (
                    "window_to",
                    models.CharField(blank=True, max_length=5, null=True, verbose_name="兑付窗口截止（月-日）"),
                ),
                (
                    "redeem_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("placed", "下单后"),
                            ("accepted", "机构确认后"),
                            ("delivered", "交付后"),
                            ("completed", "完成后"),
                        ],
                        max_length=12,
                        null=True,
                        verbose_name="可兑付的订单状态",
                    ),
                ),
                (
                    "redemption_opened_by",
                    models.CharField(
                        blank=True,
                        choices=[("redeemer", "兑付方"), ("agency", "第三方服务机构")],
                        max_length=10,
                        null=True,
                        verbose_name="兑付发起",
                    ),
                ),
                (
                    "grouping",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("single", "一券一件"),
                            ("per_window", "每窗口期合并"),
                            ("per_carrier", "每机构每批合并"),
                        ],
                        max_length=12,
                        null=True,
                        verbose_name="兑付合并",
                    ),
                ),
                (
                    "redemption_chain",
                    models.CharField(blank=True, max_length=60, null=True, verbose_name="兑付审核流程"),
                ),
                ("publicity_days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="公示工作日")),
                (
                    "pay_within_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="承诺拨付天数"),
                ),
                (
                    "payment_check",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "不核对"),
                            ("full", "回单合计等于发票合计"),
                            ("net", "回单合计等于发票合计减券额"),
                            ("net_for_carrier", "机构兑付时减券额，否则全额"),
                            ("one_receipt", "至少一张回单"),
                        ],
                        max_length=20,
                        null=True,
                        verbose_name="付款核对",
                    ),
                ),
                ("invoice_fields", models.JSONField(blank=True, null=True, verbose_name="发票填写项")),
                (
                    "invoices_per_order",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="每单发票数，留空不限"),
                ),
                (
                    "orders_per_invoice",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="每张发票订单数，留空不限"),
                ),
                (
                    "invoice_dates",
                    models.CharField(
                        blank=True,
                        choices=[("any", "不限"), ("year", "当年"), ("contract_term", "合同期内")],
                        max_length=14,
                        null=True,
                        verbose_name="发票日期",
                    ),
                ),
                ("paper_copy", models.BooleanField(blank=True, null=True, verbose_name="须交纸质件")),
                (
                    "sample_rate",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="0.05 = 5%",
                        max_digits=5,
                        null=True,
                        verbose_name="抽查比例",
                    ),
                ),
                ("ban_years", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="禁入年数")),
                ("retention_years", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="保存年数")),
                ("number", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("effective_from", models.DateField(verbose_name="生效日期")),
                ("overridable", models.JSONField(blank=True, default=list, verbose_name="可由县级调整的参数")),
                (
                    "bounds",
                    models.JSONField(
                        blank=True, default=dict, help_text="{参数: [最小, 最大]}", verbose_name="调整范围"
                    ),
                ),
                ("assumed", models.JSONField(blank=True, default=list, verbose_name="暂定值（无文件依据）")),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="vouchers.programme",
                        verbose_name="方案",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "方案规则版本",
                "verbose_name_plural": "方案规则版本",
                "ordering": ("programme", "-number"),
                "constraints": [models.UniqueConstraint(fields=("programme", "number"), name="version_once")],
            },
        ),
        migrations.CreateModel(
            name="FieldRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                (
                    "stage",
                    models.CharField(
                        choices=[("claim", "申领"), ("order", "预约"), ("use", "使用"), ("redemption", "兑付")],
                        max_length=10,
                        verbose_name="环节",
                    ),
                ),
                ("section", models.CharField(blank=True, max_length=50, verbose_name="分组")),
                ("key", models.SlugField(max_length=40, verbose_name="键")),
                ("label", models.CharField(max_length=80, verbose_name="名称")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("text", "单行文字"),
                            ("long_text", "多行文字"),
                            ("integer", "整数"),
                            ("yuan", "金额"),
                            ("date", "日期"),
                            ("month", "年月"),
                            ("choice", "选择"),
                            ("region", "地区"),
                            ("phone", "手机号（短信验证）"),
                            ("credit_code", "统一社会信用代码"),
                            ("person_id", "身份证号（加密）"),
                        ],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                ("required", models.BooleanField(default=True, verbose_name="必填")),
                (
                    "choices",
                    models.JSONField(blank=True, default=list, help_text="[[值, 名称], …]", verbose_name="选项"),
                ),
                ("max_length", models.PositiveIntegerField(blank=True, null=True, verbose_name="最多字数")),
                ("classes", models.JSONField(blank=True, default=list, verbose_name="适用资格，留空为全部")),
                ("prefill", models.CharField(blank=True, max_length=60, verbose_name="预填")),
                ("help", models.CharField(blank=True, max_length=200, verbose_name="提示")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="vouchers.programmeversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "表单项",
                "verbose_name_plural": "表单项",
                "ordering": ("position", "id"),
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("version", "stage", "key"), name="fieldrow_key")],
            },
        ),
        migrations.CreateModel(
            name="EvidenceRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                (
                    "stage",
                    models.CharField(
                        choices=[("claim", "申领"), ("order", "预约"), ("use", "使用"), ("redemption", "兑付")],
                        max_length=10,
                        verbose_name="环节",
                    ),
                ),
                ("key", models.SlugField(max_length=40, verbose_name="键")),
                ("label", models.CharField(max_length=80, verbose_name="名称")),
                ("minimum", models.PositiveSmallIntegerField(default=1, verbose_name="最少")),
                ("maximum", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="最多，留空不限")),
                ("formats", models.JSONField(default=list, verbose_name="格式")),
                ("max_bytes", models.PositiveBigIntegerField(verbose_name="大小上限（字节）")),
                ("strict", models.BooleanField(default=False, verbose_name="须小于上限")),
                ("classes", models.JSONField(blank=True, default=list, verbose_name="适用资格，留空为全部")),
                ("help", models.CharField(blank=True, max_length=200, verbose_name="提示")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="vouchers.programmeversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "证明材料",
                "verbose_name_plural": "证明材料",
                "ordering": ("position", "id"),
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("version", "stage", "key"), name="evidencerow_key")],
            },
        ),
        migrations.CreateModel(
            name="QuotaAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="券账户号")),
                ("valid_until", models.DateField(verbose_name="有效期至")),
                (
                    "redeem_until",
                    models.DateField(help_text="last day to redeem what was held in time", verbose_name="兑付截止"),
                ),
                (
                    "status",
                    django_fsm.FSMField(
                        choices=[("active", "有效"), ("lapsed", "已失效")],
                        default="active",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("frozen_reason", models.CharField(blank=True, max_length=200)),
                ("frozen_until", models.DateField(blank=True, null=True)),
                ("granted", innovation_voucher.lib.money.YuanField(default=0)),
                ("available", innovation_voucher.lib.money.YuanField(default=0)),
                ("held", innovation_voucher.lib.money.YuanField(default=0)),
                ("in_batch", innovation_voucher.lib.money.YuanField(default=0)),
                ("spent", innovation_voucher.lib.money.YuanField(default=0)),
                ("lapsed", innovation_voucher.lib.money.YuanField(default=0)),
                ("recovered", innovation_voucher.lib.money.YuanField(default=0)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quota_accounts",
                        to="accounts.organization",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="accounts", to="vouchers.programme"
                    ),
                ),
            ],
            options={
                "verbose_name": "额度账户",
                "verbose_name_plural": "额度账户",
                "ordering": ("valid_until", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "programme", "valid_until"), name="account_once"),
                    models.CheckConstraint(
                        condition=models.Q(("available__gte", 0)), name="account_available_not_negative"
                    ),
                    models.CheckConstraint(condition=models.Q(("held__gte", 0)), name="account_held_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(("in_batch__gte", 0)), name="account_in_batch_not_negative"
                    ),
                    models.CheckConstraint(condition=models.Q(("spent__gte", 0)), name="account_spent_not_negative"),
                    models.CheckConstraint(condition=models.Q(("lapsed__gte", 0)), name="account_lapsed_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(("recovered__gte", 0)), name="account_recovered_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("granted__gte", 0)), name="account_granted_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "granted",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("available"), "+", models.F("held")
                                                ),
                                                "+",
                                                models.F("in_batch"),
                                            ),
                                            "+",
                                            models.F("spent"),
                                        ),
                                        "+",
                                        models.F("lapsed"),
                                    ),
                                    "+",
                                    models.F("recovered"),
                                ),
                            )
                        ),
                        name="account_adds_up",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("grant", "发放"),
                            ("hold", "占用"),
                            ("release", "释放"),
                            ("freeze", "进入批次"),
                            ("pay", "拨付"),
                            ("unpay", "拨付退回"),
                            ("lapse", "失效"),
                            ("revoke", "收回"),
                            ("recover", "追回"),
                        ],
                        max_length=8,
                    ),
                ),
                ("source", models.CharField(max_length=10)),
                ("target", models.CharField(max_length=10)),
                ("amount", innovation_voucher.lib.money.YuanField()),
                ("reference", models.CharField(help_text="<object number>/<n>", max_length=80)),
                ("by_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "pool",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="vouchers.budgetpool",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="vouchers.quotaaccount"
                    ),
                ),
            ],
            options={
                "verbose_name": "额度流水",
                "verbose_name_plural": "额度流水",
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("account", "kind", "reference"), name="entry_once"),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="entry_positive"),
                ],
                "indexes": [models.Index(fields=["reference"], name="vouchers_le_referen_bf47f3_idx")],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="申领编号")),
                (
                    "status",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "草稿"),
                            ("awaiting_stamp", "待上传盖章表"),
                            ("submitted", "待初审"),
                            ("returned", "待补正"),
                            ("waitlisted", "排队中"),
                            ("imported", "已导入"),
                            ("offered", "待接受"),
                            ("approved", "已到账"),
                            ("rejected", "未通过"),
                            ("declined", "已谢绝"),
                            ("withdrawn", "已撤回"),
                            ("lapsed", "已失效"),
                            ("revoked", "已收回"),
                        ],
                        default="draft",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("asked", innovation_voucher.lib.money.YuanField(verbose_name="申领金额")),
                ("granted", innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="核定金额")),
                ("answers", models.JSONField(default=dict)),
                ("movements", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="accounts.organization"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.region",
                        verbose_name="受理地区",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vouchers.policysnapshot",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="vouchers.programme"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="vouchers.quotaaccount",
                    ),
                ),
            ],
            options={
                "verbose_name": "额度申领",
                "verbose_name_plural": "额度申领",
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("asked__gt", 0)), name="claim_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("granted__isnull", True), ("granted__lte", models.F("asked")), _connector="OR"
                        ),
                        name="claim_granted_at_most_asked",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="TermRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                ("act", models.SlugField(max_length=40, verbose_name="事项")),
                ("days", models.PositiveSmallIntegerField(verbose_name="期限")),
                ("unit", models.CharField(choices=[("wd", "工作日"), ("d", "天")], max_length=2, verbose_name="单位")),
                ("remind_before", models.PositiveSmallIntegerField(default=0, verbose_name="提前提醒")),
                (
                    "on_expiry",
                    models.CharField(
                        choices=[("lapse", "失效"), ("remind", "提醒"), ("escalate", "上报"), ("default", "默认完成")],
                        max_length=10,
                        verbose_name="到期后",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="vouchers.programmeversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "期限",
                "verbose_name_plural": "期限",
                "ordering": ("position", "id"),
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("version", "act"), name="termrow_act")],
            },
        ),
        migrations.CreateModel(
            name="Voucher",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="券号")),
                (
                    "status",
                    django_fsm.FSMField(
                        choices=[
                            ("requested", "待核额"),
                            ("returned", "待补正"),
                            ("issued", "待机构确认"),
                            ("confirmed", "已确认"),
                            ("redeeming", "兑付中"),
                            ("paid", "已兑付"),
                            ("refused", "未通过"),
                            ("voided", "已作废"),
                            ("returned_by_carrier", "机构退回"),
                            ("terminated", "已终止"),
                            ("lapsed", "已失效"),
                        ],
                        default="requested",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("organization_name", models.CharField(max_length=100)),
                ("carrier_name", models.CharField(max_length=100)),
                ("service_title", models.CharField(max_length=100, verbose_name="服务内容")),
                ("service_category", models.CharField(max_length=100, verbose_name="服务类别")),
                ("contract_name", models.CharField(max_length=100, verbose_name="合同名称")),
                ("contract_number", models.CharField(blank=True, max_length=60, verbose_name="合同编号")),
                ("contract_amount", innovation_voucher.lib.money.YuanField(verbose_name="合同金额")),
                ("contract_date", models.DateField(blank=True, null=True, verbose_name="合同签订日期")),
                ("amount", innovation_voucher.lib.money.YuanField(verbose_name="券额")),
                (
                    "redeemer",
                    models.CharField(
                        choices=[("enterprise", "企业"), ("carrier", "服务机构")], max_length=10, verbose_name="兑付方"
                    ),
                ),
                ("answers", models.JSONField(default=dict)),
                (
                    "formula",
                    models.JSONField(default=dict, help_text="how the amount was computed, in words and limits"),
                ),
                ("valid_until", models.DateField(verbose_name="有效期至")),
                ("redeem_until", models.DateField(verbose_name="兑付截止")),
                ("requested_at", models.DateTimeField()),
                ("issued_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, max_length=300)),
                (
                    "held",
                    innovation_voucher.lib.money.YuanField(
                        default=0, help_text="part of the account's held bucket that is this voucher's"
                    ),
                ),
                (
                    "in_batch",
                    innovation_voucher.lib.money.YuanField(
                        default=0, help_text="part of the account's in_batch bucket that is this voucher's"
                    ),
                ),
                ("paid_amount", innovation_voucher.lib.money.YuanField(blank=True, null=True)),
                ("print_version", models.PositiveSmallIntegerField(default=1)),
                ("movements", models.PositiveIntegerField(default=0)),
                ("frozen_reason", models.CharField(blank=True, max_length=200)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vouchers",
                        to="vouchers.quotaaccount",
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="vouchers", to="carriers.carrier"
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="vouchers", to="accounts.organization"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="vouchers", to="vouchers.programme"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.region",
                        verbose_name="受理地区",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="vouchers.voucher",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vouchers.policysnapshot"
                    ),
                ),
            ],
            options={
                "verbose_name": "创新券",
                "verbose_name_plural": "创新券",
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="voucher_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "amount__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("held"), "+", models.F("in_batch")
                                ),
                            ),
                            ("held__gte", 0),
                            ("in_batch__gte", 0),
                        ),
                        name="voucher_holds_at_most_face",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paid_amount__isnull", True), ("paid_amount__lte", models.F("amount")), _connector="OR"
                        ),
                        name="voucher_paid_at_most_face",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["organization", "status"], name="vouchers_vo_organiz_0a0b10_idx"),
                    models.Index(fields=["carrier", "status"], name="vouchers_vo_carrier_415b9f_idx"),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
    ]
