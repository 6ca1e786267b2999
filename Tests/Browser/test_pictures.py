"""Pictures for people who judge them: set WAYMARK_SHOTS to a folder."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from site_map import hotlines, ids, send_form

FOLDER = os.environ.get("WAYMARK_SHOTS")


@pytest.mark.skipif(not FOLDER, reason="WAYMARK_SHOTS names no folder")
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["en", "fr", "ar-xb"])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_pictures_of_the_main_pages(visit, server, width, language, look):
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    service = ids(server.data, "service")
    page = visit(width=width, height=800, dark=look == "dark")

    def shoot(name, full=True):
        page.screenshot(path=f"{FOLDER}/{name}-{width}-{language}-{look}.png", full_page=full)

    for name, path in {"home": "", "find": "find", "service": f"services/{service[1]}", "about": "about",
                       "hotline": f"services/{hotlines(server)[0]}", "map": "map", "fault": "nothing-here",
                       "card": f"services/{service[1]}/card", "saved-empty": "saved"}.items():
        page.goto(f"/{language}/{path}")
        if name == "map":
            page.wait_for_timeout(700)
        shoot(name)
    send_form(page, f"/{language}/find", [("q", "nowhere to sleep tonight terrace"), ("open", "now")])
    shoot("results-narrowed")
    send_form(page, f"/{language}/find", [("q", "nowhere to sleep tonight terrace")])
    shoot("results")
    picked = [("service", id) for id in service[:3]]
    send_form(page, f"/{language}/saved", picked)
    shoot("saved")
    send_form(page, f"/{language}/saved/sheet", picked)
    page.emulate_media(media="print")
    shoot("sheet-print")


@pytest.mark.skipif(not FOLDER, reason="WAYMARK_SHOTS names no folder")
@pytest.mark.parametrize("name, path, fields", [
    ("home", "", None), ("results", "find", [("q", "nowhere to sleep tonight in Terrace")]), ("map", "map", None),
    ("map-drawn", "map", None)])
def test_pictures_for_the_readme(visit, name, path, fields):
    """A wide and a narrow window side by side, as docs/pictures keeps them."""
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    both = Image.new("RGB", (1680, 940), "#c8ccd4")
    for x, width, height in [(20, 1280, 900), (1320, 320, 640)]:
        page = visit(f"/en/{path}", width=width, height=height, script=name != "map-drawn")
        if fields:
            send_form(page, f"/en/{path}", fields)
        page.wait_for_timeout(700)
        both.paste(Image.open(io.BytesIO(page.screenshot())), (x, 20))
    both.save(f"{FOLDER}/readme-{name}.png", optimize=True)
