"""What every screen is drawn with: tokens, components, icons, the mark, vendored files.

Whatever came from elsewhere is listed in `VENDORED.toml` with its version, licence and checksum.
"""

import re
from pathlib import Path

DESIGN = Path(__file__).parent
THEMES = ("adult", "children", "music")
"""The dresses a branch may choose from: `[station] theme`."""
SCHEMES = ("light", "dark", "contrast", "contrast-dark")
"""How light or strong the colours of a theme are: the choice of whoever looks."""
_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def icon_sprite(folder: Path = DESIGN / "icons") -> str:
    """Join the icons into one hidden SVG; a page draws one with `<use href="#icon-check">`."""
    symbols = "".join(_symbol(path) for path in sorted(folder.glob("*.svg")))
    return f'<svg xmlns="http://www.w3.org/2000/svg" class="sprite" aria-hidden="true">{symbols}</svg>'


def _symbol(path: Path) -> str:
    drawing = _DRAWING.search(path.read_text(encoding="utf-8"))
    if drawing is None:
        raise ValueError(f"{path} is not an SVG icon: copy it again from the package named in VENDORED.toml")
    return f'<symbol id="icon-{path.stem}" viewBox="0 0 24 24">{" ".join(drawing[1].split())}</symbol>'
