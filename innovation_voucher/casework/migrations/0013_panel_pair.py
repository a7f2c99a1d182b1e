"""Who summed up and when belong together; the triggers of the table, which SQLite loses with it, are made again."""

from django.conf import settings
from django.db import migrations, models

from innovation_voucher.casework.guards import FrozenColumns, FsmGuard


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0012_passed_labels'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='panel',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('concluded_at__isnull', True), ('concluded_by__isnull', True)), models.Q(('concluded_at__isnull', False), ('concluded_by__isnull', False)), _connector='OR'), name='panel_concluded_pair'),
        ),
        FsmGuard(
            "casework_panel",
            "status",
            first=("scoring",),
            edges=(("ended", "concluded"), ("ended", "scoring"), ("scoring", "ended")),
        ),
        FrozenColumns("casework_panel", ("task_id", "case_id", "field", "seed", "rules", "drawn_by_id")),
        FrozenColumns(
            "casework_panel", ("summary", "concluded_by_id", "concluded_at"), unless_state=("status", ("ended",))
        ),
    ]
