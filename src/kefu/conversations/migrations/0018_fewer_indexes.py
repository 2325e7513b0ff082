"""Indexes that nobody needs are dropped, and those of references that few rows have hold these rows only.

A message moves its conversation's row, and then each index is written that has the row. Django's own way to drop the index
of a reference copies the whole table on SQLite; here nothing is copied, so that a million conversations take seconds.
"""

import django.db.models.deletion
from django.db import migrations, models

from kefu.system.plain_indexes import DropPlainIndex


def reference(to, name, *, empty=True, gone=django.db.models.deletion.SET_NULL):
    return models.ForeignKey(blank=empty, db_index=False, null=empty, on_delete=gone, related_name=name, to=to)


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0017_delivery_failing_since"),
        ("incidents", "0002_spikes"),
        ("people", "0005_official_contacts"),
        ("topics", "0002_flows"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(condition=models.Q(("incident__isnull", False)), fields=["incident"], name="conv_incident"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="conv_merged"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(condition=models.Q(("follows__isnull", False)), fields=["follows"], name="conv_follows"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(condition=models.Q(("asked_from__isnull", False)), fields=["asked_from"], name="conv_side"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("agent__isnull", False)), fields=["agent"], name="message_agent"),
        ),
        DropPlainIndex("conversation", "asked_from", reference("conversations.conversation", "side_talks")),
        DropPlainIndex("conversation", "follows", reference("conversations.conversation", "followed_by")),
        DropPlainIndex("conversation", "merged_into", reference("conversations.conversation", "merged")),
        DropPlainIndex("conversation", "incident", reference("incidents.incident", "conversations")),
        DropPlainIndex(
            "conversation",
            "customer",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="conversations", to="people.customer"
            ),
        ),
        DropPlainIndex("message", "agent", reference("people.agent", "messages")),
        DropPlainIndex(
            "message",
            "conversation",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="conversations.conversation"
            ),
        ),
    ]
