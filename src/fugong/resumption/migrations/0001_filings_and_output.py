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
            name='Filing',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('regime', models.CharField(choices=[('permit', 'permit: work begins when the town has approved it'), ('filing', 'filing: work begins on receipt'), ('commitment', 'commitment: work begins with the signed commitment, and is checked afterwards')], max_length=10)),
                ('state', models.CharField(choices=[('waiting', 'waits for the town'), ('returned', 'sent back to be completed'), ('in_force', 'in force'), ('suspended', 'suspended'), ('refused', 'refused'), ('taken_back', 'taken back by the enterprise'), ('ended', 'withdrawn by the town')], max_length=10)),
                ('starts', models.BigIntegerField()),
                ('plan', models.TextField(default='')),
                ('commitments', models.JSONField(default=list)),
                ('signed_by', models.CharField(default='', max_length=64)),
                ('checklist', models.JSONField(default=list)),
                ('listed', models.BooleanField(default=False)),
                ('filed_at', models.BigIntegerField()),
                ('approved_at', models.BigIntegerField(null=True)),
                ('checked_at', models.BigIntegerField(null=True)),
                ('changed_at', models.BigIntegerField()),
                ('approved_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enterprise', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='filings', to='registry.enterprise')),
                ('filed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['enterprise', '-filed_at'], name='filing_by_enterprise'), models.Index(fields=['state', '-changed_at'], name='filing_by_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'returned', 'in_force', 'suspended'])), fields=('enterprise',), name='one_open_filing_an_enterprise'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'returned', 'in_force', 'suspended', 'refused', 'taken_back', 'ended'])), name='filing_state_known'), models.CheckConstraint(condition=models.Q(('regime__in', ['permit', 'filing', 'commitment'])), name='filing_regime_known'), models.CheckConstraint(condition=models.Q(('filed_by__isnull', True), ('approved_by__isnull', True), models.Q(('filed_by', models.F('approved_by')), _negated=True), _connector='OR'), name='nobody_approves_their_own_filing'), models.CheckConstraint(condition=models.Q(models.Q(('listed', False), ('regime', 'permit'), ('state', 'in_force'), _negated=True), ('approved_at__isnull', False), _connector='OR'), name='a_permit_is_approved_before_it_is_in_force')],
            },
        ),
        migrations.CreateModel(
            name='Condition',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('words', models.CharField(max_length=300)),
                ('due', models.BigIntegerField(null=True)),
                ('met_at', models.BigIntegerField(null=True)),
                ('met_words', models.CharField(default='', max_length=300)),
                ('enterprise', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('filing', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='conditions', to='resumption.filing')),
            ],
            options={
                'indexes': [models.Index(fields=['filing'], name='condition_by_filing')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('fact_id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('at', models.BigIntegerField()),
                ('current', models.FloatField()),
                ('normal', models.FloatField()),
                ('standing', models.BooleanField(default=True)),
                ('recorded_at', models.BigIntegerField()),
                ('enterprise', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('standing', True)), fields=['enterprise', 'at'], name='report_by_enterprise'), models.Index(condition=models.Q(('standing', True)), fields=['at'], name='report_by_time')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(choices=[('above_normal', 'output far above normal'), ('staff', 'more output than people at work'), ('jump', 'a jump'), ('normal_changed', 'normal output changed')], max_length=16)),
                ('detail', models.JSONField(default=dict)),
                ('raised_at', models.BigIntegerField()),
                ('answered_at', models.BigIntegerField(null=True)),
                ('answer', models.CharField(default='', max_length=500)),
                ('enterprise', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='resumption.report')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['enterprise'], name='question_open')],
                'constraints': [models.UniqueConstraint(fields=('report', 'code'), name='question_once_a_report')],
            },
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('regime', models.CharField(choices=[('permit', 'permit: work begins when the town has approved it'), ('filing', 'filing: work begins on receipt'), ('commitment', 'commitment: work begins with the signed commitment, and is checked afterwards')], max_length=10, verbose_name='regime')),
                ('papers', models.JSONField(default=list)),
                ('model', models.CharField(default='', max_length=32)),
                ('start', models.BigIntegerField()),
                ('recorded_at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('regime__in', ['permit', 'filing', 'commitment'])), name='rule_regime_known'), models.UniqueConstraint(fields=('start',), name='one_rule_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('what', models.CharField(choices=[('filed', 'filed'), ('completed', 'completed and filed again'), ('received', 'received: may work'), ('returned', 'sent back to be completed'), ('approved', 'approved'), ('refused', 'refused'), ('checked', 'checked'), ('met', 'condition met'), ('suspended', 'suspended'), ('lifted', 'suspension lifted'), ('taken_back', 'taken back'), ('ended', 'withdrawn'), ('listed', 'known from a list')], max_length=10)),
                ('at', models.BigIntegerField()),
                ('words', models.CharField(default='', max_length=500)),
                ('fact_id', models.UUIDField(null=True)),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enterprise', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('filing', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='resumption.filing')),
            ],
            options={
                'indexes': [models.Index(fields=['filing', 'at'], name='step_by_filing')],
            },
        ),
    ]
