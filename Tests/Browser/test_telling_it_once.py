"""A person writes down what they need, asks a place for help, and the desk there answers: without script on a small phone."""

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


def test_wrong_words_open_nothing_and_say_so(visit):
    page = visit(script=False, width=320, height=640)
    page.goto("/en/notes")
    page.get_by_label("Your twelve words, or the 40 digits").fill("5" + "0" * 39)
    go(page, "Open")
    assert "Nothing opens with this" in page.locator("[role=alert]").inner_text()
