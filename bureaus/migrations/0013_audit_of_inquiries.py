from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bureaus', '0008_audit_entries_by_name'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditentry',
            name='action',
            field=models.CharField(choices=[('sign-in', 'Sign-in'), ('sign-in-code', 'Code of the second factor'), ('lock-out', 'Sign-in paused'), ('sign-out', 'Sign-out'), ('session-end', 'Session ended'), ('password', 'New password'), ('second-factor', 'Second factor set up'), ('second-factor-reset', 'Second factor reset'), ('recovery-codes', 'New recovery codes'), ('invite', 'Invitation'), ('invite-withdrawn', 'Invitation withdrawn'), ('join', 'Invitation accepted'), ('enter-person', 'Person entered'), ('change-person', 'Account changed'), ('switch-off', 'Account switched off'), ('switch-on', 'Account switched on'), ('role-given', 'Role given'), ('role-taken', 'Role taken away'), ('publish', 'Published'), ('withdraw', 'Withdrawn'), ('take-down', 'Taken down'), ('put-back', 'Put back'), ('export', 'Export'), ('import', 'Import'), ('receive', 'Inquiry received'), ('view', 'Inquiry opened'), ('assign', 'Inquiry assigned'), ('erase', 'Person erased'), ('retention', 'Old details erased'), ('settings', 'Settings changed'), ('backup', 'Backup')], max_length=30, verbose_name='action'),
        ),
    ]
