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
            name='LabFile',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('filename', models.CharField(max_length=200)),
                ('taken_at', models.BigIntegerField()),
                ('counts', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('upload', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.upload')),
            ],
        ),
        migrations.CreateModel(
            name='SlotOffer',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('start', models.BigIntegerField()),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='length, minutes')),
                ('places', models.PositiveSmallIntegerField(verbose_name='places')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.site')),
            ],
            options={
                'indexes': [models.Index(fields=['start'], name='slot_by_start')],
                'constraints': [models.UniqueConstraint(fields=('site', 'start'), name='slot_once_a_site'), models.UniqueConstraint(fields=('id', 'places'), name='slot_with_its_places'), models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 1440)), name='slot_within_a_day')],
            },
        ),
        migrations.CreateModel(
            name='SlotPlan',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('made_at', models.BigIntegerField()),
                ('asked', models.JSONField()),
                ('plan', models.JSONField(default=dict)),
                ('lacking', models.JSONField(default=dict)),
                ('state', models.CharField(default='proposed', max_length=8)),
                ('decided_at', models.BigIntegerField(null=True)),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'proposed')), models.Q(('decided_at__isnull', False), ('state__in', ['applied', 'dropped'])), _connector='OR'), name='slot_plan_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Tube',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('barcode', models.CharField(max_length=32, unique=True, verbose_name='barcode')),
                ('kind', models.CharField(choices=[('single', 'single'), ('pool', 'pool')], max_length=6)),
                ('size', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('open', 'being filled'), ('closed', 'waiting for the laboratory'), ('resulted', 'result is there'), ('spoiled', 'spoiled')], default='open', max_length=8)),
                ('opened_at', models.BigIntegerField()),
                ('sampled_at', models.BigIntegerField(null=True)),
                ('laboratory', models.CharField(default='', max_length=200, verbose_name='laboratory')),
                ('method', models.CharField(default='nucleic_acid', max_length=12)),
                ('result', models.CharField(default='', max_length=12)),
                ('reported_at', models.BigIntegerField(null=True)),
                ('recorded_at', models.BigIntegerField(null=True)),
                ('reason', models.CharField(default='', max_length=200)),
                ('opened_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'opened_at'], name='tube_by_site'), models.Index(fields=['state', 'opened_at'], name='tube_by_state')],
                'constraints': [models.UniqueConstraint(fields=('id', 'size'), name='tube_with_its_size'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'single'), ('size', 1)), models.Q(('kind', 'pool'), ('size__gte', 2), ('size__lte', 50)), _connector='OR'), name='tube_size_goes_with_its_kind'), models.CheckConstraint(condition=models.Q(models.Q(('reported_at__isnull', True), ('result', ''), ('sampled_at__isnull', True), ('state', 'open')), models.Q(('reported_at__isnull', True), ('result', ''), ('sampled_at__isnull', False), ('state', 'closed')), models.Q(('reported_at__isnull', True), ('result', ''), ('state', 'spoiled'), models.Q(('reason', ''), _negated=True)), models.Q(('recorded_at__isnull', False), ('reported_at__gte', models.F('sampled_at')), ('result__in', ('negative', 'positive', 'inconclusive')), ('sampled_at__isnull', False), ('state', 'resulted')), _connector='OR'), name='tube_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('why', models.CharField(choices=[('due', 'clearance needs it'), ('pool', 'the pool was not negative'), ('unclear', 'the result was unclear'), ('contact', 'contact of a case'), ('asked', 'came to be tested')], max_length=8)),
                ('requirement', models.CharField(default='', max_length=64)),
                ('single', models.BooleanField(default=False)),
                ('urgent', models.BooleanField(default=False)),
                ('not_before', models.BigIntegerField()),
                ('deadline', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('open', 'without an appointment'), ('booked', 'with an appointment'), ('sampled', 'sampled, waiting for the result'), ('resulted', 'result is there'), ('cancelled', 'cancelled')], default='open', max_length=9)),
                ('reason', models.CharField(default='', max_length=200)),
                ('replaces', models.UUIDField(null=True)),
                ('created_at', models.BigIntegerField()),
                ('changed_at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('worker', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.worker')),
                ('pool', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='sampling.tube')),
            ],
            options={
                'indexes': [models.Index(fields=['worker', 'created_at'], name='order_by_worker'), models.Index(fields=['state', 'deadline'], name='order_by_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'booked', 'sampled'])), fields=('worker',), name='one_order_under_way'), models.UniqueConstraint(fields=('id', 'worker'), name='order_with_its_worker'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'booked', 'sampled', 'resulted', 'cancelled'])), name='order_state_known'), models.CheckConstraint(condition=models.Q(('why__in', ['due', 'pool', 'unclear', 'contact', 'asked'])), name='order_reason_known'), models.CheckConstraint(condition=models.Q(('deadline__isnull', True), ('deadline__gt', models.F('not_before')), _connector='OR'), name='order_due_after_it_begins'), models.CheckConstraint(condition=models.Q(('reason', ''), ('state', 'cancelled'), _negated=True), name='order_cancelled_with_a_reason'), models.CheckConstraint(condition=models.Q(('pool__isnull', True), ('single', True), _connector='OR'), name='order_after_a_pool_is_single')],
            },
        ),
        migrations.CreateModel(
            name='LabRow',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('sheet', models.CharField(max_length=64)),
                ('row', models.PositiveIntegerField()),
                ('code', models.CharField(max_length=64)),
                ('why', models.JSONField(default=dict)),
                ('barcode', models.CharField(default='', max_length=64)),
                ('result', models.CharField(default='', max_length=12)),
                ('reported_at', models.BigIntegerField(null=True)),
                ('cells_encrypted', models.BinaryField(null=True)),
                ('state', models.CharField(choices=[('open', 'to settle'), ('matched', 'matched to a tube'), ('dismissed', 'dismissed')], default='open', max_length=9)),
                ('reason', models.CharField(default='', max_length=200)),
                ('settled_at', models.BigIntegerField(null=True)),
                ('file', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='sampling.labfile')),
                ('settled_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tube', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sampling.tube')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'file'], name='refused_row_by_state')],
                'constraints': [models.UniqueConstraint(fields=('file', 'sheet', 'row'), name='refused_row_once'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('settled_at__isnull', True), ('state', 'open'), ('tube__isnull', True)), models.Q(('settled_at__isnull', False), ('state', 'matched'), ('tube__isnull', False)), models.Q(('settled_at__isnull', False), ('state', 'dismissed'), ('tube__isnull', True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='refused_row_settled_how')],
            },
        ),
        migrations.CreateModel(
            name='TubeMember',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('size', models.PositiveSmallIntegerField()),
                ('place', models.PositiveSmallIntegerField()),
                ('at', models.BigIntegerField()),
                ('void', models.BooleanField(default=False)),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='sampling.order')),
                ('tube', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='sampling.tube')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.worker')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tube', 'worker'), name='once_in_a_tube'), models.UniqueConstraint(fields=('tube', 'place'), name='one_swab_a_place'), models.UniqueConstraint(condition=models.Q(('void', False)), fields=('order',), name='one_tube_an_order'), models.CheckConstraint(condition=models.Q(('place__lt', models.F('size'))), name='no_more_than_the_tube_is_for')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='appointment', serialize=False, to='sampling.order')),
                ('places', models.PositiveSmallIntegerField()),
                ('place', models.PositiveSmallIntegerField()),
                ('booked_at', models.BigIntegerField()),
                ('slot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='sampling.slotoffer')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.worker')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('slot', 'place'), name='one_person_a_place'), models.CheckConstraint(condition=models.Q(('place__lt', models.F('places'))), name='place_is_there')],
            },
        ),
    ]
