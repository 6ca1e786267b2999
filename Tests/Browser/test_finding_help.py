"""Somebody looks for help: in plain words, with and without script."""

import html

import pytest

from site_map import ask


def search(page, words):
    page.fill("#q", words)
    page.locator("form#search button").click()
    page.wait_for_selector("#results")
    return page.locator("ol.cards h3").all_inner_texts()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("language, words", [
    ("en", "nowhere to sleep tonight terrace"), ("fr", "nulle part où dormir ce soir terrace")])
def test_plain_words_find_a_place_near_and_a_line_to_call(visit, script, language, words):
    page = visit(f"/{language}/", script=script)
    names = search(page, words)
    assert names
    assert "Terrace" in page.locator("#results").inner_text()
    assert page.locator("#results ~ form .cards a[href^='tel:']").count(), "a number to call is among the answers"
    assert "terrace" not in page.url.lower(), "the words stay out of the address"


@pytest.mark.parametrize("wrong, right", [("shelterr", "shelter"), ("counseling", "counselling"), ("hosing", "housing")])
def test_a_misspelling_finds_what_was_meant(visit, wrong, right):
    meant = search(visit("/en/"), right)
    assert set(search(visit("/en/"), wrong)) & set(meant)


def test_a_misspelled_word_beside_a_misspelled_place_finds_something(visit):
    assert search(visit("/en/"), "shelterr terace")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_need_is_one_link_away_and_every_listing_opens(visit, script):
    page = visit("/en/", script=script)
    page.locator(".tiles a").first.click()
    page.wait_for_selector("#results")
    name = page.locator("ol.cards h3 a").first.inner_text()
    page.locator("ol.cards h3 a").first.click()
    page.wait_for_selector("article")
    assert page.locator("h1").inner_text() == name


def test_an_unknown_place_is_named_and_help_is_still_shown(visit):
    page = visit("/en/")
    page.fill("#near", "Nowhereville")
    page.locator("#near ~ button").click()
    page.wait_for_selector("#results")
    assert "Nowhereville" in page.locator(".note").first.inner_text()
    assert page.locator("ol.cards h3").count() and page.locator("header a[href^='tel:']").count()


def test_a_choice_refills_the_list_in_place_without_a_new_history_entry(visit):
    page = visit("/en/")
    search(page, "help")
    before, entries = page.locator("#results").inner_text(), page.evaluate("history.length")
    page.locator("details summary").click()
    page.evaluate("window.here = true")
    page.select_option("#need", "legal")
    page.wait_for_function("before => document.querySelector('#results').innerText !== before", arg=before)
    assert page.evaluate("window.here"), "the page itself was kept"
    assert page.evaluate("history.length") == entries
    assert page.locator("#need").input_value() == "legal"
    assert page.locator("details").get_attribute("open") is not None
    assert page.locator("#q").input_value() == "help"


def test_the_choice_keeps_the_focus(visit):
    page = visit("/en/find?need=housing")
    before = page.locator("#results").inner_text()
    page.focus("#for")
    page.select_option("#for", index=2)
    page.wait_for_function("before => document.querySelector('#results').innerText !== before", arg=before)
    assert page.evaluate("document.activeElement.id") == "for"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_next_page_shows_other_listings(visit, script):
    page = visit("/en/find?need=counselling", script=script)
    first = page.locator("ol.cards h3").all_inner_texts()
    page.locator(".pages button").last.click()
    page.wait_for_function("name => document.querySelector('ol.cards h3').innerText !== name", arg=first[0])
    assert not set(first) & set(page.locator("ol.cards h3").all_inner_texts())


def test_the_way_back_from_a_listing_shows_the_results_again(visit):
    page = visit("/en/")
    names = search(page, "nowhere to sleep tonight terrace")
    page.locator("ol.cards h3 a").first.click()
    page.wait_for_selector("article")
    page.locator("#back").click()
    page.wait_for_selector("#results")
    assert page.locator("ol.cards h3").all_inner_texts() == names


def test_a_link_and_a_form_find_the_same(server, visit):
    page = visit("/en/find?q=shelter&near=Victoria", script=False)
    listed = page.locator("ol.cards h3").all_inner_texts()
    sent = html.unescape(ask(server, "/en/find", [("q", "shelter"), ("near", "Victoria")]).text)
    assert listed and all(name in sent for name in listed)
