import django.db.models.deletion
import fugong.base.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base', '__first__'),
        ('ledger', '0004_search_path'),
    ]

    operations = [
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('not_returned', 'not-yet-returned list'), ('vacancies', 'list of vacancies')], max_length=16)),
                ('version', models.IntegerField()),
                ('office', models.CharField(max_length=100, verbose_name='office')),
                ('note', models.CharField(blank=True, default='', max_length=400, verbose_name='note')),
                ('as_of', models.BigIntegerField()),
                ('known_at', models.BigIntegerField()),
                ('rows', models.IntegerField(default=0)),
                ('total', models.BigIntegerField(default=0)),
                ('digest', models.CharField(default='', max_length=64)),
                ('signed_at', models.BigIntegerField(null=True)),
                ('signed_by', models.CharField(default='', max_length=150)),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('before', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='submissions.submission')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='submission_version_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['not_returned', 'vacancies'])), name='submission_kind_known'), models.CheckConstraint(condition=models.Q(('signed_at__isnull', True), models.Q(models.Q(('digest', ''), _negated=True), models.Q(('signed_by', ''), _negated=True)), _connector='OR'), name='submission_signed_whole')],
            },
        ),
        migrations.CreateModel(
            name='SubmissionRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('place', models.IntegerField()),
                ('key', models.CharField(max_length=200)),
                ('values', models.JSONField()),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.subject')),
                ('submission', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='submissions.submission')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('submission', 'key'), name='submission_row_once'), models.UniqueConstraint(fields=('submission', 'place'), name='submission_row_place')],
            },
        ),
        migrations.CreateModel(
            name='Layout',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('not_returned', 'not-yet-returned list'), ('vacancies', 'list of vacancies')], max_length=16)),
                ('name', models.CharField(max_length=64, verbose_name='name')),
                ('content', models.BinaryField()),
                ('added_at', models.BigIntegerField()),
                ('used', models.BooleanField(default=True)),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('used', True)), fields=('kind', 'name'), name='layout_name_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['not_returned', 'vacancies'])), name='layout_kind_known')],
            },
        ),
    ]
