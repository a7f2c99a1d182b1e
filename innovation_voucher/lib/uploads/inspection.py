"""One file against the rule of its place."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import BinaryIO

from django.utils.translation import gettext as _

from innovation_voucher.lib.uploads import archives, office, pdfs, pictures
from innovation_voucher.lib.uploads.kinds import CONTENT_TYPES, kind_of
from innovation_voucher.lib.uploads.names import clean_name
from innovation_voucher.lib.uploads.refusal import Refused, size_text

_CHUNK = 256 * 1024
_ALIASES = {"jpeg": "jpg"}
_MEMBER_FORMATS = ("pdf", "jpg", "png", "docx")


@dataclass(frozen=True)
class Rule:
    """What a place takes.

    `formats` are suffixes (pdf, jpg, png, bmp, docx, xlsx, ofd, xml, zip, doc, rar), `max_bytes`
    is the size of one file, `below` that it must be smaller than that. `strict` refuses a PDF with
    scripts or attachments, which otherwise is kept without them. Raises ValueError for an unknown format.
    """

    formats: tuple[str, ...]
    max_bytes: int
    strict: bool = False
    below: bool = False

    def __post_init__(self) -> None:
        known = tuple(dict.fromkeys(_ALIASES.get(f.lower(), f.lower()) for f in self.formats))
        if unknown := [name for name in known if name not in CONTENT_TYPES]:
            raise ValueError(f"unknown formats: {', '.join(unknown)}")
        object.__setattr__(self, "formats", known)


@dataclass(frozen=True)
class Inspected:
    """A file fit to be kept: size (bytes) and digest are those of `content`.

    `pages` is None where pages mean nothing or the file is never opened.
    """

    name: str
    kind: str
    size: int
    sha256: str
    pages: int | None
    content: bytes

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.kind]


def inspect(name: str, data: BinaryIO, rule: Rule) -> Inspected:
    """The cleaned file; raises Refused with the sentence for the page."""
    content = _read(data, rule)
    kind = kind_of(content)
    if kind not in rule.formats:
        raise _wrong_kind(kind, rule.formats)
    pages = None
    if kind == "pdf":
        content, pages = pdfs.clean(content, strict=rule.strict)
    elif kind in pictures.FORMATS:
        kind, content = pictures.redraw(content, kind)
        pages = 1
    elif kind == "zip":
        content = archives.repack(content, _member_inspector(rule))
    else:
        _CHECKS[kind](content)
    digest = hashlib.sha256(content).hexdigest()
    return Inspected(clean_name(name, kind), kind, len(content), digest, pages, content)


_CHECKS: dict[str, Callable[[bytes], None]] = {
    "docx": office.check_package,
    "xlsx": office.check_package,
    "ofd": office.check_package,
    "xml": office.check_xml,
    "doc": office.check_old_document,
    # Packed in a way of its own: kept for download as it is, and scanned, never opened.
    "rar": lambda _content: None,
}


def _member_inspector(rule: Rule) -> Callable[[str, BinaryIO], Inspected]:
    """Members of an archive obey the same rule, but hold no archives."""
    formats = tuple(kind for kind in rule.formats if kind not in {"zip", "rar"})
    member_rule = replace(rule, formats=formats or _MEMBER_FORMATS)
    return lambda name, data: inspect(name, data, member_rule)


def _read(data: BinaryIO, rule: Rule) -> bytes:
    """The content; measured while reading, what a header says does not count."""
    limit = rule.max_bytes - int(rule.below)
    kept = bytearray()
    size = 0
    while chunk := data.read(_CHUNK):
        size += len(chunk)
        if size <= limit:
            kept += chunk
    if size > limit:
        sizes = {"most": size_text(rule.max_bytes), "actual": size_text(size, up=True)}
        if rule.below:
            raise Refused(_("文件要小于 %(most)s（这份 %(actual)s），压缩后再传") % sizes)
        raise Refused(_("文件超过 %(most)s（这份 %(actual)s），压缩后再传") % sizes)
    if not size:
        raise Refused(_("文件是空的，换一份再传"))
    return bytes(kept)


def _wrong_kind(kind: str, formats: tuple[str, ...]) -> Refused:
    wanted = "、".join(name.upper() for name in formats)
    if not kind:
        return Refused(_("只支持 %s；这份认不出格式，换一份再传") % wanted)
    if formats == ("pdf",):
        return Refused(_("只支持 PDF；这份是 %s，另存为 PDF 后再传") % kind)
    return Refused(_("只支持 %(wanted)s；这份是 %(kind)s，换成其中一种格式后再传") % {"wanted": wanted, "kind": kind})
