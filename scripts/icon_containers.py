"""Packs rendered PNGs into icon.ico (Windows) and icon.icns (macOS).

Both formats hold whole PNG files behind a small directory, so no image library is needed and the pixels stay
exactly as rendered. Usage: icon_containers.py FOLDER_OF_SIZE.png OUTPUT_FOLDER
"""

import struct
import sys
from pathlib import Path

ICO_SIZES = [16, 24, 32, 48, 64, 256]
# Apple's type code for "PNG of this many pixels"; the @2x codes repeat the pixels of the next size.
ICNS_TYPES = [
    (b"icp4", 16), (b"icp5", 32), (b"ic11", 32), (b"icp6", 64), (b"ic12", 64), (b"ic07", 128),
    (b"ic13", 256), (b"ic08", 256), (b"ic14", 512), (b"ic09", 512), (b"ic10", 1024),
]


def ico(png_of):
    """The .ico file: header, one 16-byte entry per size, then the PNGs. 256 px is written as 0."""
    offset = 6 + 16 * len(ICO_SIZES)
    entries, bodies = b"", b""
    for size in ICO_SIZES:
        png = png_of(size)
        edge = size % 256
        entries += struct.pack("<BBBBHHII", edge, edge, 0, 0, 1, 32, len(png), offset + len(bodies))
        bodies += png
    return struct.pack("<HHH", 0, 1, len(ICO_SIZES)) + entries + bodies


def icns(png_of):
    """The .icns file: a magic word and the whole length, then one (type, length, PNG) element per size."""
    body = b"".join(kind + struct.pack(">I", 8 + len(png_of(size))) + png_of(size) for kind, size in ICNS_TYPES)
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def main():
    rendered, output = Path(sys.argv[1]), Path(sys.argv[2])
    png_of = lambda size: (rendered / f"{size}.png").read_bytes()
    (output / "icon.ico").write_bytes(ico(png_of))
    (output / "icon.icns").write_bytes(icns(png_of))


if __name__ == "__main__":
    main()
