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


def boxes(page):
    return {marker.get_attribute("title").rsplit(":", 1)[0]: marker.bounding_box()
            for marker in page.locator("#map .dot").all()}


@pytest.mark.parametrize("width", [320, 1280])
def test_on_the_moving_map_every_dot_can_be_pressed_at_first_sight(visit, width):
    page = moving(visit, width=width)
    found = list(boxes(page).items())
    frame = page.locator("#map").bounding_box()
    for n, (name, box) in enumerate(found):
        assert min(box["width"], box["height"]) >= 24, name
        assert frame["x"] <= box["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"], name
        for other, second in found[n + 1:]:
            apart = ((box["x"] - second["x"]) ** 2 + (box["y"] - second["y"]) ** 2) ** 0.5
            assert apart >= 24, (name, other)


def test_on_the_drawn_map_no_dot_covers_another(visit):
    page = visit("/en/map", script=False)
    dots = [[float(dot.get_attribute(name)) for name in ("cx", "cy", "r")]
            for dot in page.locator("#map > svg circle").all()]
    for n, (x, y, radius) in enumerate(dots):
        for other in dots[n + 1:]:
            assert ((x - other[0]) ** 2 + (y - other[1]) ** 2) ** 0.5 > radius + other[2] - 1.5


def position(page):
    """How far apart two towns lie on the screen."""
    found = boxes(page)
    return abs(found["Victoria"]["y"] - found["Prince George"]["y"])


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
