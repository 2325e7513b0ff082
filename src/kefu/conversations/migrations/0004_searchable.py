"""What was said before there was an index becomes findable."""

from django.db import migrations


def index_all(apps, schema_editor):
    from kefu.system.search.index import Entry, put

    rows = apps.get_model("conversations", "Message").objects.exclude(body="").values_list("pk", "conversation_id", "body")
    batch = []
    for pk, conversation, body in rows.iterator(2000):
        batch.append(Entry(pk, conversation, body))
        if len(batch) >= 2000:
            put(batch)
            batch = []
    put(batch)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0003_tickets"), ("search", "0001_initial")]
    operations = [migrations.RunPython(index_all, migrations.RunPython.noop)]
