from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("conversations", "0015_collaborators"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="proven_rung",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
    ]
