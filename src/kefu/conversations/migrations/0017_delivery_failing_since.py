from django.db import migrations, models


class Migration(migrations.Migration):
    """Since when an answer cannot be sent: agents hear of it, and it does not wait without end."""

    dependencies = [("conversations", "0016_proven_rung")]

    operations = [migrations.AddField(model_name="delivery", name="failing_since", field=models.DateTimeField(blank=True, null=True))]
