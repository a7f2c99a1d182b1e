"""What a file is, by its content; the name that it came with says nothing."""

import io
import re
import struct
import zipfile
import zlib

import filetype

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "bmp": "image/bmp",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ofd": "application/ofd",
    "xml": "application/xml",
    "zip": "application/zip",
    "doc": "application/msword",
    "rar": "application/vnd.rar",
}

_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"BM", "bmp"),
    (b"Rar!\x1a\x07\x00", "rar"),
    (b"Rar!\x1a\x07\x01\x00", "rar"),
)
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# All that zipfile lets out for a damaged list or member.
BROKEN_ARCHIVE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError,
    RuntimeError, ValueError,
)  # fmt: skip
# The part by which each kind of document is known that is a zip archive inside.
_PARTS = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("OFD.xml", "ofd"))
_MARKUP = re.compile(rb"<(?:!doctype\s+)?(html|svg|script|body|iframe)\b", re.IGNORECASE)


def kind_of(content: bytes) -> str:
    """A key of CONTENT_TYPES, another usual suffix (svg, html, gif, exe), or "" when unknown."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content.startswith(_ZIP):
        return _archive(content)
    if content.startswith(_OLE):
        return "doc" if "WordDocument".encode("utf-16-le") in content else "ole"
    return _markup(content) or _other(content)


def _archive(content: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except BROKEN_ARCHIVE:
        return "zip"
    return next((kind for part, kind in _PARTS if part in names), "zip")


def _markup(content: bytes) -> str:
    start = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    tag = _MARKUP.search(start)
    if tag and start.startswith(b"<"):
        return "svg" if tag[1].lower() == b"svg" else "html"
    return "xml" if start.startswith(b"<?xml") else ""


def _other(content: bytes) -> str:
    found = filetype.guess(content)
    # A kind of ours that only the library sees is a damaged or disguised one.
    return found.extension if found and found.extension not in CONTENT_TYPES else ""
