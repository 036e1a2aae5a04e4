"""How a line of the log is written: the ends of addresses that open something to whoever knows them stay out (trust.md T31)."""

import logging
import re

SECRET = re.compile(r"(/(?:draft|invitation|inquiry/[^/\s]+)/)[^/\s\"'?]+")


class Line(logging.Formatter):
    """Also where the address stands in a traceback."""

    def format(self, record):
        return SECRET.sub(r"\1…", super().format(record))
