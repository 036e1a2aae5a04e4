"""The database itself keeps the audit log: entries are never changed, and not deleted for 180 days (trust.md T19).

SQLite loses triggers when it makes a table anew, as it does for most changes of columns: a migration that alters
AuditEntry ends with this module's `keep` again. tests/bureaus/test_audit.py fails where it does not.
"""

from django.db import migrations

DAYS = 180
SQLITE = [
    """CREATE TRIGGER audit_entry_never_changed BEFORE UPDATE ON bureaus_auditentry
    BEGIN SELECT RAISE(ABORT, 'an audit entry is never changed'); END""",
    f"""CREATE TRIGGER audit_entry_kept BEFORE DELETE ON bureaus_auditentry WHEN OLD.at > datetime('now', '-{DAYS} days')
    BEGIN SELECT RAISE(ABORT, 'an audit entry is kept for {DAYS} days'); END""",
    # INSERT OR REPLACE would delete the old row without asking the trigger above.
    """CREATE TRIGGER audit_entry_never_replaced BEFORE INSERT ON bureaus_auditentry
    WHEN EXISTS (SELECT 1 FROM bureaus_auditentry WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'an audit entry is never changed'); END""",
]
SQLITE_BACK = [f"DROP TRIGGER IF EXISTS audit_entry_{name}" for name in ("never_changed", "kept", "never_replaced")]
POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.at <= now() - interval '{DAYS} days' THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'an audit entry is never changed, and kept for {DAYS} days' USING ERRCODE = 'check_violation';
    END $$""",
    "DROP TRIGGER IF EXISTS audit_entry_stays ON bureaus_auditentry",
    """CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON bureaus_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_stays()""",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER IF EXISTS audit_entry_stays ON bureaus_auditentry",
    "DROP FUNCTION IF EXISTS audit_entry_stays()",
]


def keep(apps, schema_editor):
    statements = {"sqlite": [*SQLITE_BACK, *SQLITE], "postgresql": POSTGRESQL}
    run(schema_editor, statements)


def let_go(apps, schema_editor):
    run(schema_editor, {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK})


def run(schema_editor, statements):
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('bureaus', '0003_audit_entry'),
    ]

    operations = [
        migrations.RunPython(keep, let_go),
    ]
