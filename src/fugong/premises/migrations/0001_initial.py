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
            name='Bed',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=8, verbose_name='bed')),
            ],
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('workshop', 'workshop'), ('canteen', 'canteen'), ('dormitory', 'dormitory'), ('toilet', 'toilet'), ('lift', 'lift'), ('touched', 'handles, buttons and rails'), ('entrance', 'entrance'), ('office', 'office'), ('shuttle', 'shuttle bus')], max_length=16, verbose_name='kind of place')),
                ('name', models.CharField(max_length=32, verbose_name='place')),
                ('responsible', models.CharField(blank=True, default='', max_length=32, verbose_name='who answers for it')),
                ('since', models.BigIntegerField()),
                ('ended_at', models.BigIntegerField(null=True)),
                ('last_at', models.BigIntegerField(null=True)),
                ('enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.site')),
            ],
            options={
                'indexes': [models.Index(fields=['enterprise', 'last_at'], name='duty_by_enterprise')],
                'constraints': [models.UniqueConstraint(fields=('site', 'name'), name='duty_once_a_site'), models.CheckConstraint(condition=models.Q(('kind__in', ['workshop', 'canteen', 'dormitory', 'toilet', 'lift', 'touched', 'entrance', 'office', 'shuttle'])), name='duty_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Cleaning',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('fact_id', models.UUIDField(unique=True)),
                ('at', models.BigIntegerField()),
                ('agent', models.CharField(max_length=64, verbose_name='agent')),
                ('mg_per_litre', models.FloatField(verbose_name='concentration, mg/L')),
                ('minutes', models.FloatField(verbose_name='minutes')),
                ('who', models.CharField(max_length=64, verbose_name='disinfected by')),
                ('recorded_at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.site')),
                ('duty', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cleanings', to='premises.duty')),
            ],
            options={
                'indexes': [models.Index(fields=['enterprise', '-at'], name='cleaning_by_enterprise')],
                'constraints': [models.CheckConstraint(condition=models.Q(('mg_per_litre__gte', 0), ('minutes__gte', 0)), name='cleaning_numbers'), models.UniqueConstraint(fields=('duty', 'at'), name='cleaning_once')],
            },
        ),
        migrations.CreateModel(
            name='MealShift',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=32, verbose_name='meal shift')),
                ('starts', models.SmallIntegerField()),
                ('ends', models.SmallIntegerField()),
                ('free_from', models.SmallIntegerField()),
                ('ended_at', models.BigIntegerField(null=True)),
                ('enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('site', 'name'), name='meal_shift_once'), models.CheckConstraint(condition=models.Q(('ends__lte', models.F('free_from')), ('free_from__lte', 1680), ('starts__gte', 0), ('starts__lt', models.F('ends'))), name='meal_shift_within_the_day')],
            },
        ),
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('media_type', models.CharField(max_length=32)),
                ('size', models.PositiveIntegerField()),
                ('encrypted', models.BinaryField()),
                ('cleaning', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='photo', to='premises.cleaning')),
                ('enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
            ],
        ),
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('building', models.CharField(blank=True, default='', max_length=32, verbose_name='dormitory')),
                ('name', models.CharField(max_length=16, verbose_name='room')),
                ('square_metres', models.DecimalField(decimal_places=2, max_digits=6, null=True, verbose_name='floor area, m²')),
                ('closed_at', models.BigIntegerField(null=True)),
                ('enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dormitory_rooms', to='registry.site')),
            ],
            options={
                'indexes': [models.Index(fields=['enterprise', 'building', 'name'], name='dormitory_room_in_order')],
                'constraints': [models.UniqueConstraint(fields=('site', 'building', 'name'), name='dormitory_room_once'), models.CheckConstraint(condition=models.Q(('square_metres__isnull', True), ('square_metres__gt', 0), _connector='OR'), name='dormitory_room_has_an_area')],
            },
        ),
        migrations.CreateModel(
            name='Lodging',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('start', models.BigIntegerField()),
                ('end', models.BigIntegerField(default=34359738368)),
                ('fact_id', models.UUIDField()),
                ('changed_at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('bed', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lodgings', to='premises.bed')),
                ('enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.site')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lodgings', to='registry.worker')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lodgings', to='premises.room')),
            ],
            options={
                'indexes': [models.Index(fields=['enterprise', 'end'], name='lodging_by_enterprise'), models.Index(fields=['room', 'end'], name='lodging_by_room')],
                'constraints': [models.CheckConstraint(condition=models.Q(('start__lte', models.F('end'))), name='lodging_starts_before_it_ends')],
            },
        ),
        migrations.AddField(
            model_name='bed',
            name='room',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='beds', to='premises.room'),
        ),
        migrations.CreateModel(
            name='Shortfall',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('fact_id', models.UUIDField(unique=True)),
                ('item', models.CharField(max_length=32, verbose_name='item')),
                ('number', models.IntegerField(verbose_name='number')),
                ('on_hand', models.IntegerField(verbose_name='on hand')),
                ('at', models.BigIntegerField()),
                ('noted_at', models.BigIntegerField()),
                ('settled_at', models.BigIntegerField(null=True)),
                ('words', models.CharField(default='', max_length=200, verbose_name='what happened')),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.site')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.worker')),
            ],
            options={
                'indexes': [models.Index(fields=['enterprise', 'settled_at'], name='shortfall_by_enterprise')],
                'constraints': [models.CheckConstraint(condition=models.Q(('settled_at__isnull', True), models.Q(('words', ''), _negated=True), _connector='OR'), name='shortfall_settled_in_words')],
            },
        ),
        migrations.CreateModel(
            name='Stock',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('item', models.CharField(max_length=32, verbose_name='item')),
                ('unit', models.CharField(blank=True, default='', max_length=8, verbose_name='unit')),
                ('on_hand', models.IntegerField(default=0, verbose_name='on hand')),
                ('since', models.BigIntegerField()),
                ('enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stocks', to='registry.site')),
            ],
            options={
                'indexes': [models.Index(fields=['enterprise', 'item'], name='stock_by_enterprise')],
                'constraints': [models.UniqueConstraint(fields=('site', 'item'), name='stock_once_a_site'), models.CheckConstraint(condition=models.Q(('on_hand__gte', 0)), name='stock_never_below_zero')],
            },
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('delivery', 'delivery'), ('issue', 'handed out'), ('count', 'counted'), ('back', 'taken back')], max_length=8)),
                ('number', models.IntegerField()),
                ('fact_id', models.UUIDField(null=True)),
                ('words', models.CharField(default='', max_length=100)),
                ('at', models.BigIntegerField()),
                ('day', models.DateField()),
                ('recorded_at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enterprise', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('undoes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone', to='premises.movement')),
                ('worker', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.worker')),
                ('stock', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='premises.stock')),
            ],
            options={
                'indexes': [models.Index(fields=['stock', '-at'], name='movement_by_stock'), models.Index(fields=['enterprise', '-at'], name='movement_by_enterprise')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('fact_id__isnull', False), ('kind', 'issue')), fields=('fact_id',), name='movement_once_a_fact'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'delivery'), ('number__gt', 0)), models.Q(('fact_id__isnull', False), ('kind', 'issue'), ('number__lt', 0), ('worker__isnull', False)), models.Q(('kind', 'count'), models.Q(('number', 0), _negated=True), models.Q(('words', ''), _negated=True)), models.Q(('kind', 'back'), ('undoes__isnull', False), models.Q(('number', 0), _negated=True)), _connector='OR'), name='movement_says_which_way')],
            },
        ),
        migrations.CreateModel(
            name='Table',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=16, verbose_name='table')),
                ('seats', models.SmallIntegerField(verbose_name='seats')),
                ('usable', models.SmallIntegerField(verbose_name='seats to be used')),
                ('ended_at', models.BigIntegerField(null=True)),
                ('enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'name'), name='table_once_a_site'), models.CheckConstraint(condition=models.Q(('seats__lte', 200), ('usable__gte', 1), ('usable__lte', models.F('seats'))), name='table_has_usable_seats')],
            },
        ),
        migrations.CreateModel(
            name='MealSeat',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('start', models.BigIntegerField()),
                ('end', models.BigIntegerField(default=34359738368)),
                ('fact_id', models.UUIDField(unique=True)),
                ('changed_at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.site')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meal_seats', to='registry.worker')),
                ('shift', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taken', to='premises.mealshift')),
                ('table', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='taken', to='premises.table')),
            ],
            options={
                'indexes': [models.Index(fields=['table', 'shift', 'end'], name='meal_seat_by_table'), models.Index(fields=['enterprise', 'end'], name='meal_seat_by_enterprise')],
                'constraints': [models.CheckConstraint(condition=models.Q(('start__lte', models.F('end'))), name='meal_seat_starts_before_it_ends')],
            },
        ),
        migrations.CreateModel(
            name='Use',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('number', models.IntegerField()),
                ('enterprise', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('stock', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='premises.stock')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('stock', 'day'), name='use_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('round_at', models.BigIntegerField()),
                ('place', models.CharField(default='', max_length=64)),
                ('opened_at', models.BigIntegerField()),
                ('looked_for_by', models.CharField(default='', max_length=32, verbose_name='who looks for them')),
                ('outcome', models.CharField(choices=[('well', 'found, and well'), ('ill', 'found, and not well'), ('away', 'away with leave'), ('left', 'moved out'), ('other', 'something else')], default='', max_length=8, verbose_name='outcome')),
                ('words', models.CharField(default='', max_length=200, verbose_name='in words')),
                ('closed_at', models.BigIntegerField(null=True)),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.site')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.worker')),
            ],
            options={
                'indexes': [models.Index(fields=['enterprise', '-round_at'], name='absence_by_enterprise'), models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['enterprise'], name='absence_open')],
                'constraints': [models.UniqueConstraint(fields=('worker', 'round_at'), name='absence_once_a_round'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('outcome', '')), models.Q(('closed_at__isnull', False), ('outcome__in', ['well', 'ill', 'away', 'left', 'other'])), _connector='OR'), name='absence_closed_with_an_outcome'), models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), models.Q(('looked_for_by', ''), _negated=True), _connector='OR'), name='absence_closed_by_a_person')],
            },
        ),
        migrations.AddConstraint(
            model_name='bed',
            constraint=models.UniqueConstraint(fields=('room', 'name'), name='dormitory_bed_once'),
        ),
    ]
