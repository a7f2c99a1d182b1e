"""A saved view belongs to a person at one office; no page has written any before this."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0007_desk'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='savedview',
            name='savedview_name',
        ),
        migrations.RemoveConstraint(
            model_name='savedview',
            name='one_default_savedview',
        ),
        migrations.AddField(
            model_name='savedview',
            name='office',
            field=models.ForeignKey(default=None, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.office'),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='savedview',
            name='query',
            field=models.CharField(help_text='the filters as they stand in the address', max_length=2000),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(fields=('user', 'office', 'key', 'name'), name='savedview_name'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('user', 'office', 'key'), name='one_default_savedview'),
        ),
    ]
