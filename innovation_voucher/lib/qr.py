"""QR codes: drawn as inline SVG or PNG, and read from a photo."""

import io

# 45-module square, fits 84 bytes: the address of a voucher. Longer text gets a larger code.
_VERSION = 5
_BORDER = 4
_MAX_PIXELS = 40_000_000
_READABLE = ("JPEG", "PNG", "WEBP", "BMP", "GIF")


def svg(text: str) -> str:
    """An inline `<svg>` of the code, sized by CSS; black on white, also in dark surroundings.

    The caller gives it a name (`aria-label` on the element around it).
    """
    size, modules = _modules(text)
    # One path of one-module squares: sharp at every size, no inline style, no id to repeat.
    squares = "".join(f"M{x} {y}h1v1h-1z" for x, y in modules)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        'shape-rendering="crispEdges" focusable="false">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{squares}" fill="#000"/></svg>'
    )


def png(text: str, *, box: int = 8) -> bytes:
    """A black and white PNG of the code, `box` pixels a module."""
    from PIL import Image  # noqa: PLC0415  lazy: slow import

    size, modules = _modules(text)
    image = Image.new("1", (size, size), 1)
    for at in modules:
        image.putpixel(at, 0)
    out = io.BytesIO()
    image.resize((size * box, size * box), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def decode(image: bytes) -> str | None:
    """The text of the QR code in a photo; None when there is none or the file is no photo.

    Photos above 40 million pixels are not opened.
    """
    import zxingcpp  # noqa: PLC0415  lazy: slow import
    from PIL import Image, ImageOps  # noqa: PLC0415  lazy: slow import

    try:
        with Image.open(io.BytesIO(image), formats=_READABLE) as photo:
            if photo.width * photo.height > _MAX_PIXELS:
                return None
            upright = ImageOps.exif_transpose(photo).convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        return None
    found = zxingcpp.read_barcode(upright, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
    return found.text if found else None


def _modules(text: str) -> tuple[int, list[tuple[int, int]]]:
    """The width in modules with the quiet zone, and the places (x, y) of the dark ones."""
    import qrcode  # noqa: PLC0415  lazy: slow import

    code = qrcode.QRCode(version=_VERSION, error_correction=qrcode.ERROR_CORRECT_M, border=_BORDER)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    dark = [(x, y) for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark]
    return len(matrix), dark
