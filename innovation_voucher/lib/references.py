"""Codes and signatures of printed vouchers.

A code has 12 characters of Crockford base32: 55 random bits and a check character. A signature
is a keyed 128-bit digest over the code, the print version and the id of the key.
"""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12

_MISREAD = str.maketrans("OIL", "011")
_FILLER = re.compile(r"[\s\-\u2010-\u2015\u2212_·.]+")


def new_code() -> str:
    """A random code; the caller keeps it unique and tries again on a clash."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check_character(body)


def normalise_code(text: str) -> str | None:
    """The code that a person typed or read aloud; None when length, letters or check are wrong.

    Takes spaces, dashes, lower case and full width, and reads O as 0, I and L as 1.
    """
    plain = _FILLER.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_MISREAD)
    if len(plain) != LENGTH or not set(plain) <= set(ALPHABET):
        return None
    return plain if _check_character(plain[:-1]) == plain[-1] else None


def group_code(code: str) -> str:
    """As printed: 7K3M-9QTX-2B8F."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def sign(code: str, print_version: int, keys: Mapping[str, bytes]) -> str:
    """The signature by the current key, the first of `keys` (id -> key): 22 URL-safe characters."""
    return _digest(code, print_version, next(iter(keys.items())))


def verify_signature(code: str, signature: str, versions: Iterable[int], keys: Mapping[str, bytes]) -> int | None:
    """The print version for which the signature is valid by any key; None for no version.

    Every version is tried with every key, so that the time tells nothing about a near miss.
    """
    given = signature.encode("utf-8", "surrogatepass")
    found = None
    for version in versions:
        for key in keys.items():
            if hmac.compare_digest(_digest(code, version, key).encode(), given):
                found = version
    return found


def _digest(code: str, version: int, key: tuple[str, bytes]) -> str:
    kid, secret = key
    # The first word keeps these digests apart from any other use of the same key.
    message = "\x1f".join(("voucher-qr", kid, code, str(version))).encode()
    digest = hmac.new(secret, message, hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _check_character(body: str) -> str:
    """The character that makes the sum of digit x 2^place in the field GF(32) zero.

    The field's polynomial is x^5 + x^2 + 1. The weights of all places differ, so every single
    wrong character and every swap of two characters is found.
    """
    total = 0
    for character in body:
        total = _double(total) ^ ALPHABET.index(character)
    return ALPHABET[_double(total)]


def _double(element: int) -> int:
    element <<= 1
    return element ^ 0b100101 if element & 0b100000 else element
