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
            name='Case',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('ground', models.UUIDField(unique=True)),
                ('since', models.BigIntegerField()),
                ('until', models.BigIntegerField()),
                ('state', models.CharField(choices=[('open', 'open'), ('closed', 'closed')], default='open', max_length=6)),
                ('words', models.CharField(blank=True, default='', max_length=200, verbose_name='note')),
                ('opened_at', models.BigIntegerField()),
                ('searched_at', models.BigIntegerField(null=True)),
                ('closed_at', models.BigIntegerField(null=True)),
                ('opened_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.worker')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'opened_at'], name='case_by_opening')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('worker',), name='one_open_case_a_worker'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'closed'])), name='case_state_known'), models.CheckConstraint(condition=models.Q(('since__lte', models.F('until'))), name='case_since_before_until'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(('closed_at__isnull', False), ('state', 'closed')), _connector='OR'), name='case_closed_some_time')],
            },
        ),
        migrations.CreateModel(
            name='CaseContact',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('rules', models.JSONField(default=list)),
                ('place', models.CharField(default='', max_length=200, verbose_name='place')),
                ('last_at', models.BigIntegerField()),
                ('state', models.CharField(choices=[('proposed', 'to be reviewed'), ('confirmed', 'confirmed'), ('dismissed', 'dismissed')], default='proposed', max_length=9)),
                ('reason', models.CharField(default='', max_length=200, verbose_name='reason')),
                ('decided_at', models.BigIntegerField(null=True)),
                ('fact_id', models.UUIDField(null=True)),
                ('found_at', models.BigIntegerField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='tracing.case')),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.worker')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'worker'), name='contact_once_a_case'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('fact_id__isnull', True), ('state', 'proposed')), models.Q(('decided_at__isnull', False), ('fact_id__isnull', False), ('state', 'confirmed')), models.Q(('decided_at__isnull', False), ('fact_id__isnull', True), ('state', 'dismissed'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='contact_decided')],
            },
        ),
        migrations.CreateModel(
            name='CleaningTask',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('what', models.CharField(choices=[('vehicle', 'vehicle'), ('room', 'room'), ('workshop', 'workshop'), ('canteen', 'canteen')], max_length=8, verbose_name='what')),
                ('place', models.CharField(max_length=200, verbose_name='place')),
                ('trip', models.CharField(blank=True, default='', max_length=64, verbose_name='trip')),
                ('state', models.CharField(choices=[('open', 'to be done'), ('done', 'done'), ('dismissed', 'not needed')], default='open', max_length=9)),
                ('reason', models.CharField(default='', max_length=200, verbose_name='reason')),
                ('made_at', models.BigIntegerField()),
                ('not_before', models.BigIntegerField()),
                ('agent', models.CharField(default='', max_length=64, verbose_name='agent')),
                ('mg_per_litre', models.FloatField(null=True, verbose_name='concentration, mg/L')),
                ('minutes', models.FloatField(null=True, verbose_name='minutes')),
                ('done_by', models.CharField(default='', max_length=64, verbose_name='disinfected by')),
                ('done_at', models.BigIntegerField(null=True)),
                ('fact_id', models.UUIDField(null=True)),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='tracing.case')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state'], name='task_by_site')],
                'constraints': [models.UniqueConstraint(fields=('case', 'what', 'site', 'place'), name='task_once_a_case'), models.CheckConstraint(condition=models.Q(('what__in', ['vehicle', 'room', 'workshop', 'canteen'])), name='task_what_known'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('fact_id__isnull', True), ('state', 'open')), models.Q(('done_at__isnull', False), ('fact_id__isnull', False), ('mg_per_litre__gt', 0), ('minutes__gt', 0), ('state', 'done'), ('mg_per_litre__isnull', False), ('minutes__isnull', False), models.Q(('agent', ''), _negated=True)), models.Q(('done_at__isnull', True), ('fact_id__isnull', True), ('state', 'dismissed'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='task_done_with_its_figures'), models.CheckConstraint(condition=models.Q(('done_at__isnull', True), ('done_at__gte', models.F('not_before')), _connector='OR'), name='task_done_after_the_case')],
            },
        ),
    ]
