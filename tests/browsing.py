"""What a browser sends when the form of a page is submitted as it stands."""

from html.parser import HTMLParser


class FormReader(HTMLParser):
    """The fields of the form with an id: `data` is name -> list of values. Buttons and files are left out."""

    def __init__(self, form_id):
        super().__init__()
        self.form_id, self.data = form_id, {}
        self.inside = False
        self.select = self.textarea = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.inside = attrs.get("id") == self.form_id
        if not self.inside:
            return
        if tag == "input" and attrs.get("name"):
            self.read_input(attrs)
        elif tag == "textarea":
            self.textarea = attrs["name"]
            self.data[self.textarea] = [""]
        elif tag == "select":
            self.select = attrs["name"]
        elif tag == "option" and self.select and "selected" in attrs:
            self.data.setdefault(self.select, []).append(attrs.get("value", ""))

    def read_input(self, attrs):
        kind = attrs.get("type", "text")
        if kind in ("submit", "file", "button") or (kind in ("checkbox", "radio") and "checked" not in attrs):
            return
        self.data.setdefault(attrs["name"], []).append(attrs.get("value", "on" if kind == "checkbox" else ""))

    def handle_data(self, text):
        if self.textarea:
            self.data[self.textarea][0] += text

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self.textarea = None
        elif tag == "select":
            self.select = None


def fields_of(response, form_id) -> dict:
    reader = FormReader(form_id)
    reader.feed(response.content.decode())
    # A browser drops the line break that templates write after <textarea>.
    return {name: [value.removeprefix("\r\n").removeprefix("\n") for value in values] for name, values in reader.data.items()}


def submit(client, address, form_id, **changes):
    """Opens a page and sends its form back with these changes."""
    page = client.get(address)
    assert page.status_code == 200, f"{address} answers {page.status_code}"
    data = fields_of(page, form_id) | {"_continue": "1"} | changes
    if "_step" in changes:
        del data["_continue"]
    return client.post(address, data)
