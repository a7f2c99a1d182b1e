"""Who answered and when belong together; the triggers of the table, which SQLite loses with it, are made again."""

from django.conf import settings
from django.db import migrations, models

from innovation_voucher.casework.guards import FrozenColumns, FsmGuard


class Migration(migrations.Migration):

    dependencies = [
        ('redemption', '0011_passed_label'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='objection_answered_pair'),
        ),
        FsmGuard(
            "redemption_objection",
            "status",
            first=("received",),
            edges=(("received", "dismissed"), ("received", "upheld")),
        ),
        FrozenColumns("redemption_objection", ("number", "publicity_id", "redemption_id", "name", "words")),
        FrozenColumns(
            "redemption_objection",
            ("answer", "answered_by_id", "answered_at"),
            unless_state=("status", ("received",)),
        ),
    ]
