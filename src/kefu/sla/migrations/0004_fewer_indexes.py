"""A conversation's clocks are found by the constraint that begins with the conversation."""

import django.db.models.deletion
from django.db import migrations, models

from kefu.system.plain_indexes import DropPlainIndex


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0018_fewer_indexes"),
        ("sla", "0003_promises_by_day"),
    ]

    operations = [
        DropPlainIndex(
            "clock",
            "conversation",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="clocks", to="conversations.conversation"
            ),
        ),
    ]
