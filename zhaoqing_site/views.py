"""The home page, search, errors."""


def home(request, exception=None, reason=""): ...
def server_error(request): ...
robots = sitemap_index = sitemap_section = security_txt = livez = readyz = search = site_map = open_data = style_guide = home
bad_request = forbidden = not_found = csrf_failure = home
