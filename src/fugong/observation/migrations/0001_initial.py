import django.db.models.deletion
import fugong.base.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base', '__first__'),
        ('registry', '0005_changed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=16, verbose_name='room')),
                ('order', models.IntegerField(verbose_name='place in the round')),
                ('floor', models.SmallIntegerField(default=1, verbose_name='floor')),
                ('zone', models.CharField(blank=True, default='', max_length=16, verbose_name='zone')),
                ('medical', models.BooleanField(default=False, verbose_name='medical equipment')),
                ('sex', models.CharField(blank=True, choices=[('', 'anybody'), ('m', 'men'), ('f', 'women')], default='', max_length=1, verbose_name='for')),
                ('people', models.SmallIntegerField(default=1, verbose_name='people at a time')),
                ('households', models.BooleanField(default=False, verbose_name='a household may share it')),
                ('opens', models.BigIntegerField()),
                ('closes', models.BigIntegerField()),
                ('fact_id', models.UUIDField()),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rooms', to='registry.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'order'], name='room_in_walking_order')],
                'constraints': [models.UniqueConstraint(fields=('site', 'name'), name='room_once_a_site'), models.CheckConstraint(condition=models.Q(('opens__lt', models.F('closes'))), name='room_opens_before_it_closes'), models.CheckConstraint(condition=models.Q(('sex__in', ['', 'm', 'f'])), name='room_sex_known'), models.CheckConstraint(condition=models.Q(('people__gte', 1)), name='room_for_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Bed',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=8, verbose_name='bed')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='beds', to='observation.room')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('room', 'name'), name='bed_once_a_room')],
            },
        ),
        migrations.CreateModel(
            name='Staff',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('group', models.CharField(choices=[('disinfection', 'prevention and disinfection'), ('health', 'health observation'), ('information', 'information and contact'), ('security', 'security'), ('supplies', 'supplies')], max_length=12, verbose_name='group')),
                ('name', models.CharField(max_length=64, verbose_name='full name')),
                ('leads', models.BooleanField(default=False, verbose_name='leads the group')),
                ('phone_encrypted', models.BinaryField(null=True)),
                ('phone_tail', models.CharField(default='', max_length=4)),
                ('start', models.BigIntegerField()),
                ('end', models.BigIntegerField(null=True)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='registry.site')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('group__in', ['disinfection', 'health', 'information', 'security', 'supplies'])), name='staff_group_known'), models.CheckConstraint(condition=models.Q(('end__isnull', True), ('end__gte', models.F('start')), _connector='OR'), name='staff_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Stay',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('start', models.BigIntegerField()),
                ('end', models.BigIntegerField()),
                ('free_from', models.BigIntegerField()),
                ('since', models.BigIntegerField()),
                ('state', models.CharField(choices=[('planned', 'planned'), ('present', 'present'), ('ended', 'ended'), ('cancelled', 'cancelled')], default='planned', max_length=9)),
                ('how', models.CharField(choices=[('released', 'released'), ('moved', 'moved to another bed'), ('early', 'ended early'), ('hospital', 'transferred to hospital')], default='', max_length=8)),
                ('reason', models.CharField(default='', max_length=200)),
                ('cohort', models.CharField(default='', max_length=32)),
                ('household', models.UUIDField(null=True)),
                ('fact_id', models.UUIDField(null=True)),
                ('changed_at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('bed', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stays', to='observation.bed')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stays', to='observation.room')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stays', to='registry.site')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stays', to='registry.worker')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'end'], name='stay_by_site')],
                'constraints': [models.CheckConstraint(condition=models.Q(('start__lt', models.F('end'))), name='stay_starts_before_it_ends'), models.CheckConstraint(condition=models.Q(('free_from__gte', models.F('end'))), name='stay_bed_free_after_it'), models.CheckConstraint(condition=models.Q(('since__lte', models.F('start'))), name='stay_since_before_it'), models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'present', 'ended', 'cancelled'])), name='stay_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('how__in', ['released', 'moved', 'early', 'hospital']), ('state', 'ended')), models.Q(models.Q(('state', 'ended'), _negated=True), ('how', '')), _connector='OR'), name='stay_ended_somehow'), models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'cancelled']), ('fact_id__isnull', False), _connector='OR'), name='stay_told_as_a_fact'), models.UniqueConstraint(condition=models.Q(('state', 'present')), fields=('bed',), name='bed_has_one_person_present'), models.UniqueConstraint(condition=models.Q(('state', 'present')), fields=('worker',), name='person_present_in_one_bed')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('visitor', 'visitor'), ('delivery', 'delivery'), ('absent', 'not in the room')], max_length=8)),
                ('who_encrypted', models.BinaryField(null=True)),
                ('words', models.CharField(default='', max_length=200)),
                ('at', models.BigIntegerField()),
                ('recorded_at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.site')),
                ('stay', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='observation.stay')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'at'], name='entry_by_site')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['visitor', 'delivery', 'absent'])), name='entry_kind_known')],
            },
        ),
    ]
