from django.db import migrations, models


class Migration(migrations.Migration):
    """What stands below answers is chosen by mailbox."""

    dependencies = [("channel_email", "0005_older_mail")]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="quotes",
            field=models.CharField(
                choices=[("last", "What was asked last"), ("all", "The whole conversation so far"), ("none", "Nothing")],
                default="last",
                max_length=4,
            ),
        ),
    ]
