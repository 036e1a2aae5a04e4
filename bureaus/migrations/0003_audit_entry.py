"""The audit log."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bureaus', '0002_review_settings'),
        ('contenttypes', '0002_remove_content_type_name'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='time')),
                ('action', models.CharField(choices=[('sign-in', 'Sign-in'), ('sign-in-code', 'Code of the second factor'), ('lock-out', 'Sign-in paused'), ('sign-out', 'Sign-out'), ('session-end', 'Session ended'), ('password', 'New password'), ('second-factor', 'Second factor set up'), ('second-factor-reset', 'Second factor reset'), ('recovery-codes', 'New recovery codes'), ('invite', 'Invitation'), ('invite-withdrawn', 'Invitation withdrawn'), ('join', 'Invitation accepted'), ('enter-person', 'Person entered'), ('change-person', 'Account changed'), ('switch-off', 'Account switched off'), ('switch-on', 'Account switched on'), ('role-given', 'Role given'), ('role-taken', 'Role taken away'), ('publish', 'Published'), ('withdraw', 'Withdrawn'), ('take-down', 'Taken down'), ('put-back', 'Put back'), ('export', 'Export'), ('import', 'Import'), ('view', 'Inquiry opened'), ('assign', 'Inquiry assigned'), ('erase', 'Person erased'), ('settings', 'Settings changed'), ('backup', 'Backup')], max_length=30, verbose_name='action')),
                ('result', models.CharField(choices=[('ok', 'done'), ('failed', 'failed'), ('refused', 'refused')], default='ok', max_length=10, verbose_name='result')),
                ('thing_id', models.CharField(blank=True, max_length=40)),
                ('thing', models.CharField(blank=True, max_length=200, verbose_name='about')),
                ('address', models.CharField(blank=True, max_length=45, verbose_name='network address')),
                ('detail', models.CharField(blank=True, max_length=300, verbose_name='detail')),
                ('bureau', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='audit_entries', to='bureaus.bureau', verbose_name='bureau')),
                ('kind', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype', verbose_name='kind')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='audit_entries', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'audit entry',
                'verbose_name_plural': 'audit log',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['bureau', '-at'], name='audit_bureau'), models.Index(fields=['address', 'action', '-at'], name='audit_address')],
            },
        ),
    ]
