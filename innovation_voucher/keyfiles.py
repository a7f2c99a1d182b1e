"""Secrets of the embedded mode, made once and kept beside its data.

A real installation gets them from the environment; nothing here runs then.
"""

import base64
import os
from collections.abc import Callable
from pathlib import Path


def generated(path: Path, make: Callable[[], str]) -> str:
    """The secret in `path`; the first process to ask makes it, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600, exist_ok=False)
        try:
            draft.write_text(make())
            # Unlike a rename, a link never replaces what another process made meanwhile.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def new_key() -> str:
    """A fresh 256-bit key in the form of the environment variables: `kid:base64`."""
    return "k1:" + base64.b64encode(os.urandom(32)).decode()


def parse(text: str) -> dict[str, bytes]:
    """Keys by id out of `kid:base64,kid:base64`, in order: the first is the current one.

    Raises ValueError for a missing id, one given twice, text that is not base64, or a key
    under 32 bytes.
    """
    keys: dict[str, bytes] = {}
    for item in filter(None, (part.strip() for part in text.split(","))):
        kid, colon, encoded = item.partition(":")
        key = base64.b64decode(encoded, validate=True)
        if not kid or not colon or kid in keys or len(key) < 32:
            raise ValueError("keys are written kid:base64 with 32 bytes or more, ids used once")
        keys[kid] = key
    if not keys:
        raise ValueError("at least one key is needed, written kid:base64")
    return keys
