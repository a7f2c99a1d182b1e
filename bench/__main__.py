"""`python -m bench`: the portal beside the reference and beside plain SQL; ONLY=requests or ONLY=search is one part."""

import base64
import os
import tempfile
from pathlib import Path

import django

from . import databases

KEY = "k1:" + base64.b64encode(bytes(32)).decode()


def main() -> None:
    """Make two databases, fill them, measure, print; everything that was started is stopped again."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, databases.fresh():
        _set_up(Path(name))
        # Models can be imported only now.
        from .run import measure  # noqa: PLC0415

        measure(Path(name), os.environ.get("ONLY", ""))


def _set_up(folder: Path) -> None:
    """The portal's own code in this process works as the owner of its database; the web server does not."""
    os.environ.update(
        DATABASE_URL=databases.url_of("bench_portal"),
        DATABASE_APP_ROLE="portal",
        DJANGO_SETTINGS_MODULE="innovation_voucher.settings",
        SECRET_KEY="only for measurements",
        FIELD_KEYS=KEY,
        QR_KEYS=KEY,
        VAR_DIR=str(folder),
        STATIC_ROOT=str(folder / "static"),
        LOG_LEVEL="ERROR",
    )
    django.setup()


if __name__ == "__main__":
    main()
