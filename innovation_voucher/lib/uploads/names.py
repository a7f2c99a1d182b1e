"""File names as they are stored and shown."""

import re
import unicodedata

from django.utils.translation import gettext as _

_MOST = 100
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$")


def clean_name(name: str, kind: str) -> str:
    """The last part of a path, without control and direction characters, with the true suffix."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Categories C*: control, format (direction overrides), private, lone surrogates.
    visible = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in base)
    stem = _SUFFIX.sub("", " ".join(visible.split()))
    stem = re.sub(r'[<>:"|?*]', "_", stem).strip(". ")[:_MOST].strip(". ")
    return f"{stem or _('附件')}.{kind}"
