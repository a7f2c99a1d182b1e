"""An order that ended without a voucher weighs on its invoice no more: the trigger is made anew."""

from django.db import migrations

from redemption.guards import WithinInvoice


class Migration(migrations.Migration):
    dependencies = [("redemption", "0008_awaits_enterprise")]

    operations = [WithinInvoice()]
