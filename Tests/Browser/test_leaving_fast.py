"""Somebody must be gone at once: the link, the keys, and nothing to come back to."""

import io
import re

import pytest
from PIL import Image

from site_map import ask

WEATHER = "https://weather.gc.ca/"
START = "https://start.example/"


def wander(page):
    """A visit of some pages that began elsewhere."""
    page.goto(START)
    page.goto("/en/")
    page.fill("#q", "nowhere to sleep tonight terrace")
    page.locator("form#search button").click()
    page.wait_for_selector("#results")
    page.locator("ol.cards input[name=service]").first.check()
    page.locator("ol.cards h3 a").first.click()
    page.wait_for_selector("article")
    assert page.evaluate("sessionStorage.length") > 0


def expect_gone(page, site):
    page.wait_for_url(WEATHER)
    for step in (page.go_back, page.go_back, page.go_forward, page.go_forward):
        step()
        page.wait_for_load_state()
        assert not page.url.startswith(site), "going back shows the site"
    page.goto(site + "/robots.txt")
    assert page.evaluate("sessionStorage.length") == 0


def test_the_link_leaves_and_going_back_never_shows_the_site(visit, server):
    page = visit(may_leave=True)
    wander(page)
    page.click("#exit")
    expect_gone(page, server.url)


@pytest.mark.parametrize("key", ["Escape", "Shift"])
def test_a_key_pressed_three_times_leaves_and_going_back_never_shows_the_site(visit, server, key):
    page = visit(may_leave=True)
    wander(page)
    for _ in range(3):
        page.keyboard.press(key)
    expect_gone(page, server.url)


@pytest.mark.parametrize("keys", [["Escape", "Escape"], ["Shift", "Escape", "Shift"], ["Shift", "Shift", "a", "Shift"]],
                         ids=["twice", "mixed", "with a letter between"])
def test_other_keys_do_not_leave(visit, server, keys):
    page = visit("/en/find")
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert page.url.startswith(server.url)


def test_writing_three_capital_letters_does_not_leave(visit, server):
    page = visit("/en/find")
    page.focus("#q")
    for letter in "ABC":
        page.keyboard.press(f"Shift+{letter}")
    page.wait_for_timeout(300)
    assert page.url.startswith(server.url)


@pytest.mark.parametrize("path", ["/en/", "/fr/map", "/en/saved", "/en/privacy", "/en/nothing-here", "/fr/find?q=%ff"])
def test_the_way_out_is_on_every_page_and_works_without_script(visit, path):
    page = visit(path, script=False, may_leave=True)
    page.click("#exit")
    page.wait_for_url(WEATHER)


def test_the_way_out_clears_what_a_browser_keeps(server):
    answer = ask(server, "/exit")
    assert (answer.status, answer.headers["Location"]) == (303, WEATHER)
    assert '"storage"' in answer.headers["Clear-Site-Data"] and '"cache"' in answer.headers["Clear-Site-Data"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_is_never_kept_by_the_browser(server):
    for path in ("/en/", "/en/find?need=housing", "/fr/saved", "/en/nothing-here"):
        assert ask(server, path).headers["Cache-Control"] == "no-store"


def expect_seen(page):
    """The button's own colour fills most of where it stands; a click would hit it."""
    box = page.locator("#exit").bounding_box()
    picture = Image.open(io.BytesIO(page.screenshot(clip=box))).convert("RGB")
    wanted = tuple(int(part) for part in re.findall(r"\d+", page.evaluate(
        "getComputedStyle(document.getElementById('exit')).backgroundColor"))[:3])
    pixels = list(picture.get_flattened_data())
    share = sum(all(abs(a - b) < 12 for a, b in zip(pixel, wanted)) for pixel in pixels) / len(pixels)
    assert share > 0.5, f"only {share:.0%} of the way out can be seen"
    page.locator("#exit").click(trial=True)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", ["/en/", "/en/find?need=housing", "/en/map", "/en/privacy"])
def test_nothing_ever_covers_the_way_out(visit, path, width):
    page = visit(path, width=width, height=640)
    if path.endswith("/map"):
        page.wait_for_selector("#map.moving .dot")
    for down in range(0, 900, 150):
        page.evaluate("down => scrollTo(0, down)", down)
        expect_seen(page)
