from django.db import migrations

from carriers.search import AddSearchVector


class Migration(migrations.Migration):
    dependencies = [("carriers", "0002_guards")]

    operations = [AddSearchVector("carrier"), AddSearchVector("service"), AddSearchVector("instrument")]
