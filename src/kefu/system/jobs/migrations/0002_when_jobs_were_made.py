"""Jobs that are planned for later said of themselves that they were made then."""

from django.db import migrations
from django.utils.timezone import now


def made_by_now(apps, schema_editor):
    apps.get_model("jobs", "Job").objects.filter(created__gt=now()).update(created=now())


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]
    operations = [migrations.RunPython(made_by_now, migrations.RunPython.noop)]
