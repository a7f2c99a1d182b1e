"""Office documents, OFD and XML: opened as far as needed to see that they are only documents."""

import re
from xml.parsers import expat

from innovation_voucher.lib.uploads.archives import open_archive, read_member
from innovation_voucher.lib.uploads.refusal import active, unreadable

_MAX_PARTS = 3000
_PROGRAMS = re.compile(r"vbaproject\.bin|vbadata\.xml|/activex/|oleobject\w*\.bin", re.IGNORECASE)
_MACROS = re.compile(rb"macroenabled|vbaproject", re.IGNORECASE)
# Relations that load something from elsewhere when the document is opened; links are harmless.
_LOADS = re.compile(r"/(attachedTemplate|oleObject|frame|subDocument|externalLinkPath)$")


def check_package(content: bytes) -> None:
    """DOCX, XLSX, OFD: raises Refused for macros, objects of programs, outside templates, DTDs."""
    with open_archive(content, entries=_MAX_PARTS) as package:
        for name in package.namelist():
            if _PROGRAMS.search(name):
                raise active()
            if name.endswith((".xml", ".rels")):
                part = read_member(package, name)
                if name == "[Content_Types].xml" and _MACROS.search(part):
                    raise active()
                check_xml(part)


def check_xml(content: bytes) -> None:
    """Well-formed, without a document type (entities), nothing loaded from elsewhere."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = _refuse_load
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise unreadable() from None


def check_old_document(content: bytes) -> None:
    """DOC is never opened; the name of the macro storage stands in its directory in plain."""
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise active()


def _refuse_doctype(*_args: object) -> None:
    raise active()


def _refuse_load(tag: str, attributes: dict[str, str]) -> None:
    outside = attributes.get("TargetMode") == "External"
    if tag == "Relationship" and outside and _LOADS.search(attributes.get("Type", "")):
        raise active()
