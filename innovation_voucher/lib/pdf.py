"""PDF files: made from HTML without touching network or disk, counted, and shown as images.

Slow libraries are imported where they are used. Rendering belongs into a worker, which limits
the time and the memory of a task.
"""

import io
import threading
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
FAMILY = "Noto Sans SC"

_FACES = ((400, "NotoSansSC_400Regular.ttf"), (700, "NotoSansSC_700Bold.ttf"))
_INLINE_IMAGES = ("data:image/png;", "data:image/png,", "data:image/svg+xml;", "data:image/svg+xml,")
# A page of a hostile file may claim a size of hundreds of metres.
_MAX_PIXELS = 12_000_000
# PDFium keeps global state and is not safe for two threads at once.
_pdfium_lock = threading.Lock()


class PdfBroken(Exception):  # noqa: N818  says what happened
    """The file is no PDF, is damaged, or needs a password."""


def font_css() -> str:
    """@font-face rules of the packaged font in weights 400 and 700, and the family of the page."""
    faces = [
        f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};"
        f"src:url('{(FONTS / name).as_uri()}') format('truetype')}}"
        for weight, name in _FACES
    ]
    return "".join(faces) + f"html{{font-family:'{FAMILY}','Noto Sans CJK SC',sans-serif}}"


def allowed(url: str) -> bool:
    """Whether a document may load the address: inline PNG and SVG, and packaged fonts only."""
    if url.lower().startswith(_INLINE_IMAGES):
        return True
    parts = urlsplit(url)
    if parts.scheme.lower() != "file" or parts.netloc or parts.query:
        return False
    return Path(unquote(parts.path)).resolve() in {(FONTS / name).resolve() for _, name in _FACES}


def render_html(html: str) -> bytes:
    """The PDF of a complete HTML document that carries its own CSS.

    Whatever else the document names (http, file, ftp, relative addresses, attachments) is left
    out; WeasyPrint logs it and goes on.
    """
    import weasyprint  # noqa: PLC0415  lazy: slow import
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415  lazy: slow import

    fetcher = _fetcher()
    fonts = FontConfiguration()
    style = weasyprint.CSS(string=font_css(), font_config=fonts, url_fetcher=fetcher)
    document = weasyprint.HTML(string=html, url_fetcher=fetcher)
    pdf: bytes = document.write_pdf(stylesheets=[style], font_config=fonts)
    return pdf


def page_count(pdf: bytes) -> int:
    """The number of pages; raises PdfBroken."""
    with _pdfium_lock:
        document = _open(pdf)
        try:
            return len(document)
        finally:
            document.close()


def page_images(pdf: bytes, *, dpi: int = 110, limit: int = 30) -> list[bytes]:
    """The first `limit` pages as PNG files; raises PdfBroken.

    An oversized page is drawn smaller than `dpi` asks.
    """
    with _pdfium_lock:
        document = _open(pdf)
        try:
            return [_png(document[index], dpi) for index in range(min(limit, len(document)))]
        except _pdfium_error() as error:
            raise PdfBroken(str(error)) from None
        finally:
            document.close()


def _pdfium_error() -> type[Exception]:
    """The one error of PDFium."""
    import pypdfium2  # noqa: PLC0415  lazy: slow import

    error: type[Exception] = pypdfium2.PdfiumError
    return error


def _open(pdf: bytes) -> Any:
    import pypdfium2  # noqa: PLC0415  lazy: slow import

    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise PdfBroken(str(error)) from None


def _png(page: Any, dpi: int) -> bytes:
    width, height = page.get_size()
    scale = dpi / 72
    pixels = width * height * scale**2
    if pixels > _MAX_PIXELS:
        scale *= (_MAX_PIXELS / pixels) ** 0.5
    out = io.BytesIO()
    page.render(scale=scale).to_pil().save(out, "PNG")
    return out.getvalue()


def _fetcher() -> Any:
    """A fetcher that answers what `allowed` allows and refuses all else, redirects included."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415  lazy: slow import

    class Packaged(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not allowed(url):
                raise ValueError("documents may load inline images and packaged fonts only")
            return super().fetch(url, headers)

    return Packaged(allowed_protocols=("data", "file"), allow_redirects=False)
