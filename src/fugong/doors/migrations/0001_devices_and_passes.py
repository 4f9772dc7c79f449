

import django.db.models.deletion
import fugong.base.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base', '0005_given_logins'),
        ('registry', '0004_claims'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Arrangement',
            fields=[
                ('site', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='registry.site')),
                ('place', models.CharField(blank=True, default='', max_length=100, verbose_name='where they wait')),
                ('call', models.CharField(blank=True, default='', max_length=64, verbose_name='whom to call')),
                ('phone', models.CharField(blank=True, default='', max_length=32, verbose_name='telephone')),
            ],
        ),
        migrations.CreateModel(
            name='GuardPin',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('salt', models.BinaryField()),
                ('iterations', models.IntegerField()),
                ('digest', models.BinaryField()),
                ('set_at', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Pseudonym',
            fields=[
                ('worker', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='registry.worker')),
                ('value', models.CharField(max_length=11, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(default='', max_length=64, verbose_name='device')),
                ('code_digest', models.BinaryField(null=True, unique=True)),
                ('code_until', models.BigIntegerField()),
                ('public_key', models.JSONField(null=True)),
                ('token_digest', models.BinaryField(null=True, unique=True)),
                ('made_at', models.BigIntegerField()),
                ('enrolled_at', models.BigIntegerField(null=True)),
                ('revoked_at', models.BigIntegerField(null=True)),
                ('seen_at', models.BigIntegerField(null=True)),
                ('door', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='devices', to='registry.door')),
                ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(models.Q(('enrolled_at__isnull', True), ('public_key__isnull', True), ('token_digest__isnull', True)), models.Q(('code_digest__isnull', True), ('enrolled_at__isnull', False), models.Q(models.Q(('public_key__isnull', False), ('token_digest__isnull', True)), models.Q(('public_key__isnull', True), ('token_digest__isnull', False)), _connector='OR')), _connector='OR'), name='device_has_one_secret'),
                    models.CheckConstraint(condition=models.Q(('code_until__gt', models.F('made_at'))), name='device_code_ends_later'),
                    models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_by__isnull', True)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='device_revoked_by_somebody'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Shift',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('direction', models.CharField(choices=[('in', 'in'), ('out', 'out')], max_length=3)),
                ('at', models.BigIntegerField()),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to='doors.device')),
                ('guard', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(('direction__in', ['in', 'out'])), name='shift_direction_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('kid', models.CharField(max_length=8, primary_key=True, serialize=False)),
                ('algorithm', models.CharField(max_length=16)),
                ('private_encrypted', models.BinaryField()),
                ('public', models.JSONField()),
                ('created_at', models.BigIntegerField()),
                ('retired_at', models.BigIntegerField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('algorithm',), name='one_signing_key_in_use')],
            },
        ),
        migrations.CreateModel(
            name='Pass',
            fields=[
                ('id', models.CharField(max_length=11, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('phone', 'on a phone'), ('badge', 'printed')], max_length=8)),
                ('issued_at', models.BigIntegerField()),
                ('expires_at', models.BigIntegerField(null=True)),
                ('revoked_at', models.BigIntegerField(null=True)),
                ('reason', models.CharField(default='', max_length=200)),
                ('issued_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passes', to='registry.worker')),
                ('key', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='doors.signingkey')),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(('revoked_at__isnull', False)), fields=['revoked_at'], name='pass_revoked'),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['phone', 'badge'])), name='pass_kind_known'),
                    models.CheckConstraint(condition=models.Q(('expires_at__isnull', True), ('expires_at__gt', models.F('issued_at')), _connector='OR'), name='pass_expires_later'),
                    models.CheckConstraint(condition=models.Q(('kind', 'badge'), ('expires_at__isnull', False), _connector='OR'), name='pass_on_a_phone_expires'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Told',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('check_fact', models.UUIDField()),
                ('who', models.CharField(max_length=64)),
                ('words', models.CharField(default='', max_length=200)),
                ('at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.worker')),
            ],
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('who_encrypted', models.BinaryField()),
                ('colour', models.CharField(max_length=8)),
                ('reasons', models.JSONField(default=list)),
                ('celsius', models.FloatField(null=True)),
                ('at', models.BigIntegerField()),
                ('left_at', models.BigIntegerField(null=True)),
                ('recorded_at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('door', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.door')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.site')),
            ],
            options={
                "indexes": [
                    models.Index(fields=['site', 'at'], name='visit_by_site'),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(('colour__in', ['green', 'amber', 'red'])), name='visit_colour_known'),
                    models.CheckConstraint(condition=models.Q(('left_at__isnull', True), ('left_at__gte', models.F('at')), _connector='OR'), name='visit_ends_after_it_begins'),
                ],
            },
        ),
    ]
