"""Knock at an address as everybody in turn, and write down the status of each answer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.tests.sweeps.people import PEOPLE
from innovation_voucher.tests.sweeps.targets import Pair, Target, fixed
from innovation_voucher.tests.sweeps.world import digest, undone, user

#: Answers that say no: may not, is not there, not this method.
DENIALS = {403, 404, 405}
#: Who changes nothing, whatever the answer: nobody signed in, the superuser without rights.
NEVER_ACT = {"A", "X"}
#: Addresses that may write a row while reading: a document made at its first opening, the person's own messages.
MAY_WRITE = {"ent-order-contract-template", "inbox-read", "login-sms", "account_reset_password", "account_login"}


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
        yield "get", True, self.get_foreign or self.get
        yield "post", True, self.post_foreign or self.post


class Door:
    """One browser that comes back as another person for every request."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.keys = {letter: self._key(name) for letter, name in PEOPLE.items()}

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
        if method == "get":
            return self.client.get(url).status_code
        return self.client.post(url, {"_token": new_token(), **body}).status_code


def url_of(name: str, pair: Pair, *, foreign: bool) -> str:
    return reverse(name, kwargs=pair[foreign])


def found(door: Door, name: str, address: Address, method: str, *, foreign: bool) -> dict[str, int]:
    """Status per letter; everybody knocks at the same untouched world, and who is refused leaves it so."""
    url = url_of(name, address.target(), foreign=foreign)
    before, statuses = digest(), {}
    for letter in PEOPLE:
        with undone():
            statuses[letter] = door.knock(letter, method, url, address.body)
            if method == "get" or statuses[letter] in DENIALS or letter in NEVER_ACT:
                assert digest() == before or name in MAY_WRITE, f"{letter} {method} {url} changed something"
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
