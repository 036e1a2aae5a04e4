#!/usr/bin/env python
"""Runs the site's commands: migrate, seed, send_outbox, runserver ..."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhaoqing_site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
