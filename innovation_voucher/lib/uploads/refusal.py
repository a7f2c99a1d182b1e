"""The sentences with which a file is turned away."""

from django.utils.translation import gettext as _

MB = 1024 * 1024


class Refused(Exception):  # noqa: N818  says what happened
    """The file is not taken; the message is the sentence for the page."""


def unreadable() -> Refused:
    """The file is damaged, or needs a password."""
    return Refused(_("文件打不开或有密码，去掉密码后再传"))


def active() -> Refused:
    """The file holds programs or other files, and the rule takes no cleaned copy."""
    return Refused(_("文件里有脚本、宏或嵌入的文件，另存为不带这些内容的文件后再传"))


def size_text(size: int, *, up: bool = False) -> str:
    """A size as people say it: 63 MB, 500 KB, 12 字节; `up` rounds up, so that it passes a limit."""
    for unit, name in ((MB, "MB"), (1024, "KB")):
        if size >= unit:
            return f"{-(-size // unit) if up else size // unit} {name}"
    return _("%d 字节") % size
