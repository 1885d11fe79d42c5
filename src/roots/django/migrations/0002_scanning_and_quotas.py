from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("roots", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="scanned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="threat",
            field=models.CharField(blank=True, db_default="", default="", max_length=255),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="field",
            field=models.CharField(blank=True, db_default="", default="", max_length=255),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                condition=models.Q(("owner", ""), _negated=True),
                fields=["owner", "state", "size"],
                name="roots_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                condition=models.Q(("field", ""), _negated=True),
                fields=["field", "state", "size"],
                name="roots_field",
            ),
        ),
    ]
