"""Charts as server-made SVG, each with a table twin."""


def charts_of(figures) -> list[dict]:
    """Charts that these figures allow: `{"title", "svg", "rows"}` for each series of at least three comparable periods."""
    return []
