"""Knock at an address as everybody in turn, and write down the status of each answer."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.tests.kept import undone
from innovation_voucher.tests.sweeps.people import PEOPLE, spell
from innovation_voucher.tests.sweeps.targets import Pair, Target, fixed
from innovation_voucher.tests.sweeps.world import digest, touched, user

#: Answers that say no: may not, is not there, not this method.
DENIALS = {403, 404, 405}
#: Who changes nothing, whatever the answer: nobody signed in, the superuser without rights, those who only look.
NEVER_ACT = {"A", "X", "V", "U"}
#: Addresses that may write a row while reading: a document made at its first opening, the person's own messages.
MAY_WRITE = {
    "ent-order-contract-template",
    "ent-voucher-pdf",
    "redeem-form",
    "inbox-read",
    "login-sms",
    "account_reset_password",
    "account_login",
}


@dataclass(frozen=True)
class Address:
    """What everybody gets at one address, in rows that `people.spell` reads.

    `get` and `post` hold for the object of the busy enterprise, `get_foreign` and `post_foreign`
    for somebody else's; empty means the same as for the own one.
    """

    get: str
    post: str
    get_foreign: str = ""
    post_foreign: str = ""
    target: Target = field(default=fixed())
    body: dict[str, Any] = field(default_factory=lambda: {"reason": "情况有变，先不做了。", "text": "您好"})

    def rows(self) -> Iterator[tuple[str, bool, str]]:
        """Method, whether the object is foreign, and the row of statuses."""
        yield "get", False, self.get
        yield "post", False, self.post
        own, foreign = self.target()
        if own != foreign:
            yield "get", True, self.get_foreign or self.get
            yield "post", True, self.post_foreign or self.post


class Door:
    """One browser that comes back as another person for every request."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.keys = {letter: self._key(name) for letter, name in PEOPLE.items()}
        self.before = digest()  # signing in has written the moment into the users' rows

    def _key(self, username: str) -> str:
        if not username:
            return ""
        client = Client()
        client.force_login(user(username), backend=settings.AUTHENTICATION_BACKENDS[0])
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def knock(self, letter: str, method: str, url: str, body: dict[str, Any]) -> int:
        """The status of the answer to one person. What it changed stays."""
        cache.clear()  # the rate limits are another test's business
        self.client.cookies.clear()
        if key := self.keys[letter]:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = key
        data = {} if method == "get" else {"_token": new_token(), **body}
        response = getattr(self.client, method)(url, data)
        if response.streaming:
            b"".join(response.streaming_content)  # read to its end, the client closes the file
        return int(response.status_code)


@contextmanager
def unchanged(door: Door, what: str) -> Iterator[None]:
    """Nothing is written inside to the world as it was built; the rows are compared only where something was."""
    written = touched()
    yield
    assert touched() == written or digest() == door.before, what


def url_of(name: str, pair: Pair, *, foreign: bool) -> str:
    return reverse(name, kwargs=pair[foreign])


def found(door: Door, name: str, address: Address, method: str, *, foreign: bool, row: str) -> dict[str, int]:
    """Status per letter. Those whom the row refuses knock first, and all of them together change nothing."""
    url, expected = url_of(name, address.target(), foreign=foreign), spell(row)
    statuses = {}
    idle = [letter for letter in expected if method == "get" or expected[letter] in DENIALS or letter in NEVER_ACT]
    held = unchanged(door, f"{method} {url} changed something for one of {idle}")
    with nullcontext() if name in MAY_WRITE else held:
        for letter in idle:
            statuses[letter] = door.knock(letter, method, url, address.body)
    for letter in expected.keys() - set(idle):
        with undone():
            statuses[letter] = door.knock(letter, method, url, address.body)
    return statuses


def names() -> set[str]:
    """Every named address of the project; those of the admin with their prefix."""
    return {name for name in _walk(get_resolver(), "") if name}


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, prefix + (f"{entry.namespace}:" if entry.namespace else ""))
        elif isinstance(entry, URLPattern) and entry.name:
            yield prefix + entry.name
