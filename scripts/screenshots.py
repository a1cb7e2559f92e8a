"""Rewrites the pictures in docs/img from the real app on the demo: `make screenshots`.

A warehouse of one's own can stand in for the demo: `python -m scripts.screenshots --warehouse DIR`.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

from scripts.running import AT_REST, START_S, running_app
from scripts.shots import SHOTS, Shot

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "img"
SETTLE_MS = 2500
"""Time for charts to have drawn themselves, after everything else is there."""
UNFOLD_MS = 1000
MARGIN = 24
"""Above a section, in pixels."""
GUIDE = ROOT / "docs" / "for-operators.md"
LOG = re.compile(r"<!-- file: gateway\.jsonl -->\n```json\n(.*?)```", re.DOTALL)
COMMAND = "import sys; from app.cli import main; sys.argv = ['tollbook', '--warehouse', *sys.argv[1:]]; main()"


def take(browser: Browser, address: str, shot: Shot) -> None:
    """Take one picture: of the whole page, its top or one section."""
    is_phone = shot.width < 600
    context = browser.new_context(
        viewport={"width": shot.width, "height": 900},
        color_scheme="dark" if shot.scheme == "dark" else "light",
        device_scale_factor=2 if is_phone else 1,
        is_mobile=is_phone,
        has_touch=is_phone,
    )
    page = context.new_page()
    page.goto(address + shot.path)
    if shot.press:
        page.get_by_role("button", name=shot.press).first.click(timeout=START_S * 1000)
    page.get_by_text(shot.wait_for).first.wait_for(timeout=START_S * 1000)
    if shot.is_drawn:
        page.locator(".js-plotly-plot .main-svg, [data-testid=stDataFrame]").first.wait_for(timeout=START_S * 1000)
    page.wait_for_function(AT_REST, timeout=START_S * 1000)
    # What unfolds has its height only when it has done so.
    page.wait_for_timeout(UNFOLD_MS)
    # As high as its content: the page scrolls inside itself, so that a picture of it all needs a window of that height.
    whole = page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
    height = int(whole) if shot.section or not shot.height else shot.height
    page.set_viewport_size({"width": shot.width, "height": height})
    page.mouse.move(0, 0)
    page.wait_for_timeout(SETTLE_MS)
    save(page.screenshot(clip=part_of(page, shot)), IMAGES / f"{shot.name}.png")
    context.close()
    print(f"docs/img/{shot.name}.png")


def part_of(page: Page, shot: Shot) -> FloatRect | None:
    """The part of the page that is a section from its heading on; None: all of it."""
    if not shot.section or not shot.height:
        return None
    box = page.get_by_role("heading", name=shot.section).bounding_box()
    assert box
    return {"x": 0, "y": box["y"] - MARGIN, "width": shot.width, "height": shot.height}


def save(content: bytes, path: Path) -> None:
    """Write a picture with 256 colours, rare ones among them: a third of the bytes."""
    with Image.open(BytesIO(content)) as picture:
        few = picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(path, optimize=True)


def made(folder: Path, of: str, demo: Path) -> Path:
    """A warehouse for pictures: with nothing in it, the demo, or the demo with what the operators' guide loads."""
    if of == "demo":
        return demo
    warehouse = folder / of
    if of == "unpriced":
        log = folder / "gateway.jsonl"
        log.write_text(LOG.findall(GUIDE.read_text(encoding="utf-8"))[0], encoding="utf-8")
        shutil.copytree(demo, warehouse)
        tollbook(warehouse, "ingest", str(log))
    return warehouse


def tollbook(warehouse: Path, *words: str) -> None:
    """Run a command on a warehouse."""
    command = [sys.executable, "-c", COMMAND, str(warehouse), *words]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(description="Rewrite the pictures in docs/img from the real app.")
    parser.add_argument("--warehouse", type=Path, help="show this warehouse instead of the demo")
    parser.add_argument("names", nargs="*", metavar="NAME", help="take these alone [default: all]")
    arguments = parser.parse_args()
    shots = [shot for shot in SHOTS if shot.name in (arguments.names or [shot.name])]
    chromium = subprocess.run(["sh", ROOT / "scripts" / "chromium"], capture_output=True, text=True)
    if chromium.returncode:
        sys.exit(chromium.stderr.strip())
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.stdout.strip(), args=["--no-sandbox"])
        demo = arguments.warehouse or Path(scratch) / "demo"
        if not arguments.warehouse:
            tollbook(demo, "demo")
        for of in dict.fromkeys(shot.of for shot in shots):
            with running_app(made(Path(scratch), of, demo)) as address:
                for shot in (shot for shot in shots if shot.of == of):
                    take(browser, address, shot)
        browser.close()


if __name__ == "__main__":
    main()
