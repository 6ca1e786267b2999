"""A person writes down what they need, asks a place for help, and the desk there answers: without script on a small phone."""

import base64
from pathlib import Path

import pytest

from test_every_page_for_everyone import findings
from test_keyboard_and_small_screens import expect_no_sideways_scroll
from test_the_desk import invite, join, press, staff


def go(page, label):
    press(page, page.locator("main button:visible").filter(has_text=label).first)


@pytest.fixture
def desk(staff, server):
    page = staff()
    join(page, invite(server, "--role", "provider"), "reader of cards")
    page.goto("/en/desk")
    page.name = page.locator("h1").inner_text().removeprefix("Desk of ")
    return page


def test_what_a_person_wrote_reaches_the_desk_they_asked_and_the_answer_comes_back(desk, visit):
    page = visit(script=False, width=320, height=640)
    page.goto("/en/notes")
    page.get_by_role("link", name="Begin").click()
    page.get_by_label("A safe place to sleep").check()
    page.get_by_label("Which number or address should they use?").fill("Ask for me at the counter, Tuesday noon")
    go(page, "Keep it and show my words")
    words = [item.inner_text() for item in page.locator("main ol li").all()]
    assert len(words) == 12
    go(page, "Go to my notes")
    go(page, "Ask a place for help")
    page.get_by_label("Name of the service").fill(desk.name)
    go(page, "Look")
    page.locator("main input[type=radio]").first.check()
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.locator("main textarea").last.fill("Please write here first.")
    go(page, "Look at it once more")
    assert "may have written it down" in page.locator("main").inner_text()
    go(page, "Yes, ask them")
    assert desk.name in page.locator("main").inner_text()

    desk.goto("/en/desk/referrals")
    assert not findings(desk, "list")
    go(desk, "Open the card")
    card = desk.locator("main").inner_text()
    assert "A safe place to sleep" in card and "Tuesday noon" in card and "Please write here first." in card
    assert not findings(desk, "card")
    assert desk.get_by_role("link", name="Your account").count() == 1
    go(desk, "Accept")
    desk.set_viewport_size({"width": 320, "height": 640})
    expect_no_sideways_scroll(desk, "list")

    go(page, "Close my notes")
    page.goto("/en/notes")
    page.get_by_label("Your twelve words, or the 40 digits").fill(" ".join(word[:4] for word in words))
    go(page, "Open")
    mine = page.locator("main").inner_text()
    assert "provider" in mine.split("Who read what")[1]
    for button in page.locator("main button:visible").filter(has_text="Stop it").all()[:1]:
        press(page, button)
    desk.goto("/en/desk/referrals")
    assert desk.get_by_role("button", name="Open the card").count() == 0
    press(desk, desk.get_by_role("button", name="Sign out"))
    assert desk.url.endswith("/en/sign-in")


@pytest.mark.parametrize("typed", ["", "half a sentence"])
def test_a_screen_that_was_left_shows_no_notes_after_twenty_minutes_and_loses_nothing_typed(visit, typed):
    page = visit()
    page.clock.install()
    page.goto("/en/notes/new")
    page.locator("textarea").last.fill("A fictional sentence.")
    go(page, "Keep it and show my words")
    go(page, "Go to my notes")
    assert "A fictional sentence." in page.locator("main").inner_text()
    if typed:
        go(page, "Ask a place for help")
        page.locator("main textarea, main input:not([type=hidden])").first.fill(typed)
    page.clock.fast_forward("19:00")
    page.wait_for_timeout(200)
    assert not page.url.endswith("/en/notes")
    page.clock.fast_forward("02:00")
    if typed:
        page.wait_for_timeout(500)
        assert page.locator("main textarea, main input:not([type=hidden])").first.input_value() == typed
    else:
        page.wait_for_url("**/en/notes")
        assert "A fictional sentence." not in page.content()


def test_wrong_words_open_nothing_and_say_so(visit):
    page = visit(script=False, width=320, height=640)
    page.goto("/en/notes")
    page.get_by_label("Your twelve words, or the 40 digits").fill("5" + "0" * 39)
    go(page, "Open")
    assert "Nothing opens with this" in page.locator("[role=alert]").inner_text()


@pytest.mark.parametrize("look", [{}, {"script": False, "width": 320, "height": 640}], ids=["script", "no script, 320 px"])
def test_a_photo_is_added_and_saved_again_and_what_is_none_is_refused(visit, tmp_path, look):
    page = visit(**look)
    page.goto("/en/notes/new")
    page.get_by_label("A safe place to sleep").check()
    go(page, "Keep it and show my words")
    go(page, "Go to my notes")
    photo, program, film = tmp_path / "lease of may.jpeg", tmp_path / "run.pdf", tmp_path / "film.png"
    photo.write_bytes(page.screenshot(type="jpeg"))
    program.write_bytes(b"\x7fELF" + bytes(2000))
    film.write_bytes(b"\x89PNG" + bytes(50 << 20))

    def add(file):
        page.get_by_label("Choose a document or a photo").set_input_files(file)
        go(page, "Add it")

    add(program)
    assert "This kind is not taken." in page.locator("main").inner_text()
    if not look:
        assert not findings(page, "a document that is refused")
    add(photo)
    assert "lease of may.jpg" in page.locator("main").inner_text()
    expect_no_sideways_scroll(page, "documents")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save a copy here").click()
    assert download.value.suggested_filename == "document.jpg"
    saved = Path(download.value.path()).read_bytes()
    assert saved.startswith(b"\xff\xd8\xff")
    if not look:
        picture = page.context.new_page()
        picture.set_content(f"<img src='data:image/jpeg;base64,{base64.b64encode(saved).decode()}'>")
        assert picture.evaluate("document.images[0].decode().then(() => document.images[0].naturalWidth)") == 1280
    add(film)
    assert "too long" in page.locator("main").inner_text(), "the browser shows the page, not that it was cut off"
