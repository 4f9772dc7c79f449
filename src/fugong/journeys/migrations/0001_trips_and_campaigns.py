import django.db.models.deletion
import django.db.models.expressions
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
            name='Campaign',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=64, verbose_name='title')),
                ('opens', models.BigIntegerField()),
                ('closes', models.BigIntegerField()),
                ('made_at', models.BigIntegerField()),
                ('enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('made_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens'))), name='campaign_closes_later')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=64, verbose_name='place')),
                ('division', models.CharField(max_length=12, verbose_name='division')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='latitude')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='longitude')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('division', 'name'), name='place_once_a_division'), models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__gte', -90), ('latitude__lte', 90), ('longitude__gte', -180), ('longitude__lte', 180)), _connector='OR'), name='place_on_the_globe')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(blank=True, default='', max_length=32)),
                ('at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='journeys.campaign')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.worker')),
            ],
        ),
        migrations.CreateModel(
            name='Trip',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=64, unique=True, verbose_name='trip')),
                ('mode', models.CharField(choices=[('bus', 'bus'), ('charter_plane', 'charter plane'), ('charter_train', 'charter train')], max_length=16, verbose_name='means of travel')),
                ('carrier', models.CharField(blank=True, default='', max_length=64, verbose_name='carrier')),
                ('vehicle', models.CharField(blank=True, default='', max_length=32, verbose_name='plate or flight')),
                ('origin_division', models.CharField(max_length=12, verbose_name='from')),
                ('departs', models.BigIntegerField(verbose_name='departs')),
                ('arrives', models.BigIntegerField(verbose_name='arrives')),
                ('rated_seats', models.IntegerField(verbose_name='rated seats')),
                ('rows', models.IntegerField(verbose_name='rows of seats')),
                ('columns', models.IntegerField(verbose_name='seats a row')),
                ('places', models.IntegerField()),
                ('last_row', models.IntegerField()),
                ('sealed', models.BooleanField(default=True, verbose_name='sealed')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('released', 'released'), ('under_way', 'under way'), ('arrived', 'has arrived'), ('cancelled', 'cancelled')], default='draft', max_length=12)),
                ('locked', models.BooleanField(default=False)),
                ('cost_fen', models.BigIntegerField(default=0)),
                ('subsidy_fen', models.BigIntegerField(default=0)),
                ('words', models.CharField(blank=True, default='', max_length=200, verbose_name='note')),
                ('departed_at', models.BigIntegerField(null=True)),
                ('arrived_at', models.BigIntegerField(null=True)),
                ('disinfected_at', models.BigIntegerField(default=34359738368)),
                ('disinfection', models.UUIDField(null=True)),
                ('made_at', models.BigIntegerField()),
                ('released_at', models.BigIntegerField(null=True)),
                ('made_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.site')),
            ],
            options={
                'indexes': [models.Index(fields=['departs'], name='trip_by_departure')],
                'constraints': [models.CheckConstraint(condition=models.Q(('mode__in', ['bus', 'charter_plane', 'charter_train'])), name='trip_mode_known'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'released', 'under_way', 'arrived', 'cancelled'])), name='trip_state_known'), models.CheckConstraint(condition=models.Q(('arrives__gt', models.F('departs'))), name='trip_arrives_later'), models.CheckConstraint(condition=models.Q(('columns__gte', 1), ('rated_seats__gte', 1), ('rated_seats__lte', 2000), ('rows__gte', 1), ('rated_seats__lte', django.db.models.expressions.CombinedExpression(models.F('rows'), '*', models.F('columns')))), name='trip_has_seats'), models.CheckConstraint(condition=models.Q(('last_row__gte', 0), ('places__gte', 0), ('last_row__lte', models.F('rows')), ('places__lte', models.F('rated_seats'))), name='trip_places_are_seats'), models.CheckConstraint(condition=models.Q(('cost_fen__gte', 0), ('subsidy_fen__gte', 0)), name='trip_money_is_no_debt'), models.CheckConstraint(condition=models.Q(models.Q(('disinfected_at', 34359738368), ('disinfection__isnull', True)), models.Q(('disinfected_at__lt', 34359738368), ('disinfection__isnull', False)), _connector='OR'), name='trip_disinfection_is_a_fact')],
            },
        ),
        migrations.CreateModel(
            name='SeatRequest',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField(verbose_name='day')),
                ('state', models.CharField(choices=[('open', 'to be planned'), ('planned', 'planned'), ('withdrawn', 'withdrawn')], default='open', max_length=12)),
                ('words', models.CharField(blank=True, default='', max_length=200, verbose_name='note')),
                ('made_at', models.BigIntegerField()),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enterprise')),
                ('made_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.place')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.site')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.worker')),
                ('trip', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='journeys.trip')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'day'], name='request_by_day')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('worker',), name='one_open_request_a_worker'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'planned', 'withdrawn'])), name='request_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'planned'), ('trip__isnull', False)), models.Q(models.Q(('state', 'planned'), _negated=True), ('trip__isnull', True)), _connector='OR'), name='request_planned_on_a_trip')],
            },
        ),
        migrations.CreateModel(
            name='TripStop',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField()),
                ('name', models.CharField(max_length=64, verbose_name='stop')),
                ('at', models.BigIntegerField()),
                ('place', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.place')),
                ('trip', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='journeys.trip')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('trip', 'number'), name='stop_number_once_a_trip'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='stop_number_counts')],
            },
        ),
        migrations.CreateModel(
            name='HeadCount',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('counted', models.IntegerField()),
                ('expected', models.IntegerField()),
                ('at', models.BigIntegerField()),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('trip', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='head_counts', to='journeys.trip')),
                ('stop', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.tripstop')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('counted__gte', 0), ('expected__gte', 0)), name='head_count_counts')],
            },
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('booked', 'booked'), ('boarded', 'on board'), ('arrived', 'has arrived'), ('no_show', 'did not come'), ('cancelled', 'cancelled'), ('extra', 'not on the manifest')], default='booked', max_length=12)),
                ('seat_row', models.IntegerField(null=True)),
                ('seat_column', models.IntegerField(null=True)),
                ('place_number', models.IntegerField(null=True)),
                ('fact', models.UUIDField(null=True)),
                ('boarded_at', models.BigIntegerField(null=True)),
                ('checked_in_at', models.BigIntegerField(null=True)),
                ('isolated_at', models.BigIntegerField(null=True)),
                ('departs', models.BigIntegerField()),
                ('arrives', models.BigIntegerField()),
                ('places', models.IntegerField()),
                ('last_row', models.IntegerField()),
                ('columns', models.IntegerField()),
                ('disinfected_at', models.BigIntegerField(default=34359738368)),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.worker')),
                ('trip', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='journeys.trip')),
                ('stop', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.tripstop')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('trip', 'worker'), name='booking_once_a_trip'), models.UniqueConstraint(condition=models.Q(('state__in', ['booked', 'boarded', 'arrived'])), fields=('trip', 'seat_row', 'seat_column'), name='booking_seat_once'), models.UniqueConstraint(fields=('trip', 'place_number'), name='booking_place_once'), models.CheckConstraint(condition=models.Q(('state__in', ['booked', 'boarded', 'arrived', 'no_show', 'cancelled', 'extra'])), name='booking_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['booked', 'boarded', 'arrived']), ('place_number__gte', 1), ('seat_column__gte', 1), ('seat_row__gte', 1), ('place_number__isnull', False), ('seat_column__isnull', False), ('seat_row__isnull', False), ('place_number__lte', models.F('places')), ('seat_column__lte', models.F('columns')), ('seat_row__lte', models.F('last_row'))), models.Q(('state__in', ['no_show', 'cancelled', 'extra']), ('place_number__isnull', True)), _connector='OR'), name='booking_has_a_place'), models.CheckConstraint(condition=models.Q(('checked_in_at__isnull', True), ('checked_in_at__gte', models.F('disinfected_at')), _connector='OR'), name='booking_checked_in_after_disinfection'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['arrived', 'extra']), _negated=True), ('checked_in_at__isnull', False), _connector='OR'), name='booking_arrives_checked_in')],
            },
        ),
        migrations.CreateModel(
            name='Vehicle',
            fields=[
                ('id', models.UUIDField(default=fugong.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('plate', models.CharField(max_length=32, unique=True, verbose_name='plate')),
                ('carrier', models.CharField(blank=True, default='', max_length=64, verbose_name='carrier')),
                ('rated_seats', models.IntegerField(verbose_name='rated seats')),
                ('rows', models.IntegerField(verbose_name='rows of seats')),
                ('columns', models.IntegerField(verbose_name='seats a row')),
                ('sealed', models.BooleanField(default=True, verbose_name='sealed')),
                ('fixed_fen', models.BigIntegerField(default=0)),
                ('fen_per_km', models.BigIntegerField(default=0)),
                ('in_use', models.BooleanField(default=True)),
                ('start', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.place')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('columns__gte', 1), ('rated_seats__gte', 1), ('rated_seats__lte', 2000), ('rows__gte', 1), ('rated_seats__lte', django.db.models.expressions.CombinedExpression(models.F('rows'), '*', models.F('columns')))), name='vehicle_has_seats'), models.CheckConstraint(condition=models.Q(('fen_per_km__gte', 0), ('fixed_fen__gte', 0)), name='vehicle_costs_nothing_less')],
            },
        ),
    ]
