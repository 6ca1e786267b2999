"""Somebody without a mouse, with a small phone, with large text, or reading right to left."""

import pytest

from site_map import fault_paths, form_pages, get_paths, send_form

FOCUSED = """() => {
    const at = document.activeElement;
    const style = getComputedStyle(at), box = at.getBoundingClientRect();
    return {what: at.className === "skip" ? "skip" : at.id || (at.closest("ol.cards") ? "result" : at.tagName),
        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        seen: box.width > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight};
}"""


def walk(page, steps):
    places = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        places.append(page.evaluate(FOCUSED))
    return places


@pytest.mark.parametrize("width", [1280, 320])
def test_the_tab_key_goes_from_skip_link_to_exit_to_search_to_results_and_is_always_seen(visit, width):
    page = visit("/en/find?q=nowhere+to+sleep&near=Terrace", width=width)
    places = walk(page, 40)
    order = [place["what"] for place in places]
    assert order[0] == "skip"
    assert order.index("exit") < order.index("q") < order.index("near") < order.index("result")
    assert all(place["ring"] for place in places), [place for place in places if not place["ring"]]
    assert all(place["seen"] for place in places), [place for place in places if not place["seen"]]


def test_the_skip_link_leads_to_the_main_part(visit):
    page = visit("/en/find?need=housing")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_search_and_a_call_need_only_the_keyboard(visit):
    page = visit("/en/")
    page.focus("#q")
    page.keyboard.type("nowhere to sleep tonight terrace")
    page.keyboard.press("Enter")
    page.wait_for_selector("#results")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('.cards a[href^=\"tel:\"]')"):
            return
    raise AssertionError("no number to call was reached")


def expect_no_sideways_scroll(page, path):
    wide = page.evaluate("""() => [...document.querySelectorAll("body *")]
        .filter(part => !part.closest("#map svg, .leaflet-pane, .scroll") && !part.classList.contains("skip")
            && part.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .slice(0, 3).map(part => part.outerHTML.slice(0, 120))""")
    room = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= room, (path, wide)
    assert not wide, (path, wide)


@pytest.mark.parametrize("language", ["en", "fr", "ar-xb"])
@pytest.mark.parametrize("scale", [1, 2], ids=["320 px", "zoom 200 %"])
def test_no_page_scrolls_sideways(visit, server, language, scale):
    page = visit(width=320, height=640, device_scale_factor=scale)
    for path in get_paths(server, language) + fault_paths(language):
        page.goto(path)
        if path.endswith("/map"):
            page.wait_for_selector("#map.moving .dot")
        if "find?" in path and page.locator("details").count():
            page.evaluate("document.querySelector('details').open = true")
        expect_no_sideways_scroll(page, path)
    for path, fields in form_pages(server, language):
        send_form(page, path, fields)
        expect_no_sideways_scroll(page, path)


def test_text_at_twice_the_size_does_not_scroll_sideways(visit, server):
    page = visit(width=640, height=900)
    for path in get_paths(server):
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        expect_no_sideways_scroll(page, path)


def test_targets_for_a_thumb_are_large_enough(visit, server):
    page = visit("/en/find?need=housing", width=320)
    small = page.evaluate("""() => [...document.querySelectorAll("button, input, select, summary, .tiles a, nav a, #exit, .call a")]
        .map(part => [part.outerHTML.slice(0, 80), part.labels?.[0]?.getBoundingClientRect() ?? part.getBoundingClientRect()])
        .filter(([, box]) => box.width && box.height < 24).map(([name, box]) => name + " " + box.height)""")
    assert not small


@pytest.mark.parametrize("width", [1280, 320])
def test_right_to_left_mirrors_the_page(visit, width):
    page = visit("/ar-xb/", width=width)
    assert page.locator("html").get_attribute("dir") == "rtl"
    exit_link, brand = page.locator("#exit").bounding_box(), page.locator(".brand").bounding_box()
    assert exit_link["x"] + exit_link["width"] / 2 <= width / 2
    assert brand["x"] + brand["width"] / 2 > width / 2
    english = visit("/en/", width=width).locator("#exit").bounding_box()
    assert english["x"] + english["width"] / 2 >= width / 2
    assert abs((width - english["x"] - english["width"]) - exit_link["x"]) < 20
