"""Lets tests that empty the whole database do so: SQLite's triggers, which keep the audit log, stand aside for that moment.

PostgreSQL empties tables with TRUNCATE, which asks no trigger of rows.
"""

from importlib import import_module

from django.db.backends.sqlite3.base import DatabaseOperations

triggers = import_module("bureaus.migrations.0004_audit_entries_stay")
flush = DatabaseOperations.sql_flush


def sql_flush(self, style, tables, **options):
    statements = flush(self, style, tables, **options)
    return [*triggers.SQLITE_BACK, *statements, *triggers.SQLITE] if "bureaus_auditentry" in tables else statements


def stand_aside():
    DatabaseOperations.sql_flush = sql_flush
