"""Encryption of single columns, and keyed digests to find or compare what is encrypted.

`settings.FIELD_KEYS` maps key ids to 256-bit keys, the current one first. A stored value names
its key, so a new key is put in front, rows are saved again in peace, and the old key leaves.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

_MARK = "e1"
_NONCE = 12


class Undecipherable(Exception):  # noqa: N818  says what happened
    """A stored value was changed, cut, never encrypted, or its key is no longer in the ring."""


def new_key() -> str:
    """A fresh 256-bit key with an id of its own, as the environment holds it: `kid:base64`."""
    return f"k{secrets.token_hex(4)}:{base64.b64encode(os.urandom(32)).decode()}"


def encrypt(text: str) -> str:
    """The text under the current key, different each time: `e1:<kid>:<base64>`."""
    kid, key = next(iter(_keys().items()))
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), _context(kid))
    return f"{_MARK}:{kid}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str) -> str:
    """The text of a stored value; raises Undecipherable."""
    mark, _, rest = stored.partition(":")
    kid, _, encoded = rest.partition(":")
    try:
        key = _keys()[kid]
        blob = base64.b64decode(encoded, validate=True)
        return AESGCM(key).decrypt(blob[:_NONCE], blob[_NONCE:], _context(kid, mark)).decode()
    except (KeyError, ValueError, InvalidTag):
        # Without the value and without a cause that could carry it into a log.
        raise Undecipherable(f"no readable value under key {kid[:20]!r}") from None


def blind_index(text: str, purpose: str) -> str:
    """A keyed digest of the text (64 hex characters) for unique columns and exact look-ups.

    Equal texts have equal digests within one purpose only, e.g. "mobile". Clean the text first
    (`identifiers`). The oldest key makes it, so that adding a key changes no index; whoever
    drops that key recomputes the indexes.
    """
    oldest = list(_keys().values())[-1]
    key = hmac.new(oldest, b"blind-index\x00" + purpose.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is readable in Python only. Empty stays empty, so that "not given" can be asked.

    The only look-up is `isnull`; to find a value, keep its `blind_index` in a second column.
    """

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return encrypt(text) if isinstance(text, str) and text else text

    def get_lookup(self, lookup_name: str) -> Any:
        """Any look-up but isnull would compare with a fresh ciphertext and never match."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: look it up by its blind index")
        return super().get_lookup(lookup_name)


def _keys() -> Mapping[str, bytes]:
    keys: Mapping[str, bytes] = settings.FIELD_KEYS
    return keys


def _context(kid: str, mark: str = _MARK) -> bytes:
    """What is authenticated beside the text: a value cannot be moved to another key or form."""
    return f"{mark}:{kid}".encode()
