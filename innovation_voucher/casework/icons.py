"""Line icons of the portal as SVG path data in a 24 x 24 box, drawn by ``{% icon %}``."""

ICONS: dict[str, str] = {
    "search": '<circle cx="11" cy="11" r="7"/><path d="M16.2 16.2 21 21"/>',
    "voucher": '<path d="M3 7h18v3.2a1.9 1.9 0 0 0 0 3.6V17H3v-3.2a1.9 1.9 0 0 0 0-3.6z"/>'
    '<path d="M14.5 7v2m0 2v2m0 2v2"/>',
    "document": '<path d="M6 3h9l4 4v14H6z"/><path d="M9 12h6M9 16h6M9 8h3"/>',
    "scan": '<path d="M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4"/><path d="m8.5 12.2 2.5 2.5 4.5-5"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7"/>',
    "cross": '<path d="m6 6 12 12M18 6 6 18"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5M12 7.5v.5"/>',
    "warning": '<path d="M12 4 2.5 20h19z"/><path d="M12 10v4.5M12 17v.5"/>',
    "camera": '<path d="M3 7.5h4l2-3h6l2 3h4V19H3z"/><circle cx="12" cy="13" r="3.5"/>',
    "phone": '<rect x="7" y="2.5" width="10" height="19" rx="2"/><path d="M11 18.5h2"/>',
    "keyboard": '<rect x="2.5" y="6" width="19" height="12" rx="2"/><path d="M6 10h.5m3 0h.5m3 0h.5m3 0h.5M7 14h10"/>',
    "map": '<path d="M12 21c4-5 6.5-8.3 6.5-11.5a6.5 6.5 0 0 0-13 0C5.5 12.7 8 16 12 21z"/>'
    '<circle cx="12" cy="9.5" r="2.5"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4 21c1-4.5 4-6 8-6s7 1.5 8 6"/>',
    "building": '<path d="M5 21V4h10v17M15 9h4v12M3 21h18"/><path d="M8 8h4M8 12h4M8 16h4"/>',
    "chat": '<path d="M4 5h16v11H10l-4 4v-4H4z"/>',
    "star": '<path d="m12 3.5 2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.9-5.3 2.9 1.1-5.9-4.3-4.1 5.9-.8z"/>',
    "download": '<path d="M12 4v11m0 0-4.5-4.5M12 15l4.5-4.5M4 20h16"/>',
    "upload": '<path d="M12 15V4m0 0L7.5 8.5M12 4l4.5 4.5M4 20h16"/>',
    "print": '<path d="M7 8V3h10v5M7 17H4V8h16v9h-3"/><path d="M7 14h10v7H7z"/>',
}
