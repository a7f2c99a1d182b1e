"""PDF files: opened, counted, and rid of everything that acts by itself."""

import io
from collections.abc import Iterator
from typing import Any

from innovation_voucher.lib.uploads.refusal import active, unreadable

_ACTIONS = {
    f"/{name}"
    for name in (
        "JavaScript", "Launch", "ImportData", "SubmitForm", "ResetForm", "GoToE", "GoToR",
        "Rendition", "Movie", "Sound", "RichMediaExecute",
    )
}  # fmt: skip
_NOTES = {f"/{name}" for name in ("FileAttachment", "RichMedia", "Screen", "Movie", "Sound", "3D")}
# Keys that hold a name tree or a form of scripts and files. Resources may have the same names
# (a font called /JavaScript), so the value must look the part as well.
_TREES = ("/JavaScript", "/EmbeddedFiles")
# What pikepdf lets out when a structure is not what its key promises.
_BROKEN = (ArithmeticError, AttributeError, KeyError, RuntimeError, TypeError, ValueError)
# A hostile file may hold objects without end.
_MOST_OBJECTS = 400_000


def clean(content: bytes, *, strict: bool) -> tuple[bytes, int]:
    """The file without active parts, and its number of pages.

    Untouched bytes come back where nothing had to go, so that signatures stay valid. Raises
    Refused for what cannot be opened, has any encryption, has no page, or (strict) is active.
    """
    import pikepdf  # noqa: PLC0415  lazy: slow import

    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            pages = len(document.pages)
            if document.is_encrypted or not pages or len(document.objects) > _MOST_OBJECTS:
                raise unreadable()
            found = _defuse(document)
            if found and strict:
                raise active()
            if found or _has_tail(content):
                out = io.BytesIO()
                document.save(out, deterministic_id=True)
                content = out.getvalue()
    except (pikepdf.PdfError, pikepdf.PasswordError, *_BROKEN):
        raise unreadable() from None
    return content, pages


def _has_tail(content: bytes) -> bool:
    """Whether something is hung on behind the end: a second file for another reader."""
    end = content.rfind(b"%%EOF")
    return end < 0 or bool(content[end + 5 :].strip(b"\x00\r\n\t "))


def _defuse(document: Any) -> bool:
    """Strips every dictionary; whether anything was found."""
    found = False
    for node in _dictionaries(document):
        found |= _strip(node)
    return found


def _dictionaries(document: Any) -> Iterator[Any]:
    """Every dictionary and stream of the file, also those inside others."""
    import pikepdf  # noqa: PLC0415  lazy: slow import

    for item in document.objects:
        stack = [item]
        while stack:
            node = stack.pop()
            if isinstance(node, pikepdf.Array):
                children = list(node)
            elif isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
                yield node
                children = [child for _name, child in node.items()]
            else:
                continue
            # What has a number of its own comes by itself.
            stack += [c for c in children if isinstance(c, pikepdf.Object) and not c.is_indirect]


def _strip(node: Any) -> bool:
    """Empties actions and notes that carry files, deletes trees of scripts and files."""
    if _text(node, "/S") in _ACTIONS:
        _empty(node)
        return True
    if _text(node, "/Subtype") in _NOTES and "/Rect" in node:
        _empty(node, keep={"/Type", "/Rect"})
        node["/Subtype"] = _name("/Link")
        return True
    doomed = [key for key in node if _is_active(node, key)]
    for key in doomed:
        del node[key]
    return bool(doomed)


def _is_active(node: Any, key: str) -> bool:
    value = node[key]
    if key == "/XFA":
        return True
    if key == "/EF":
        return "/F" in node or "/UF" in node
    if key in _TREES:
        return _has_any(value, "/Names", "/Kids")
    return key == "/AA" and _holds_actions(value)


def _holds_actions(value: Any) -> bool:
    import pikepdf  # noqa: PLC0415  lazy: slow import

    if not isinstance(value, pikepdf.Dictionary):
        return False
    actions = (action for _name, action in value.items())
    return any(isinstance(a, pikepdf.Dictionary) and (not len(a) or "/S" in a) for a in actions)


def _has_any(value: Any, *keys: str) -> bool:
    import pikepdf  # noqa: PLC0415  lazy: slow import

    return isinstance(value, pikepdf.Dictionary) and any(key in value for key in keys)


def _text(node: Any, key: str) -> str:
    return str(node[key]) if key in node else ""


def _name(text: str) -> Any:
    import pikepdf  # noqa: PLC0415  lazy: slow import

    return pikepdf.Name(text)


def _empty(node: Any, keep: set[str] | None = None) -> None:
    for key in list(node):
        if key not in (keep or set()) and key != "/Length":
            del node[key]
