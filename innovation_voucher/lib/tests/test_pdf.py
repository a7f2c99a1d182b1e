"""Rendering reads nothing from outside; counting and drawing stand hostile files."""

import base64
import http.server
import io
import threading
import zlib

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from innovation_voucher.lib.pdf import (
    FONTS,
    PdfBroken,
    allowed,
    font_css,
    page_count,
    page_images,
    render_html,
)

SECRET = "SECRET-OF-THE-SERVER"


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def streams_of(pdf: bytes) -> bytes:
    """All that the file holds, unpacked."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        streams = [item for item in document.objects if isinstance(item, pikepdf.Stream)]
        return b"".join(stream.read_raw_bytes() + _unpacked(stream) for stream in streams)


def _unpacked(stream: pikepdf.Stream) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return b""


@pytest.fixture
def server():
    """A server that notes every request and redirects half of them."""
    hits: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            self.send_response(302 if "redirect" in self.path else 200)
            self.send_header("Location", "/landed")
            self.end_headers()
            self.wfile.write(SECRET.encode())

        def log_message(self, *args):
            pass

    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{site.server_port}", hits
    site.shutdown()
    site.server_close()
    thread.join()


PAYLOADS = [
    '<link rel=stylesheet href="{url}/a.css">',
    '<style>@import "{url}/b.css";</style>',
    "<style>@import url({url}/redirect);</style>",
    "<style>@font-face{{font-family:x;src:url({url}/c.ttf)}} p{{font-family:x}}</style><p>字",
    '<p style="background:url({url}/d.png)">字',
    '<p style="list-style-image:url({url}/e.png);display:list-item">字',
    '<p style="border-image:url({url}/e2.png) 1;border:1px solid">字',
    "<style>p::before{{content:url({url}/f.png)}}</style><p>字",
    '<img src="{url}/g.png">',
    '<img srcset="{url}/g2.png 2x" src="{url}/redirect">',
    '<object data="{url}/h.svg" type="image/svg+xml"></object>',
    '<embed src="{url}/i.svg">',
    '<iframe src="{url}/j.html"></iframe>',
    '<svg width=9 height=9><image href="{url}/k.png" width=9 height=9 /></svg>',
    '<svg width=9 height=9><use href="{url}/l.svg#x"/></svg>',
    '<svg width=9 height=9><style>@import "{url}/l2.css";</style></svg>',
    '<link rel=attachment href="{url}/m.txt">',
    '<a rel=attachment href="{url}/n.txt">附件</a>',
    '<base href="{url}/"><img src="o.png"><link rel=attachment href="o.txt">',
    '<meta http-equiv=refresh content="0;url={url}/p">',
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_document_reaches_no_server(payload, server):
    url, hits = server
    pdf = render_html(f"<!doctype html><title>题</title>{payload.format(url=url)}<p>正文")
    assert hits == []
    assert SECRET.encode() not in streams_of(pdf)
    assert "正文" in text_of(pdf)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_document_reads_no_file_of_the_server(payload, tmp_path):
    for name in ("a.css", "b.css", "g.png", "h.svg", "i.svg", "j.html", "m.txt", "n.txt", "o.txt"):
        (tmp_path / name).write_text(f"/* {SECRET} */ p::after{{content:'{SECRET}'}}")
    pdf = render_html(f"<!doctype html><title>题</title>{payload.format(url=tmp_path.as_uri())}<p>正文")
    assert SECRET.encode() not in streams_of(pdf)
    assert SECRET not in text_of(pdf)


def test_an_inline_picture_cannot_pull_in_another(server):
    url, hits = server
    image = f'<image href="{url}/x.png" width="9" height="9"/>'
    inner = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{image}</svg>'
    data = base64.b64encode(inner.encode()).decode()
    render_html(f'<img src="data:image/svg+xml;base64,{data}">')
    assert hits == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "file:/etc/passwd",
        "FILE:///etc/passwd",
        f"{FONTS.as_uri()}/OFL.txt",
        f"{FONTS.as_uri()}/../../manage.py",
        f"{FONTS.as_uri()}/%2e%2e/%2e%2e/manage.py",
        f"file://evil.example{FONTS}/NotoSansSC_400Regular.ttf",
        "http://127.0.0.1/",
        "https://example.org/a.png",
        "ftp://example.org/a.png",
        "data:text/html,<script>",
        "data:text/css,p{}",
        "data:image/svg+xmlx,a",
        "jar:file:///etc/passwd",
        "//example.org/a.png",
        "a.png",
        "",
    ],
)
def test_an_address_outside_is_not_allowed(url):
    assert not allowed(url)


def test_inline_pictures_and_packaged_fonts_are_allowed():
    assert allowed("data:image/png;base64,AAAA")
    assert allowed("data:image/svg+xml;charset=utf-8,%3Csvg/%3E")
    assert allowed(f"{FONTS.as_uri()}/NotoSansSC_700Bold.ttf")


def test_the_font_is_packaged_and_stands_in_the_file():
    pdf = render_html("<!doctype html><title>券</title><p>创新券 龘 <b>额度 18,000.00</b>")
    assert font_css().count("@font-face") == 2
    assert (FONTS / "OFL.txt").read_text().count("SIL OPEN FONT LICENSE")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts = {str(item.get("/BaseFont", "")) for item in document.objects if isinstance(item, pikepdf.Dictionary)}
    assert any("Noto-Sans-SC" in font and "Bold" in font for font in fonts)
    assert any("Noto-Sans-SC" in font and "Bold" not in font for font in fonts)
    assert "创新券 龘" in text_of(pdf)
    assert len(pdf) < 200_000


def test_an_inline_picture_is_shown():
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(out, "PNG")
    data = base64.b64encode(out.getvalue()).decode()
    (page,) = page_images(render_html(f'<img src="data:image/png;base64,{data}">'))
    assert (255, 0, 0) in set(Image.open(io.BytesIO(page)).convert("RGB").get_flattened_data())


def three_pages() -> bytes:
    return render_html("<style>p{break-after:page}</style><p>一</p><p>二</p>三")


def test_pages_are_counted_and_drawn():
    pdf = three_pages()
    assert page_count(pdf) == 3
    images = page_images(pdf, dpi=72)
    assert len(images) == 3
    assert Image.open(io.BytesIO(images[0])).size == (596, 842)
    assert len(page_images(pdf, dpi=36, limit=2)) == 2


def encrypted() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(three_pages())) as document:
        document.save(out, encryption=pikepdf.Encryption(user="geheim", owner="geheim"))
    return out.getvalue()


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"%PDF-1.4\n<script>alert(1)</script>", b"PK\x03\x04", zlib.compress(b"x")]
)
def test_what_is_no_pdf_is_broken(data):
    with pytest.raises(PdfBroken):
        page_count(data)
    with pytest.raises(PdfBroken):
        page_images(data)


def test_a_file_with_a_password_is_broken():
    with pytest.raises(PdfBroken):
        page_count(encrypted())


def test_an_endless_page_is_drawn_small():
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(14400, 14400))
        document.save(out)
    (page,) = page_images(out.getvalue(), dpi=300)
    image = Image.open(io.BytesIO(page))
    assert image.width * image.height < 12_100_000
