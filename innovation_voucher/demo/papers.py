"""Small real files for the demo world: every PDF opens, every picture shows."""

from functools import cache
from io import BytesIO

from django.utils.html import escape
from PIL import Image, ImageDraw, ImageFont

from innovation_voucher.lib.pdf import FONTS, font_css, render_html

PAGE = """<html lang="zh-Hans"><head><style>{css}
body{{font-size:12pt;line-height:1.9}} h1{{font-size:18pt;text-align:center}} .note{{margin-top:40mm}}
</style></head><body><h1>{title}</h1>{body}<p class="note">（演示材料，内容均为虚构）</p></body></html>"""


@cache
def pdf(title: str, *lines: str) -> bytes:
    """A one-page PDF with a heading and lines."""
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return render_html(PAGE.format(css=font_css(), title=escape(title), body=body))


@cache
def picture(title: str, *lines: str) -> bytes:
    """A small JPEG that looks like a photographed paper."""
    image = Image.new("RGB", (900, 640), "#f7f4ec")
    draw = ImageDraw.Draw(image)
    draw.rectangle((30, 30, 870, 610), outline="#9a3b2f", width=4)
    draw.text((450, 80), title, fill="#222", font=_font(40), anchor="mm")
    for index, line in enumerate(lines):
        draw.text((80, 160 + 60 * index), line, fill="#333", font=_font(28))
    draw.ellipse((660, 430, 820, 590), outline="#c0392b", width=6)
    draw.text((740, 510), "演示章", fill="#c0392b", font=_font(30), anchor="mm")
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "NotoSansSC_400Regular.ttf"), size)
