"""A list kept on a phone: only on request, read without network, and gone with one tap."""

from datetime import datetime, timedelta, timezone

import pytest

from site_map import ask

KEPT = """async () => ({
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"caches": [], "workers": 0}


def keep(page, region="cariboo", language="en"):
    page.goto(f"/{language}/lists")
    page.click(f"[data-keep='/{language}/lists/{region}']")
    page.locator("[data-wipe]").wait_for(state="visible")


def test_nothing_is_kept_until_somebody_asks(visit):
    page = visit("/en/")
    for path in ["/en/lists", "/en/lists/cariboo", "/en/find", "/en/data"]:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate(KEPT) == NOTHING, path
        assert not page.locator("[data-wipe]").is_visible() if page.locator("[data-wipe]").count() else True


@pytest.mark.parametrize("language, word", [("en", "housing"), ("fr", "logement")])
def test_a_kept_list_is_searched_without_network_and_says_its_age(visit, language, word):
    page = visit(width=320, height=640)
    keep(page, "metro-vancouver", language)
    assert page.evaluate(KEPT) == {"caches": ["kept"], "workers": 1}
    page.context.set_offline(True)
    page.clock.set_fixed_time(datetime.now(timezone.utc).replace(hour=12) + timedelta(days=4))
    page.goto(f"/{language}/map")
    page.wait_for_url(f"**/{language}/lists/metro-vancouver")
    everything = page.locator("[data-item]:visible").count()
    page.fill("#filter", word)
    assert 0 < page.locator("[data-item]:visible").count() < everything
    assert "4" in page.locator("#age").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.click("[data-wipe]")
    page.wait_for_function("async () => (await caches.keys()).length === 0")
    assert page.evaluate(KEPT) == NOTHING


def test_one_tap_deletes_it_and_the_browser_is_asked_to_forget(visit, server):
    page = visit()
    keep(page)
    page.click("[data-wipe]")
    page.wait_for_url("**/en/forget")
    assert page.evaluate(KEPT) == NOTHING
    reply = ask(server, "/en/forget")
    assert '"storage"' in reply.headers["Clear-Site-Data"] and reply.headers["Cache-Control"] == "no-store"


def test_leaving_deletes_it_too(visit):
    page = visit(may_leave=True)
    keep(page)
    page.click("#exit")
    page.wait_for_url("**weather.gc.ca/**")
    page.goto("/en/accessibility")
    assert page.evaluate(KEPT) == NOTHING


def test_without_script_there_is_a_list_to_print_and_a_file_to_save(visit, server):
    page = visit("/en/lists", script=False)
    assert not page.locator("[data-keep]").first.is_visible()
    assert page.locator("#keep-without").is_visible()
    page.click("[aria-label='Look at it and print it: Cariboo']")
    assert page.locator("[data-item]").count() > 5
    saved = ask(server, "/en/stick/cariboo.html")
    assert saved.headers["Content-Disposition"] == 'attachment; filename="cariboo.html"'
    assert "/assets/" not in saved.text


def test_the_home_screen_shows_a_plain_name_and_a_plain_picture(visit, server):
    page = visit("/en/lists")
    manifest = page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then((a) => a.json())")
    assert manifest["name"] == manifest["short_name"] == "Waymark" and manifest["start_url"] == "/en/lists"
    for icon in manifest["icons"]:
        assert page.evaluate("(path) => fetch(path).then((a) => a.headers.get('content-type'))", icon["src"]) == "image/png"
    assert "rel=\"manifest\"" not in ask(server, "/en/").text
