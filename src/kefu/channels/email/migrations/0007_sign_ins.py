from django.db import migrations, models


class Migration(migrations.Migration):
    """Accounts that are tried by one at a time; and what quotes are chosen is said by the database, for an older process that
    does not know the column and adds a mailbox."""

    dependencies = [("channel_email", "0006_mailbox_quotes")]

    operations = [
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.CharField(max_length=64, unique=True)),
                ("refused", models.BooleanField(db_default=False, default=False)),
                ("failures", models.PositiveIntegerField(db_default=1, default=1)),
                ("again_at", models.DateTimeField()),
                ("words", models.CharField(blank=True, db_default="", default="", max_length=300)),
            ],
        ),
        migrations.AlterField(
            model_name="mailbox",
            name="quotes",
            field=models.CharField(
                choices=[("last", "What was asked last"), ("all", "The whole conversation so far"), ("none", "Nothing")],
                db_default="last",
                default="last",
                max_length=4,
            ),
        ),
    ]
