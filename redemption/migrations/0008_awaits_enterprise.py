"""The state in which an enterprise has to agree bears the word of the page on which it does."""

import django_fsm
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("redemption", "0007_contract_papers")]

    operations = [
        migrations.AlterField(
            model_name="redemption",
            name="status",
            field=django_fsm.FSMField(
                choices=[
                    ("draft", "草稿"),
                    ("awaiting_consent", "待企业确认"),
                    ("in_review", "审核中"),
                    ("returned", "待补正"),
                    ("approved", "核定通过"),
                    ("in_publicity", "公示中"),
                    ("contested", "异议处理中"),
                    ("payable", "待拨付"),
                    ("paid", "已拨付"),
                    ("rejected", "不予兑付"),
                    ("withdrawn", "已撤回"),
                    ("expired", "已过期"),
                    ("recovered", "已追回"),
                ],
                default="draft",
                max_length=50,
                protected=True,
            ),
        ),
    ]
