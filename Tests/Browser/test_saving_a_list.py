"""Somebody keeps a few places: the list, the sheet to print, the pocket card."""

import io

import pytest
import zxingcpp
from PIL import Image

from site_map import ids, send_form


def save_two(page):
    page.goto("/en/find?need=housing")
    boxes = page.locator("ol.cards input[name=service]")
    boxes.nth(0).check()
    boxes.nth(2).check()
    names = page.locator("ol.cards h3").all_inner_texts()
    page.locator("form[data-saves] button").last.click()
    page.wait_for_selector("h1[data-listed]")
    return [names[0], names[2]]


def listed(page):
    return page.locator(".cards h2").all_inner_texts()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_what_was_ticked_is_on_the_list_and_can_be_removed(visit, script):
    page = visit(script=script)
    names = save_two(page)
    assert sorted(listed(page)) == sorted(names)
    page.get_by_role("button", name=f"Remove {names[0]}").click()
    page.wait_for_function("() => document.querySelectorAll('.cards h2').length === 1")
    assert listed(page) == names[1:]
    page.get_by_role("button", name=f"Remove {names[1]}").click()
    page.wait_for_function("() => !document.querySelector('[data-listed]')")
    assert "empty" in page.locator("main").inner_text()


def test_with_script_the_list_lives_in_the_tab_and_is_counted(visit):
    page = visit()
    names = save_two(page)
    page.goto("/en/find?need=food")
    assert page.locator("nav a[href='/en/saved']").get_attribute("data-count") == "2"
    page.locator("ol.cards input[name=service]").first.check()
    assert page.locator("nav a[href='/en/saved']").get_attribute("data-count") == "3"
    page.locator("nav a[href='/en/saved']").click()
    page.wait_for_selector("h1[data-listed]")
    assert len(listed(page)) == 3 and set(names) <= set(listed(page))
    assert page.evaluate("localStorage.length") == 0


def test_a_service_page_adds_to_the_list(visit, server):
    for script in (True, False):
        page = visit(f"/en/services/{ids(server.data, 'service')[0]}", script=script)
        name = page.locator("h1").inner_text()
        page.locator("form[data-saves] button").click()
        page.wait_for_selector("h1[data-listed]")
        assert listed(page) == [name]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_sheet_has_the_places_and_prints_without_the_frame(visit, script):
    page = visit(script=script)
    names = save_two(page)
    page.get_by_role("button", name="Make a sheet to print").click()
    page.wait_for_selector("ul.sheet")
    assert set(names) <= set(page.locator(".sheet h2").all_inner_texts())
    assert page.locator("[data-print]").is_visible() == script
    page.emulate_media(media="print")
    for selector in ("header", "footer", ".tools", "#exit"):
        assert all(not part.is_visible() for part in page.locator(selector).all()), selector
    assert page.locator(".sheet h2").first.is_visible()


def test_the_print_button_prints(visit, server):
    page = visit()
    send_form(page, "/en/saved/sheet", [("service", ids(server.data, "service")[0])])
    page.evaluate("window.print = () => { window.printed = true; }")
    page.locator("[data-print]").click()
    assert page.evaluate("window.printed")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_pocket_card_has_a_code_that_a_phone_reads(visit, script):
    page = visit(script=script)
    save_two(page)
    page.get_by_role("button", name="Make pocket cards").click()
    page.wait_for_selector("ul.pocket")
    for card in page.locator(".pocket li").all():
        number = "".join(filter(str.isdigit, card.locator(".number").inner_text()))
        picture = Image.open(io.BytesIO(card.locator("svg").screenshot()))
        code = zxingcpp.read_barcode(picture.resize((picture.width * 3, picture.height * 3)))
        assert code and code.text == f"tel:{number}"
    assert page.locator(".pocket li").count() >= 1


def test_the_pocket_card_does_not_say_what_it_is_for(visit, server):
    for service in ids(server.data, "service")[:3]:
        page = visit(f"/en/services/{service}/card", script=False)
        page.emulate_media(media="print")
        text = page.locator("body").inner_text()
        shown = [line for line in text.split("\n") if line.strip()]
        assert shown[0] == "Pocket card" and all(not line.strip(" +-()0123456789") for line in shown[1:]), shown
