"""Names what is done with many items at once, and taking it back, in the audit log."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bureaus', '0010_morning_mail'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditentry',
            name='action',
            field=models.CharField(choices=[('sign-in', 'Sign-in'), ('sign-in-code', 'Code of the second factor'), ('lock-out', 'Sign-in paused'), ('sign-out', 'Sign-out'), ('session-end', 'Session ended'), ('password', 'New password'), ('second-factor', 'Second factor set up'), ('second-factor-reset', 'Second factor reset'), ('recovery-codes', 'New recovery codes'), ('invite', 'Invitation'), ('invite-withdrawn', 'Invitation withdrawn'), ('join', 'Invitation accepted'), ('enter-person', 'Person entered'), ('change-person', 'Account changed'), ('switch-off', 'Account switched off'), ('switch-on', 'Account switched on'), ('role-given', 'Role given'), ('role-taken', 'Role taken away'), ('publish', 'Published'), ('withdraw', 'Withdrawn'), ('take-down', 'Taken down'), ('put-back', 'Put back'), ('take-down-asked', 'Other bureaus asked about taking down'), ('take-down-answered', 'Taking down: another bureau answered'), ('share', 'Link to a draft made'), ('share-end', 'Link to a draft ended'), ('export', 'Export'), ('import', 'Import'), ('change-many', 'Many changed at once'), ('take-back', 'Import or change of many taken back'), ('view', 'Inquiry opened'), ('assign', 'Inquiry assigned'), ('erase', 'Person erased'), ('settings', 'Settings changed'), ('backup', 'Backup')], max_length=30, verbose_name='action'),
        ),
    ]
