from django.db import migrations, models


class Migration(migrations.Migration):
    """Mails that a person has looked at and put aside."""

    dependencies = [
        ('channel_email', '0007_sign_ins'),
    ]

    operations = [
        migrations.AlterField(
            model_name='seenmail',
            name='outcome',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('conversation', 'In a conversation'), ('folded', 'Folded into a conversation'), ('duplicate', 'Seen before'), ('bounce', 'Not delivered'), ('auto_reply', 'Automatic answer'), ('loop', 'Loop'), ('spam', 'Blocked'), ('aside', 'Put aside by a person'), ('quarantine', 'Quarantine'), ('error', 'Error')], default='waiting', max_length=12),
        ),
    ]
