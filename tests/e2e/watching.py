"""What a browser must never see on our pages: messages in the console, errors, requests to other hosts, sideways scrolling."""

from urllib.parse import urlsplit

OWN_SCHEMES = {"data", "blob", "about"}


class Watch:
    """Notes everything that goes wrong on a page from the moment it is made."""

    def __init__(self, page, site):
        self.page, self.host, self.noted = page, urlsplit(site).netloc, []
        page.on("console", self._message)
        page.on("pageerror", lambda error: self.noted.append(f"error: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failure)

    def _message(self, message):
        is_own_status = message.text.startswith("Failed to load resource") and message.location.get("url") == self.page.url
        # Chromium notes each 404; whether a page's own status is right, its test says. "verbose" is advice, hidden unless asked for.
        # Who is quicker than the page keeps the place where they are, and Chromium says so.
        if not is_own_status and message.type != "verbose" and "Autofocus processing was blocked" not in message.text:
            self.noted.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _request(self, request):
        address = urlsplit(request.url)
        if address.netloc != self.host and address.scheme not in OWN_SCHEMES:
            self.noted.append(f"foreign host: {request.url}")

    def _failure(self, request):
        # The browser itself drops what it still asks for when the person goes on; a server that fails gives other errors.
        if request.failure != "net::ERR_ABORTED":
            self.noted.append(f"failed: {request.url} {request.failure}")

    def take(self) -> list[str]:
        """What was noted since the last time."""
        noted, self.noted = self.noted, []
        return noted


def scrolls_sideways(page, width) -> list[str]:
    """The elements that make the page wider than a screen of that width; empty if it fits."""
    page.set_viewport_size({"width": width, "height": 800})
    return page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            const isWide = (one) => one.getBoundingClientRect().right > width + 0.5;
            const wide = [...document.body.querySelectorAll("*")].filter(isWide).slice(0, 5);
            return [`page ${document.documentElement.scrollWidth} > ${width}`, ...wide.map((one) => one.outerHTML.slice(0, 150))];
        }"""
    )


def press_twice(button):
    """The second press comes before the first answer can."""
    button.evaluate("(button) => { button.form.requestSubmit(button); setTimeout(() => button.form.requestSubmit(button), 0); }")
