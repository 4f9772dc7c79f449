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
            name='Measure',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('key', models.SlugField(max_length=48)),
                ('version', models.CharField(max_length=40)),
                ('title_zh', models.CharField(max_length=200)),
                ('title_en', models.CharField(max_length=200)),
                ('status', models.CharField(choices=[('complete', 'complete'), ('text_missing', 'text not found')], max_length=12)),
                ('text', models.TextField()),
                ('current', models.BooleanField(default=True)),
                ('taken_at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('measure_key', models.SlugField(max_length=48)),
                ('whole', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('drafted', 'drafted'), ('checked', 'checked'), ('submitted', 'submitted'), ('approved', 'approved'), ('paid', 'paid'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='drafted', max_length=9)),
                ('claimed', models.BigIntegerField()),
                ('approved', models.BigIntegerField(null=True)),
                ('due', models.BigIntegerField(null=True)),
                ('public_from', models.BigIntegerField(null=True)),
                ('public_until', models.BigIntegerField(null=True)),
                ('drafted_at', models.BigIntegerField()),
                ('changed_at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='registry.enterprise')),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='policies.measure')),
            ],
            options={
                'indexes': [models.Index(fields=['enterprise', 'drafted_at'], name='claim_by_enterprise'), models.Index(fields=['state', 'drafted_at'], name='claim_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['drafted', 'checked', 'submitted', 'approved', 'paid', 'refused', 'withdrawn'])), name='claim_state_known'), models.CheckConstraint(condition=models.Q(('claimed__gt', 0)), name='claim_of_something'), models.CheckConstraint(condition=models.Q(('approved__isnull', True), models.Q(('approved__gt', 0), ('approved__lte', models.F('claimed'))), _connector='OR'), name='claim_approved_within'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'paid']), _negated=True), ('approved__isnull', False), _connector='OR'), name='claim_approved_somehow'), models.CheckConstraint(condition=models.Q(models.Q(('public_from__isnull', True), ('public_until__isnull', True)), ('public_from__lt', models.F('public_until')), _connector='OR'), name='claim_public_in_order'), models.UniqueConstraint(condition=models.Q(('whole', True), models.Q(('state__in', ['refused', 'withdrawn']), _negated=True)), fields=('measure_key', 'enterprise'), name='claim_whole_once'), models.UniqueConstraint(fields=('id', 'approved'), name='claim_and_its_approval')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('approved', models.BigIntegerField()),
                ('amount', models.BigIntegerField()),
                ('paid_at', models.BigIntegerField()),
                ('reference', models.CharField(default='', max_length=64)),
                ('recorded_at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='payment', to='policies.claim')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lte', models.F('approved'))), name='payment_within_approval')],
            },
        ),
        migrations.CreateModel(
            name='PolicyDocument',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('issuer', models.CharField(max_length=100, verbose_name='issuer')),
                ('number', models.CharField(blank=True, default='', max_length=64, verbose_name='document number')),
                ('level', models.CharField(choices=[('state', 'state'), ('province', 'province'), ('city', 'city'), ('district', 'district')], max_length=8, verbose_name='level')),
                ('start', models.BigIntegerField(null=True)),
                ('end', models.BigIntegerField(null=True)),
                ('words', models.CharField(blank=True, default='', max_length=400, verbose_name='what it is about')),
                ('filename', models.CharField(default='', max_length=120)),
                ('media', models.CharField(default='', max_length=80)),
                ('content', models.BinaryField(null=True)),
                ('added_at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('level__in', ['state', 'province', 'city', 'district'])), name='policy_level_known'), models.CheckConstraint(condition=models.Q(('start__isnull', True), ('end__isnull', True), ('start__lt', models.F('end')), _connector='OR'), name='policy_starts_before_it_ends'), models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('number',), name='policy_number_once')],
            },
        ),
        migrations.AddField(
            model_name='measure',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='policies.policydocument'),
        ),
        migrations.CreateModel(
            name='ClaimLine',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('measure_key', models.SlugField(max_length=48)),
                ('amount', models.BigIntegerField()),
                ('counted', models.BooleanField(default=True)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='policies.claim')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.worker')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('counted', True)), fields=('measure_key', 'worker'), name='person_claimed_once_a_measure'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='claim_line_of_something')],
            },
        ),
        migrations.CreateModel(
            name='ClaimStep',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('drafted', 'drafted'), ('checked', 'checked'), ('submitted', 'submitted'), ('approved', 'approved'), ('paid', 'paid'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], max_length=9)),
                ('words', models.CharField(default='', max_length=400)),
                ('at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='policies.claim')),
            ],
            options={
                'indexes': [models.Index(fields=['claim', 'at'], name='claim_step_in_order')],
            },
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.UniqueConstraint(fields=('key', 'version'), name='measure_version_once'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.UniqueConstraint(condition=models.Q(('current', True)), fields=('key',), name='measure_one_current'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['complete', 'text_missing'])), name='measure_status_known'),
        ),
    ]
