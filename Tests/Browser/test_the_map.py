"""Somebody asks where help is: a drawn map and a table that say the same, and a map that moves."""

import re

import pytest


def rows(page):
    """Place and count of each row that has a dot."""
    return [(row.locator("a").inner_text(), row.locator("td").inner_text())
            for row in page.locator("tr[data-lat]").all()]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_without_script_the_picture_has_the_places_of_the_table(visit, language):
    page = visit(f"/{language}/map", script=False)
    titles = page.locator("#map > svg circle title").all_text_contents()
    assert sorted(titles) == sorted(f"{place}: {count}" for place, count in rows(page))
    assert len(titles) > 5
    picture = page.request.get(page.locator("#map svg image").get_attribute("href"))
    assert picture.ok and picture.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_place_of_the_table_leads_to_its_listings(visit, script):
    page = visit("/en/map", script=script)
    place = page.locator("tr[data-lat] a").first.inner_text()
    page.locator("tr[data-lat] a").first.click()
    page.wait_for_selector("#results")
    assert place in page.locator("#results").inner_text()


def moving(visit, **more):
    page = visit("/en/map", **more)
    page.wait_for_selector("#map.moving .dot")
    page.wait_for_timeout(400)
    return page


def test_with_script_every_row_with_a_place_has_its_marker(visit):
    page = moving(visit)
    markers = [marker.get_attribute("title") for marker in page.locator("#map .dot").all()]
    assert sorted(markers) == sorted(f"{place}: {count}" for place, count in rows(page))


def position(page):
    """How far apart two markers lie on the screen."""
    boxes = [page.locator("#map .dot").nth(n).bounding_box() for n in (0, 1)]
    return abs(boxes[0]["x"] - boxes[1]["x"]) + abs(boxes[0]["y"] - boxes[1]["y"])


def test_the_map_zooms_by_button(visit):
    page = moving(visit)
    before = position(page)
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(600)
    assert position(page) > before * 1.5


def test_the_map_zooms_and_moves_by_keyboard(visit):
    page = moving(visit)
    before = position(page)
    page.locator("#map").focus()
    page.keyboard.press("+")
    page.wait_for_timeout(600)
    assert position(page) > before * 1.5
    place = page.locator("#map .dot").first.bounding_box()["x"]
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)
    assert page.locator("#map .dot").first.bounding_box()["x"] < place


def test_a_marker_opens_its_place_by_keyboard(visit):
    page = moving(visit)
    marker = page.locator("#map .dot").first
    place = marker.get_attribute("title").rsplit(":", 1)[0]
    marker.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#results")
    assert place in page.locator("#results").inner_text()


def test_the_moving_map_still_has_a_name(visit):
    page = moving(visit)
    assert re.search("British Columbia", page.locator("#map").get_attribute("aria-label"))
