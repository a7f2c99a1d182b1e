import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models

import innovation_voucher.lib.money


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True, verbose_name="日期")),
                ("workday", models.BooleanField(verbose_name="上班")),
                ("name", models.CharField(blank=True, max_length=30, verbose_name="名称")),
            ],
            options={
                "verbose_name": "工作日历",
                "verbose_name_plural": "工作日历",
                "ordering": ("day",),
            },
        ),
        migrations.CreateModel(
            name="Chain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=60, unique=True, verbose_name="键")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
            ],
            options={
                "verbose_name": "审核流程",
                "verbose_name_plural": "审核流程",
            },
        ),
        migrations.CreateModel(
            name="NumberRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80, unique=True)),
                ("value", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("subject_id", models.BigIntegerField()),
                ("token", models.CharField(help_text="random, stands in the URL", max_length=32, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=10)),
                ("size", models.BigIntegerField(help_text="bytes")),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("pages", models.PositiveSmallIntegerField(default=0)),
                ("file", models.FileField(upload_to="attachments/%Y/%m/")),
                ("uploaded_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "subject_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="contenttypes.contenttype"),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "附件",
                "verbose_name_plural": "附件",
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id", "key"], name="casework_at_subject_94e39e_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="AttachmentPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                ("file", models.FileField(upload_to="pages/%Y/%m/")),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="images", to="casework.attachment"
                    ),
                ),
            ],
            options={
                "ordering": ("attachment", "number"),
                "constraints": [models.UniqueConstraint(fields=("attachment", "number"), name="attachmentpage_number")],
            },
        ),
        migrations.CreateModel(
            name="AttachmentView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="views", to="casework.attachment"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("attachment", "user"), name="attachmentview_once")],
            },
        ),
        migrations.CreateModel(
            name="AuditRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verb", models.CharField(db_index=True, max_length=60)),
                ("subject_id", models.BigIntegerField()),
                ("subject_label", models.CharField(max_length=200)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=150)),
                ("office_name", models.CharField(blank=True, max_length=100)),
                ("region_path", models.CharField(blank=True, db_index=True, max_length=60)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("reason", models.TextField(blank=True)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("policy_digest", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
                ("sequence", models.BigIntegerField(null=True, unique=True)),
                ("previous_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(blank=True, max_length=64)),
                (
                    "subject_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="contenttypes.contenttype"),
                ),
            ],
            options={
                "verbose_name": "审计记录",
                "verbose_name_plural": "审计记录",
                "ordering": ("-id",),
                "indexes": [models.Index(fields=["subject_type", "subject_id"], name="casework_au_subject_eb598e_idx")],
            },
        ),
        migrations.CreateModel(
            name="ChainStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("name", models.CharField(help_text="例如 初审、形式审查、核定", max_length=30, verbose_name="步骤")),
                (
                    "office_kind",
                    models.CharField(
                        choices=[
                            ("bureau", "科技主管部门"),
                            ("agency", "专业机构"),
                            ("centre", "管理中心"),
                            ("third_party", "第三方服务机构"),
                            ("platform", "平台运营"),
                            ("province", "省级主管部门"),
                        ],
                        max_length=12,
                        verbose_name="办理机构",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("own", "受理地区"),
                            ("city", "所在市"),
                            ("province", "所在省"),
                            ("programme", "方案所属地区"),
                        ],
                        default="own",
                        max_length=10,
                        verbose_name="地区范围",
                    ),
                ),
                ("right", models.CharField(max_length=40, verbose_name="所需权限")),
                ("working_days", models.PositiveSmallIntegerField(default=5, verbose_name="工作日")),
                (
                    "return_days",
                    models.PositiveSmallIntegerField(
                        default=10, help_text="退回后多少个工作日内补正", verbose_name="补正工作日"
                    ),
                ),
                ("may_lower", models.BooleanField(default=False, verbose_name="可核减金额")),
                ("panel", models.BooleanField(default=False, verbose_name="专家评审")),
                (
                    "return_to",
                    models.CharField(
                        choices=[("submitter", "申请人"), ("previous", "上一步")],
                        default="submitter",
                        max_length=10,
                        verbose_name="退回到",
                    ),
                ),
                (
                    "resume_at",
                    models.CharField(
                        choices=[("same", "本步骤"), ("first", "第一步")],
                        default="same",
                        max_length=10,
                        verbose_name="补正后回到",
                    ),
                ),
                (
                    "chain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="casework.chain",
                        verbose_name="流程",
                    ),
                ),
            ],
            options={
                "verbose_name": "审核步骤",
                "verbose_name_plural": "审核步骤",
                "ordering": ("chain", "position"),
                "constraints": [models.UniqueConstraint(fields=("chain", "position"), name="chainstep_position")],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_id", models.BigIntegerField()),
                ("act", models.CharField(max_length=40)),
                ("due_on", models.DateField(help_text="last day, Asia/Shanghai")),
                ("remind_on", models.DateField(blank=True, null=True)),
                (
                    "on_expiry",
                    models.CharField(
                        choices=[("lapse", "失效"), ("remind", "提醒"), ("escalate", "上报"), ("default", "默认完成")],
                        max_length=10,
                    ),
                ),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "subject_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="contenttypes.contenttype"),
                ),
            ],
            options={
                "verbose_name": "期限",
                "verbose_name_plural": "期限",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("subject_type", "subject_id", "act"),
                        name="one_open_deadline_per_act",
                    )
                ],
                "indexes": [models.Index(fields=["closed_at", "due_on"], name="casework_de_closed__fedabd_idx")],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=200, verbose_name="标题")),
                ("body", models.TextField(blank=True, verbose_name="正文")),
                ("link", models.CharField(blank=True, max_length=200)),
                (
                    "dedupe",
                    models.CharField(help_text="the act that it announces; one message a person", max_length=120),
                ),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "站内信",
                "verbose_name_plural": "站内信",
                "ordering": ("-created_at", "-id"),
                "constraints": [models.UniqueConstraint(fields=("user", "dedupe"), name="message_once")],
                "indexes": [
                    models.Index(fields=["user", "deleted_at", "read_at"], name="casework_me_user_id_30042c_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="OneTimeToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=43, unique=True)),
                ("digest", models.CharField(max_length=64)),
                ("redirect", models.CharField(max_length=500)),
                ("used_at", models.DateTimeField(db_index=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Outgoing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(choices=[("sms", "短信"), ("mail", "邮件")], max_length=5, verbose_name="渠道"),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="类别")),
                ("to", models.CharField(max_length=254, verbose_name="收件人")),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("body", models.TextField(verbose_name="内容")),
                ("dedupe", models.CharField(max_length=120, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("pending", "待发送"), ("sent", "已发送"), ("dropped", "未送达")],
                        default="pending",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="次数")),
                ("created_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                (
                    "address",
                    models.CharField(blank=True, help_text="who asked for a code, for the limits", max_length=45),
                ),
            ],
            options={
                "verbose_name": "外发消息",
                "verbose_name_plural": "外发消息",
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["status", "next_at"], name="casework_ou_status_408a06_idx"),
                    models.Index(fields=["kind", "to", "created_at"], name="outgoing_to"),
                    models.Index(fields=["kind", "address", "created_at"], name="outgoing_address"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=50, verbose_name="名称")),
                ("full_name", models.CharField(max_length=120, verbose_name="全称")),
                (
                    "level",
                    models.CharField(
                        choices=[("province", "省"), ("city", "市"), ("county", "县（市、区）"), ("zone", "高新区")],
                        max_length=10,
                        verbose_name="级别",
                    ),
                ),
                ("path", models.CharField(editable=False, max_length=60, unique=True)),
                ("latitude", models.FloatField(blank=True, null=True, verbose_name="纬度")),
                ("longitude", models.FloatField(blank=True, null=True, verbose_name="经度")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="casework.region",
                        verbose_name="上级",
                    ),
                ),
            ],
            options={
                "verbose_name": "地区",
                "verbose_name_plural": "地区",
                "ordering": ("code",),
                "permissions": (
                    ("review_verification", "审核实名认证"),
                    ("review_claim", "审核额度申领"),
                    ("review_use", "审核创新券使用"),
                    ("review_recognition", "审核机构入库"),
                    ("review_redemption", "审核兑付"),
                    ("terminate_voucher", "终止创新券"),
                    ("view_cases", "查看辖区业务"),
                    ("set_rules", "设置规则"),
                    ("manage_programmes", "管理方案"),
                    ("manage_lists", "管理资格名单"),
                    ("publish_notices", "发布公示"),
                    ("settle", "制作结算批次"),
                    ("countersign", "复核结算批次"),
                    ("audit", "查看审计记录"),
                ),
            },
        ),
        migrations.CreateModel(
            name="Office",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bureau", "科技主管部门"),
                            ("agency", "专业机构"),
                            ("centre", "管理中心"),
                            ("third_party", "第三方服务机构"),
                            ("platform", "平台运营"),
                            ("province", "省级主管部门"),
                        ],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                ("hotline", models.CharField(blank=True, max_length=30, verbose_name="咨询电话")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                (
                    "group",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, to="auth.group", verbose_name="用户组"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offices",
                        to="casework.region",
                        verbose_name="地区",
                    ),
                ),
            ],
            options={
                "verbose_name": "机关与机构",
                "verbose_name_plural": "机关与机构",
                "ordering": ("region__code", "kind"),
            },
        ),
        migrations.CreateModel(
            name="RegionGroupPermission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "content_object",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="casework.region"),
                ),
                ("group", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group")),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RegionUserPermission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "content_object",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="casework.region"),
                ),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReviewCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_id", models.BigIntegerField()),
                ("number", models.CharField(db_index=True, max_length=40, verbose_name="受理编号")),
                ("title", models.CharField(max_length=200, verbose_name="事项")),
                ("applicant", models.CharField(max_length=200, verbose_name="申请单位")),
                ("amount", innovation_voucher.lib.money.YuanField(blank=True, null=True, verbose_name="金额")),
                (
                    "status",
                    django_fsm.FSMField(
                        choices=[
                            ("open", "审核中"),
                            ("returned", "待补正"),
                            ("approved", "已通过"),
                            ("rejected", "未通过"),
                            ("withdrawn", "已撤回"),
                            ("expired", "已过期"),
                        ],
                        default="open",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="第几次提交")),
                ("submitted_at", models.DateTimeField()),
                ("return_due", models.DateField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("checks_good", models.PositiveSmallIntegerField(default=0)),
                ("checks_bad", models.PositiveSmallIntegerField(default=0)),
                (
                    "chain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="casework.chain"
                    ),
                ),
                (
                    "home",
                    models.ForeignKey(
                        help_text="the programme's own node",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.region",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="casework.region"
                    ),
                ),
                (
                    "subject_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="contenttypes.contenttype"),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "审核件",
                "verbose_name_plural": "审核件",
                "ordering": ("submitted_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("open", "returned"))),
                        fields=("subject_type", "subject_id"),
                        name="one_live_case_per_subject",
                    )
                ],
                "indexes": [models.Index(fields=["subject_type", "subject_id"], name="casework_re_subject_cdc1e8_idx")],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="ReviewTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    django_fsm.FSMField(
                        choices=[("waiting", "待上一步"), ("open", "待办"), ("done", "已办"), ("skipped", "已跳过")],
                        default="waiting",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("held_until", models.DateTimeField(blank=True, null=True)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("approve", "同意"), ("return", "退回补正"), ("reject", "不予通过")],
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "amount",
                    innovation_voucher.lib.money.YuanField(
                        blank=True, help_text="amount agreed at this step, yuan", null=True
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="casework.reviewcase"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="held_tasks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        help_text="where the right is asked",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="casework.region",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="casework.chainstep"
                    ),
                ),
            ],
            options={
                "verbose_name": "审核任务",
                "verbose_name_plural": "审核任务",
                "ordering": ("case", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="reviewtask_decided_pair",
                    )
                ],
                "indexes": [models.Index(fields=["status", "region", "due_on"], name="casework_re_status_23abcc_idx")],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="ReturnItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                ("target", models.CharField(help_text="field or evidence key; empty = the whole", max_length=80)),
                ("words", models.TextField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="casework.reviewcase"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="casework.reviewtask"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.AlterUniqueTogether(
            name="regiongrouppermission",
            unique_together={("group", "permission", "content_object")},
        ),
        migrations.AlterUniqueTogether(
            name="regionuserpermission",
            unique_together={("user", "permission", "content_object")},
        ),
    ]
