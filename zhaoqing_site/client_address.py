"""Who is asking: the address that sign-in locks and rate limits count by."""

from django.conf import settings


def client_address(request) -> str:
    """The visitor's IP address; `X-Forwarded-For` is believed only as far as `PROXY_COUNT` proxies wrote it."""
    if settings.PROXY_COUNT:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if len(hops) >= settings.PROXY_COUNT:
            return hops[-settings.PROXY_COUNT]
    return request.META.get("REMOTE_ADDR", "")
