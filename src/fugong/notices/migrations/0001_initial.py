import django.contrib.postgres.fields
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
            name='Channel',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('page', "people's own page"), ('dingtalk_work', 'DingTalk work notification'), ('dingtalk_robot', 'DingTalk group robot'), ('wecom_app', 'WeCom app message'), ('wecom_robot', 'WeCom group robot'), ('sms', 'SMS gateway'), ('mail', 'E-mail'), ('other', 'anything else, through Apprise')], max_length=16)),
                ('name', models.CharField(max_length=64, unique=True)),
                ('base_url', models.CharField(blank=True, default='', max_length=300)),
                ('settings', models.JSONField(default=dict)),
                ('active', models.BooleanField(default=True)),
                ('automatic', models.BooleanField(default=False)),
                ('most', models.PositiveIntegerField(default=20)),
                ('seconds', models.PositiveIntegerField(default=60)),
                ('held_until', models.BigIntegerField(default=0)),
                ('changed_at', models.BigIntegerField()),
                ('changed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'page')), fields=('kind',), name='one_page_channel'), models.CheckConstraint(condition=models.Q(('most__gt', 0), ('seconds__gt', 0)), name='channel_limit_is_positive'), models.CheckConstraint(condition=models.Q(('automatic', False), models.Q(('kind__in', ['dingtalk_robot', 'other', 'wecom_robot']), _negated=True), _connector='OR'), name='group_channel_is_never_automatic')],
            },
        ),
        migrations.CreateModel(
            name='Secret',
            fields=[
                ('channel', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='notices.channel')),
                ('encrypted', models.BinaryField()),
                ('token_encrypted', models.BinaryField(null=True)),
                ('token_until', models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('people', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('asked_at', models.BigIntegerField()),
                ('answered_at', models.BigIntegerField(null=True)),
                ('outcome', models.CharField(choices=[('asked', 'no answer yet'), ('accepted', 'accepted by the channel'), ('refused', 'refused by the channel'), ('later', 'not now, later again'), ('unknown', 'unknown whether it was sent')], default='asked', max_length=8)),
                ('code', models.CharField(default='', max_length=64)),
                ('words', models.CharField(default='', max_length=200)),
                ('ref', models.CharField(default='', max_length=128)),
                ('payload', models.BinaryField()),
                ('looked_at', models.BigIntegerField(null=True)),
                ('channel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='notices.channel')),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(default='manual', max_length=32)),
                ('title_zh', models.CharField(max_length=80)),
                ('title_en', models.CharField(default='', max_length=120)),
                ('text_zh', models.TextField()),
                ('text_en', models.TextField(default='')),
                ('values', models.JSONField(default=dict)),
                ('languages', models.CharField(default='zh', max_length=8)),
                ('audience', models.CharField(default='', max_length=32)),
                ('of', models.UUIDField(null=True)),
                ('once', models.CharField(default='', max_length=120)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('waiting', 'waiting for a second person'), ('queued', 'to be sent'), ('under_way', 'handed to the channels'), ('cancelled', 'cancelled')], default='draft', max_length=12)),
                ('send_at', models.BigIntegerField()),
                ('counted', models.PositiveIntegerField(default=0)),
                ('made_at', models.BigIntegerField()),
                ('confirmed_at', models.BigIntegerField(null=True)),
                ('approved_at', models.BigIntegerField(null=True)),
                ('expanded_at', models.BigIntegerField(null=True)),
                ('approved_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('channels', models.ManyToManyField(related_name='+', to='notices.channel')),
                ('enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('made_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['made_at'], name='notice_by_when'), models.Index(condition=models.Q(('state', 'queued')), fields=['send_at'], name='notice_to_be_sent')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('once', ''), _negated=True), fields=('once',), name='notice_said_once'), models.CheckConstraint(condition=models.Q(models.Q(('title_zh', ''), _negated=True), models.Q(('text_zh', ''), _negated=True)), name='notice_says_something'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'cancelled']), ('confirmed_at__isnull', False), _connector='OR'), name='notice_confirmed_before_it_goes'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('made_by__isnull', False), models.Q(('approved_by', models.F('made_by')), _negated=True)), _connector='OR'), name='notice_approved_by_somebody_else'), models.CheckConstraint(condition=models.Q(('languages__in', ['zh', 'en', 'zh en'])), name='notice_languages_known')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('address', models.BinaryField()),
                ('values_encrypted', models.BinaryField(null=True)),
                ('state', models.CharField(choices=[('queued', 'to be sent'), ('sending', 'being sent'), ('sent', 'accepted by the channel'), ('unknown', 'unknown whether it was sent'), ('dead', 'not delivered'), ('cancelled', 'cancelled')], default='queued', max_length=12)),
                ('due_at', models.BigIntegerField()),
                ('tries', models.PositiveIntegerField(default=0)),
                ('error', models.CharField(default='', max_length=64)),
                ('sent_at', models.BigIntegerField(null=True)),
                ('read_at', models.BigIntegerField(null=True)),
                ('opened_at', models.BigIntegerField(null=True)),
                ('again', models.CharField(choices=[('key', 'key'), ('person', 'person')], default='', max_length=8)),
                ('again_at', models.BigIntegerField(null=True)),
                ('again_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('attempt', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.attempt')),
                ('channel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.channel')),
                ('enterprise', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('worker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.worker')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='notices.notice')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['channel', 'due_at'], name='delivery_due'), models.Index(fields=['notice', 'state'], name='delivery_by_notice'), models.Index(condition=models.Q(('state__in', ['unknown', 'dead'])), fields=['state'], name='delivery_in_trouble')],
                'constraints': [models.UniqueConstraint(fields=('notice', 'channel', 'address'), name='one_delivery_an_address'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'dead', 'cancelled']), ('attempt__isnull', False), _connector='OR'), name='delivery_tried_before_it_is_sent'), models.CheckConstraint(condition=models.Q(('worker__isnull', True), ('user__isnull', True), _connector='OR'), name='delivery_to_one'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='delivery_sent_when_it_was'), models.CheckConstraint(condition=models.Q(models.Q(('again', ''), ('again_at__isnull', True)), models.Q(('again', 'key'), ('again_at__isnull', False)), models.Q(('again', 'person'), ('again_at__isnull', False), ('again_by__isnull', False)), _connector='OR'), name='delivery_again_by_somebody')],
            },
        ),
        migrations.AddField(
            model_name='attempt',
            name='notice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='notices.notice'),
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('filename', models.CharField(max_length=120)),
                ('media_type', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('encrypted', models.BinaryField()),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='notices.notice')),
            ],
        ),
        migrations.CreateModel(
            name='Reminding',
            fields=[
                ('name', models.CharField(max_length=16, primary_key=True, serialize=False)),
                ('on', models.BooleanField(default=False)),
                ('changed_at', models.BigIntegerField()),
                ('changed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=32, unique=True)),
                ('title_zh', models.CharField(max_length=80)),
                ('title_en', models.CharField(blank=True, default='', max_length=120)),
                ('text_zh', models.TextField()),
                ('text_en', models.TextField(blank=True, default='')),
                ('changed_at', models.BigIntegerField()),
                ('changed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('title_zh', ''), _negated=True), models.Q(('text_zh', ''), _negated=True)), name='template_says_something')],
            },
        ),
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('dingtalk', 'DingTalk user id'), ('wecom', 'WeCom user id'), ('mail', 'e-mail address')], max_length=8)),
                ('encrypted', models.BinaryField()),
                ('digest', models.BinaryField()),
                ('changed_at', models.BigIntegerField()),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('worker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.worker')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('user__isnull', True), ('worker__isnull', False)), models.Q(('user__isnull', False), ('worker__isnull', True)), _connector='OR'), name='address_is_somebodys'), models.UniqueConstraint(fields=('worker', 'kind'), name='one_address_a_worker'), models.UniqueConstraint(fields=('user', 'kind'), name='one_address_a_login')],
            },
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(fields=['channel', 'asked_at'], name='attempt_by_channel'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('outcome', 'asked')), fields=['channel'], name='attempt_without_answer'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('outcome', 'asked')), models.Q(models.Q(('outcome', 'asked'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='attempt_answered_when_it_has_an_outcome'),
        ),
    ]
