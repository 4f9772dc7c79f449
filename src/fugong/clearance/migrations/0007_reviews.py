"""Nobody looks at what they stated themselves, and whoever looks says what they found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clearance", "0006_steps")]
    operations = [
        migrations.AddField(model_name="review", name="escalated_at", field=models.BigIntegerField(null=True)),
        # A review that was ticked without a word, or by whoever stated it, is open again.
        migrations.RunSQL(
            "UPDATE clearance_review SET reviewed_at = NULL, reviewed_by_id = NULL WHERE note = '' OR reviewed_by_id = actor_id",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                name="review_by_another",
                condition=models.Q(reviewed_by__isnull=True)
                | models.Q(actor__isnull=True)
                | ~models.Q(reviewed_by=models.F("actor")),
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                name="review_says_what_was_found", condition=models.Q(reviewed_at__isnull=True) | ~models.Q(note="")
            ),
        ),
    ]
