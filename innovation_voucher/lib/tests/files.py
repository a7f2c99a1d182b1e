"""Files made for tests, harmless and hostile."""

import io
import zipfile

import docx
import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
DOC = OLE + "WordDocument".encode("utf-16-le") + b"\0" * 600
RAR = b"Rar!\x1a\x07\x01\x00" + b"\0" * 64


def pdf(change=None, pages=1, **options) -> bytes:
    """A PDF of blank pages; `change` gets the open document."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        if change:
            change(document)
        document.save(out, deterministic_id=not options, **options)
    return out.getvalue()


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert('EVIL')")


def add_note(document, **note) -> None:
    document.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **note)])


def attach(document) -> None:
    document.attachments["evil.exe"] = pikepdf.AttachedFileSpec(document, b"EVIL")


def name_script(document) -> None:
    tree = Dictionary(Names=Array(["start", document.make_indirect(script())]))
    document.Root.Names = Dictionary(JavaScript=tree)


def set_root(key, value):
    return lambda document: document.Root.__setattr__(key, value)


def page_action(document) -> None:
    document.pages[0].AA = Dictionary(O=script())


ACTIVE_PDFS = {
    "opening script": set_root("OpenAction", script()),
    "named script": name_script,
    "document action": set_root("AA", Dictionary(WC=script())),
    "page action": page_action,
    "link that launches": lambda d: add_note(d, Subtype=Name.Link, A=Dictionary(S=Name.Launch, F="EVIL.exe")),
    "chained script": lambda d: add_note(
        d, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI="https://example.org", Next=script())
    ),
    "button that submits": lambda d: add_note(
        d, Subtype=Name.Link, A=Dictionary(S=Name.SubmitForm, F="http://EVIL.example")
    ),
    "attached file": attach,
    "note with a file": lambda d: add_note(
        d, Subtype=Name.FileAttachment, FS=Dictionary(Type=Name.Filespec, F="EVIL.exe")
    ),
    "film": lambda d: add_note(d, Subtype=Name.RichMedia, RichMediaContent=Dictionary(A="EVIL")),
    "form of xml": set_root("AcroForm", Dictionary(Fields=[], XFA="EVIL")),
}


def picture(kind="PNG", size=(30, 20), mode="RGB", color="red", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, kind, **options)
    return out.getvalue()


def archive(members, **options) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items() if isinstance(members, dict) else members:
            packed.writestr(name, content)
    return out.getvalue()


def document(**parts) -> bytes:
    """A DOCX; `parts` are added to the package (slashes written as __)."""
    out = io.BytesIO()
    paper = docx.Document()
    paper.add_paragraph("技术服务合同")
    paper.save(out)
    with zipfile.ZipFile(out, "a") as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return out.getvalue()
