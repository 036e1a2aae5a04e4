"""The kinds of content that have pages: the part of the address that names them, and their builder."""

from tests.factories import make_answer, make_article, make_industry, make_listing, make_page, make_park, make_policy, make_project

KINDS = {
    "parks": make_park,
    "listings": make_listing,
    "projects": make_project,
    "industries": make_industry,
    "news": make_article,
    "policies": make_policy,
    "about": make_page,
    "questions": make_answer,
}
# Those whose lists are offered as files.
FILES = [kind for kind in KINDS if kind != "about"]


def only_in(*languages):
    """The fields of an item whose title and texts exist in these languages alone."""
    texts = {"en": "English words", "zh_hans": "简体文字", "zh_hant": "繁體文字"}
    kept = {column: text if column in languages else "" for column, text in texts.items()}
    return {f"{name}_{column}": text for name in ("title", "summary") for column, text in kept.items()}
