"""Small pictures of every screen, to see when one changes that nobody meant to change.

    python -m tests.web_ui.golden_screens        draw them anew, after looking at what is different

Kept a sixth of their size: the blur swallows what another version of the browser smooths otherwise, and still shows
a button that moved. The pictures come from the living page of the design.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser

from tests.browsers import chromium_running
from tests.web_ui.gallery import SHAPES
from tests.web_ui.serving import Desk, served
from web_ui.design.samples import screens

GOLDEN = Path(__file__).parents[1] / "golden" / "screens"
SMALLER = 6
BLOCK = 10
PATIENCE = 120_000
"""Milliseconds one picture may take where many browsers run."""
MOST = 20
"""How far the mean of a block of small pixels may be off, of 255, before a screen counts as another."""
SHOW = """async path => {
  const page = new DOMParser().parseFromString(await (await fetch(path)).text(), 'text/html');
  document.getElementById('screen').replaceWith(document.adoptNode(page.getElementById('screen')));
  document.documentElement.lang = theScreen().lang;
  dressed();
}"""
"""Puts another screen into a page that stands already: a page of its own for each takes twice as long."""
USUAL = "theme=adult&scheme=light&lang=uk"
OTHER_LOOKS = {
    "children": "theme=children&scheme=light&lang=uk",
    "music-dark": "theme=music&scheme=dark&lang=uk",
    "contrast": "theme=adult&scheme=contrast&lang=uk",
    "large": "theme=adult&scheme=light&lang=uk&text=200",
    "low": "theme=adult&scheme=light&lang=uk&reach=yes",
    "english": "theme=adult&scheme=light&lang=en",
}
IN_EVERY_LOOK = ("welcome", "session", "session-account", "pin", "returns", "done", "notice-refused")


def wanted() -> Iterator[tuple[str, str]]:
    """Name of every picture, and what to ask the living page for."""
    for name, _ in screens():
        yield name, f"/design/screen/{name}?{USUAL}"
    for look, query in OTHER_LOOKS.items():
        for name in IN_EVERY_LOOK:
            yield f"{name}.{look}", f"/design/screen/{name}?{query}"


def pictures(browser: Browser) -> Iterator[tuple[str, Image.Image]]:
    with served(Desk().app()) as address:
        for shape, (width, height) in SHAPES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
            page.set_default_timeout(PATIENCE)
            for name, path in wanted():
                if page.url == "about:blank":
                    page.goto(address + path)
                else:
                    page.evaluate(SHOW, path)
                page.evaluate("document.fonts.ready")
                drawn = Image.open(BytesIO(page.screenshot())).convert("RGB")
                yield f"{name}.{shape}", drawn.resize((width // SMALLER, height // SMALLER), Image.Resampling.BOX)
            page.close()


def differs(drawn: Image.Image, golden: Image.Image) -> bool:
    """Say whether somewhere a whole block looks otherwise."""
    if drawn.size != golden.size:
        return True
    blocks = (drawn.width // BLOCK, drawn.height // BLOCK)
    apart = ImageChops.difference(
        drawn.resize(blocks, Image.Resampling.BOX), golden.convert("RGB").resize(blocks, Image.Resampling.BOX)
    )
    return any(high > MOST for _, high in apart.getextrema())


def side_by_side(drawn: Image.Image, golden: Image.Image) -> Image.Image:
    """What was, what is, and what is different, strongly: for whoever looks why a test complains."""
    golden = golden.convert("RGB")
    apart = ImageChops.difference(drawn, golden.resize(drawn.size)).point(lambda value: min(255, 4 * value))
    sheet = Image.new("RGB", (3 * drawn.width + 20, max(drawn.height, golden.height)), "#808080")
    for at, picture in enumerate((golden, drawn, apart)):
        sheet.paste(picture, (at * (drawn.width + 10), 0))
    return sheet


def main() -> None:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    kept = set()
    with chromium_running() as browser:
        for name, picture in pictures(browser):
            picture.quantize(255, method=Image.Quantize.FASTOCTREE).save(GOLDEN / f"{name}.png", optimize=True)
            kept.add(f"{name}.png")
    for old in GOLDEN.glob("*.png"):
        if old.name not in kept:
            old.unlink()


if __name__ == "__main__":
    main()
