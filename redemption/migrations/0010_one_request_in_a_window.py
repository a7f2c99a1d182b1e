from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("redemption", "0009_ended_orders")]

    operations = [
        migrations.AddField(
            "redemption",
            "window_opened",
            models.DateField(
                blank=True,
                null=True,
                verbose_name="兑付窗口期",
                help_text="first day of the window whose only request of its payee it is; empty where that is not counted",
            ),
        ),
        migrations.AddConstraint(
            "redemption",
            models.UniqueConstraint(
                fields=("payee", "programme", "window_opened"),
                condition=models.Q(("status__in", ("withdrawn", "expired")), _negated=True),
                name="one_request_in_a_window",
            ),
        ),
    ]
