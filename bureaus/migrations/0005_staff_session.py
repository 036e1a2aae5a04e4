"""Sign-ins that are shown to their owner and can be ended from afar."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bureaus', '0004_audit_entries_stay'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StaffSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session_key', models.CharField(db_index=True, editable=False, max_length=40)),
                ('device_hash', models.CharField(blank=True, editable=False, max_length=64)),
                ('browser', models.CharField(blank=True, max_length=300, verbose_name='browser')),
                ('address', models.CharField(blank=True, max_length=45, verbose_name='network address')),
                ('started_at', models.DateTimeField(verbose_name='signed in')),
                ('seen_at', models.DateTimeField(verbose_name='last seen')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff_sessions', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'ordering': ['-seen_at', 'pk'],
                'indexes': [models.Index(fields=['user', 'device_hash'], name='session_device')],
            },
        ),
    ]
