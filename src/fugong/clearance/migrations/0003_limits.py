"""Two people behind each protocol, acts that wait for a second person, and what one person took within a day."""

import django.contrib.postgres.fields
import django.db.models.deletion
import fugong.base.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clearance", "0002_cache_without_row_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Deputation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("start", models.BigIntegerField()),
                ("end", models.BigIntegerField()),
                ("recorded_at", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Loss",
            fields=[
                (
                    "id",
                    models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("at", models.BigIntegerField()),
                ("workers", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
            ],
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("at", models.BigIntegerField()),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), size=None),
                ),
                ("evidence", models.TextField(default="")),
                ("effect", models.JSONField()),
                ("reviewed_at", models.BigIntegerField(null=True)),
                ("note", models.TextField(default="")),
            ],
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                (
                    "id",
                    models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("at", models.BigIntegerField()),
                ("workers", models.IntegerField()),
                ("differences", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="WaitingAct",
            fields=[
                (
                    "id",
                    models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("act", models.CharField(max_length=32)),
                ("arguments", models.JSONField()),
                ("evidence", models.TextField(default="")),
                ("content", models.BinaryField(null=True)),
                ("filename", models.CharField(default="", max_length=200)),
                ("proposed_as", models.CharField(max_length=200)),
                ("created_at", models.BigIntegerField()),
                ("effect", models.JSONField()),
                ("counted_at", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("waiting", "waiting"),
                            ("approved", "approved"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                            ("expired", "expired"),
                        ],
                        max_length=12,
                    ),
                ),
                ("escalated_at", models.BigIntegerField(null=True)),
                ("decided_at", models.BigIntegerField(null=True)),
                ("reason", models.TextField(default="")),
            ],
        ),
        migrations.AddField(
            model_name="adoption",
            name="approved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="adoption",
            name="first",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="adoption",
            name="suspends",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="suspended_by",
                to="clearance.adoption",
            ),
        ),
        migrations.AlterField(
            model_name="adoption",
            name="effective_from",
            field=models.BigIntegerField(),
        ),
        migrations.AddConstraint(
            model_name="adoption",
            constraint=models.UniqueConstraint(
                condition=models.Q(("suspends__isnull", True)), fields=("effective_from",), name="adoption_begins_alone"
            ),
        ),
        migrations.AddConstraint(
            model_name="adoption",
            constraint=models.UniqueConstraint(
                condition=models.Q(("first", True)), fields=("first",), name="one_first_adoption"
            ),
        ),
        # What was adopted before two people were needed stays; the earliest one was the first.
        migrations.RunSQL(
            "UPDATE clearance_adoption SET first = true "
            "WHERE id = (SELECT id FROM clearance_adoption ORDER BY recorded_at, effective_from LIMIT 1)",
            migrations.RunSQL.noop,
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE clearance_adoption ADD CONSTRAINT adoption_by_two_people CHECK ("
                    "first AND suspends_id IS NULL OR approved_by_id IS NOT NULL AND approved_by_id IS DISTINCT FROM actor_id"
                    ") NOT VALID",
                    "ALTER TABLE clearance_adoption DROP CONSTRAINT adoption_by_two_people",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="adoption",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first", True), ("suspends__isnull", True)),
                            models.Q(
                                ("approved_by__isnull", False),
                                models.Q(
                                    ("actor__isnull", True),
                                    models.Q(("approved_by", models.F("actor")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="adoption_by_two_people",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="deputation",
            name="deputy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="deputation",
            name="named_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="loss",
            name="actor",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="actor",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="reviewed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="waitingact",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="waitingact",
            name="proposer",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="deputation",
            constraint=models.CheckConstraint(
                condition=models.Q(("start__lt", models.F("end"))), name="deputation_ends_later"
            ),
        ),
        migrations.AddConstraint(
            model_name="deputation",
            constraint=models.CheckConstraint(
                condition=models.Q(("deputy", models.F("named_by")), _negated=True), name="nobody_is_their_own_deputy"
            ),
        ),
        migrations.AddIndex(
            model_name="loss",
            index=models.Index(fields=["actor", "at"], name="loss_by_actor"),
        ),
        migrations.AddIndex(
            model_name="waitingact",
            index=models.Index(fields=["state", "created_at"], name="act_that_waits"),
        ),
        migrations.AddConstraint(
            model_name="waitingact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    models.Q(
                        ("decided_by__isnull", False),
                        models.Q(
                            ("proposer__isnull", True),
                            models.Q(("decided_by", models.F("proposer")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="act_approved_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitingact",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "waiting", "approved", "refused", "withdrawn", "expired"])),
                name="act_state_known",
            ),
        ),
    ]
