"""Asking another host for a page, from a server that stands inside a network: only public addresses are ever asked (staff.md S45).

The name is resolved once and the connection goes to the very address that was judged, so that no second answer of the
name server leads elsewhere; each redirect is judged anew.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

PATIENCE = 5  # seconds for each answer
LONGEST = 12  # seconds for a whole exchange, however slowly it drips
REDIRECTS = 5
MOVED = {301, 302, 303, 307, 308}


class NotAsked(Exception):
    """The address is none that a visitor of the internet could open."""


def status_of(address: str, allowed=frozenset()) -> int:
    """What a GET of an address is answered with in the end; HEAD is tried first.

    NotAsked for addresses of private networks; OSError (with TimeoutError, socket.gaierror, ssl.SSLError), HTTPException and
    ValueError as they come. `allowed` are `host:port` that may be asked wherever they lie.
    """
    try:
        status = follow("HEAD", address, allowed)
    except (http.client.HTTPException, ConnectionError):
        status = 0
    return status if 200 <= status < 300 else follow("GET", address, allowed)


def follow(method: str, address: str, allowed) -> int:
    for _step in range(REDIRECTS + 1):
        status, target = ask(method, address, allowed)
        if status not in MOVED or not target:
            return status
        address = urljoin(address, target)
    return status


def ask(method: str, address: str, allowed) -> tuple[int, str]:
    """`(status, where it leads on)` of one request."""
    parts = urlsplit(iri_to_uri(address))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotAsked
    host, port = parts.hostname.encode("idna").decode(), parts.port or (443 if parts.scheme == "https" else 80)
    connection = Pinned(host, port, judged(host, port, allowed), is_secret=parts.scheme == "https")
    watch = threading.Timer(LONGEST, connection.cut)
    watch.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, headers={"User-Agent": user_agent(), "Accept": "*/*", "Connection": "close"})
        response = connection.getresponse()
        return response.status, response.headers.get("Location", "")
    finally:
        watch.cancel()
        connection.close()


def user_agent() -> str:
    return f"Mozilla/5.0 (compatible; InvestZhaoqingLinkCheck/1.0; +{settings.SITE_ADDRESS})"


def judged(host: str, port: int, allowed) -> tuple[str, int]:
    """The network address of a host, if all that it has are public. NotAsked otherwise."""
    found = [entry[4] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if f"{host}:{port}" not in allowed and not all(is_public(entry[0]) for entry in found):
        raise NotAsked
    return found[0][0], port


def is_public(address: str) -> bool:
    """Whether everybody could ask it: not this machine, nor its networks, nor one of them in another notation."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = [getattr(found, name, None) for name in ("ipv4_mapped", "sixtofour")]
    return found.is_global and not found.is_multicast and all(one is None or one.is_global for one in inner)


class Pinned(http.client.HTTPConnection):
    """A connection to one network address, under the name of its host."""

    def __init__(self, host, port, address, *, is_secret):
        super().__init__(host, port, timeout=PATIENCE)
        self.address, self.is_secret = address, is_secret
        self.default_port = 443 if is_secret else 80

    def connect(self):
        self.sock = socket.create_connection(self.address, self.timeout)
        if self.is_secret:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def cut(self):
        """Ends an exchange that has taken too long; whoever reads meets the end."""
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)
