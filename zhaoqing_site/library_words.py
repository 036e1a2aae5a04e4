"""Words of Django that the staff area says in the trade's own Chinese: listed here, so that the catalogues keep them.

Nothing imports this: `makemessages` reads it, and a project's catalogue goes before those of the libraries.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

WORDS = [
    gettext_noop(":"),
    gettext_noop(":?.!"),
    gettext_noop("user"),
    gettext_noop("users"),
    gettext_noop("first name"),
    gettext_noop("email address"),
    gettext_noop("Filter"),
    gettext_noop(" By %(filter_title)s "),
    gettext_noop("Add %s"),
    gettext_noop("Change %s"),
    gettext_noop("View %s"),
    gettext_noop("Add another %(model)s"),
    gettext_noop("Add another %(verbose_name)s"),
    gettext_noop("Change history: %s"),
    gettext_noop("Action"),
    gettext_noop("Action:"),
    gettext_noop("Run the selected action"),
    gettext_noop("0 of %(cnt)s selected"),
    gettext_noop("Select all objects on this page for an action"),
    gettext_noop("Select this object for an action - {}"),
    gettext_noop("Save and add another"),
    gettext_noop("This object doesn’t have a change history. It probably wasn’t added via this admin site."),
    gettext_noop("Hold down “Control”, or “Command” on a Mac, to select more than one."),
]
COUNTED = [
    ngettext_lazy("%(counter)s result", "%(counter)s results", 0),
    ngettext_lazy("%(sel)s of %(cnt)s selected", "%(sel)s of %(cnt)s selected", 0),
]
