"""Who may do what: one table, asked by every page, button and address of the staff area (staff.md section 4)."""

from bureaus.models import Bureau, Membership

Role = Membership.Role
WRITERS = {Role.EDITOR, Role.REVIEWER, Role.MANAGER}
PUBLISHERS = {Role.REVIEWER, Role.MANAGER}
ANSWERERS = {Role.OFFICER, Role.MANAGER}

# right -> roles that hold it at their own bureau
RIGHTS = {
    "see drafts": WRITERS,
    "edit": WRITERS,
    "approve": PUBLISHERS,
    "publish": PUBLISHERS,
    "publish alone": {Role.MANAGER},
    "withdraw": PUBLISHERS,
    "take down": {Role.MANAGER},
    "upload": WRITERS,
    "remove media": PUBLISHERS,
    "keep words": PUBLISHERS,
    "edit contacts": WRITERS | ANSWERERS,
    "import": PUBLISHERS,
    "export": WRITERS,
    "see inquiries": ANSWERERS,
    "answer": ANSWERERS,
    "assign": {Role.MANAGER},
    "transfer": {Role.MANAGER},
    "extend": {Role.MANAGER},
    "reopen": {Role.MANAGER},
    "report on inquiries": {Role.MANAGER},
    "export inquiries": {Role.MANAGER},
    "keep replies": {Role.MANAGER, Role.ADMINISTRATOR},
    "keep absences": {Role.MANAGER},
    "see mail": {Role.MANAGER},
    "request erasure": {Role.MANAGER},
    "erase": {Role.ADMINISTRATOR},
    "manage members": {Role.MANAGER, Role.ADMINISTRATOR},
    "see audit": {Role.MANAGER, Role.ADMINISTRATOR},
    "edit bureau": {Role.MANAGER, Role.ADMINISTRATOR},
}
# What the city desk (managers of the bureau that takes the unrouted) may do at every bureau.
CITY_DESK = {"withdraw", "see inquiries", "assign", "transfer", "extend", "reopen"}
# What an administrator may do at every bureau; investors' letters are not among it.
ADMINISTRATOR = {"manage members", "see audit", "edit bureau", "erase"}
# role -> roles that its holder may give to others; nobody changes their own.
GRANTS = {
    Role.MANAGER: {Role.EDITOR, Role.REVIEWER, Role.OFFICER},
    Role.ADMINISTRATOR: set(Role),
}
# The installer (is_superuser) may do everything but read investors' letters.
LETTERS = {
    "see inquiries",
    "answer",
    "assign",
    "transfer",
    "extend",
    "reopen",
    "request erasure",
    "report on inquiries",
    "export inquiries",
}


def may(user, right: str, thing=None) -> bool:
    """Whether `user` holds `right` at the bureau of `thing` (a bureau, or an object with one).

    Without a thing: whether the user holds the right at any bureau. A thing whose bureau is None belongs to
    the city bureau.
    """
    bureaus = bureaus_where(user, right)
    if thing is None:
        return bool(bureaus)
    owner = bureau_of(thing)
    return (_remembered(user, "_city_bureau", city_bureau) if owner is None else owner) in bureaus


def bureau_of(thing) -> int | None:
    """Primary key of the bureau that a thing belongs to; None for what belongs to the city bureau by having none."""
    return thing.pk if isinstance(thing, Bureau) else getattr(thing, "bureau_id", None)


def city_bureau() -> int | None:
    return Bureau.objects.filter(takes_unrouted=True).values_list("pk", flat=True).first()


def bureaus_where(user, right: str) -> set[int]:
    """Primary keys of the bureaus at which `user` holds `right`. Asks the database once per user object and right."""
    if right not in RIGHTS:
        raise KeyError(f"unknown right: {right}")
    if not (user.is_authenticated and user.is_active and user.is_staff):
        return set()
    return _remembered(user, f"_bureaus_where_{right}", lambda: _find_bureaus(user, right))


def _find_bureaus(user, right):
    if user.is_superuser and right not in LETTERS:
        return _all_bureaus(user)
    memberships = memberships_of(user)
    is_city_desk = any(held.role == Role.MANAGER and held.bureau.takes_unrouted for held in memberships)
    is_administrator = any(held.role == Role.ADMINISTRATOR for held in memberships)
    if (is_city_desk and right in CITY_DESK) or (is_administrator and right in ADMINISTRATOR):
        return _all_bureaus(user)
    return {held.bureau_id for held in memberships if held.role in RIGHTS[right]}


def memberships_of(user) -> list[Membership]:
    """The roles that a person holds, with their bureaus. Asks the database once per user object."""
    return _remembered(user, "_memberships", lambda: list(user.memberships.select_related("bureau").order_by("pk")))


def _all_bureaus(user):
    return _remembered(user, "_all_bureaus", lambda: set(Bureau.objects.values_list("pk", flat=True)))


def _remembered(user, name, find):
    """What `find` found for this user object: one page asks the same many times."""
    if name not in user.__dict__:
        user.__dict__[name] = find()
    return user.__dict__[name]


def roles_to_grant(user) -> set[str]:
    """The roles that a person may give to others."""
    if user.is_superuser:
        return set(Role)
    return set().union(*(GRANTS.get(held.role, set()) for held in memberships_of(user)))
