"""A workshop in the room: two phones and a wall, live and by hand, through a server that is killed and comes back."""

import os
import re
from pathlib import Path

import pytest

from conftest import Server, run, until
from site_map import ids
from test_every_page_for_everyone import TELLING, findings
from test_keyboard_and_small_screens import expect_no_sideways_scroll
from test_the_desk import join, press

SHOTS = os.environ.get("WAYMARK_SHOTS")
PHONE = {"width": 320, "height": 640}
HALL = {"width": 1280, "height": 800}


class Hall:
    """A server of its own, which can be killed and comes back at the same address, and browsers that look at it."""

    def __init__(self, folder, chromium):
        self.folder, self.chromium, self.contexts = folder, chromium, []
        self.server = Server(folder)

    def open(self, screen, script=True):
        context = self.chromium.new_context(
            base_url=self.server.url, java_script_enabled=script, viewport=screen, locale="en-CA")
        context.set_default_timeout(8000)
        self.contexts.append(context)
        return context.new_page()

    def kill(self):
        self.server.process.kill()
        self.server.process.wait()

    def begin_again(self):
        self.server = Server(self.folder, PORT=str(self.server.port))

    def close(self):
        for context in self.contexts:
            context.close()
        self.server.stop()


@pytest.fixture
def hall(tmp_path, chromium):
    hall = Hall(tmp_path, chromium)
    yield hall
    hall.close()


def facilitator(hall, language="en", screen=HALL):
    """Somebody who opened a workshop; the page shows it."""
    page = hall.open(screen)
    desk = ids(hall.folder, "organization")[0]
    join(page, run("account", "invite", desk, "--language", language, data=hall.folder).stdout.strip(), "facilitator")
    page.goto(f"/{language}/desk/landscape/workshops/new")
    page.locator("[name=title]").fill("Spring workshop")
    page.locator("[name=venue]").fill("Community hall")
    page.locator("[name=groups]").fill("Cedar\nSalmon\nRiver")
    press(page, page.locator("main form[action$='/workshops'] button"))
    return page


def enter(page, code, group, language="en"):
    page.goto(f"/{language}/workshops")
    page.locator("[name=code]").fill(code)
    page.locator("main form button").first.click()
    page.get_by_role("button", name=group).click()
    page.locator("#f-text").wait_for()


def add(page, text, kind="gap"):
    page.locator(f"[name=kind][value={kind}]").check()
    page.locator("[name=focus][value=prevention]").check()
    page.locator("#f-text").fill(text)
    page.locator("form[action$='/notes'] button:not([formaction])").click()


def shot(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"workshop-{name}.png", full_page=True)


def sound(page, name, found, script=True):
    """Axe and widths take a script of their own."""
    if script:
        found += findings(page, name)
        expect_no_sideways_scroll(page, name)
    assert not TELLING.search(page.title()), page.title()
    shot(page, name)


def test_notes_travel_between_phones_and_wall_and_survive_a_killed_server(hall):
    found = []
    desk = facilitator(hall)
    code = desk.locator(".code").first.inner_text()
    wall_path = desk.get_by_role("link", name="Wall for the room").get_attribute("href")
    press(desk, desk.get_by_role("button", name="Start: Activity two: gaps"))
    live, plain = hall.open(PHONE), hall.open(PHONE, script=False)
    enter(live, code, "Salmon", "fr")
    enter(plain, code, "River")
    wall, still = hall.open(HALL), hall.open(HALL, script=False)
    wall.goto(wall_path)
    still.goto(wall_path)
    assert "Activity two" in wall.locator("#now").inner_text()
    assert re.fullmatch(r"\d+:\d\d", until_text(wall, ".clock"))

    add(plain, "No beds after nine.")
    assert "on the wall" in plain.locator("[role=status]").first.inner_text()
    for page in (live, wall):
        page.locator(".board", has_text="No beds after nine.").wait_for()
    add(live, "Personne ne répond la nuit.")
    wall.locator(".board", has_text="Personne ne répond la nuit.").wait_for()
    plain.get_by_role("button", name="Show new notes").click()
    assert "Personne ne répond" in plain.locator(".board").inner_text()
    still.get_by_role("link", name="Show new notes").click()
    assert "Personne ne répond" in still.locator(".board").inner_text()
    for page, name in ((live, "phone-fr"), (wall, "wall"), (desk, "desk")):
        sound(page, name, found)
    for page, name in ((plain, "phone-plain"), (still, "wall-plain")):
        sound(page, name, found, script=False)

    hall.kill()
    add(live, "Écrite pendant la panne.")
    live.locator("[data-waiting]").first.wait_for()
    shot(live, "phone-waiting-fr")
    hall.begin_again()
    for page in (live, wall):
        page.locator(".board", has_text="Écrite pendant la panne.").wait_for(timeout=15000)
    add(plain, "After the fall.")
    wall.locator(".board", has_text="After the fall.").wait_for(timeout=15000)
    for page in (live, wall):
        page.locator(".board", has_text="After the fall.").wait_for()
        texts = page.locator(".board .written").all_inner_texts()
        assert sorted(texts) == sorted(set(texts)) and len(texts) == 4, texts

    press(desk, desk.locator("form[action$='/closing'] button"))
    for page, sentence in ((live, "L’atelier est fermé."), (wall, "The workshop is closed.")):
        until(lambda: sentence in page.locator("#now").inner_text())
    add(plain, "Too late, but kept.")
    assert "Too late, but kept." in plain.locator("blockquote").inner_text()
    sound(plain, "phone-over", found, script=False)
    sound(desk, "desk-closed", found)
    press(desk, desk.get_by_role("button", name="Make drafts of 4 notes"))
    assert desk.locator(".mark.good").count() == 4
    assert not found, "\n".join(found)


def until_text(page, selector):
    until(lambda: ":" in page.locator(selector).inner_text())
    return page.locator(selector).inner_text()


@pytest.mark.parametrize("language, script", [("en", False), ("fr", True), ("ar-xb", True)])
def test_a_phone_changes_takes_back_and_comes_back(hall, language, script):
    found = []
    desk = facilitator(hall, language, PHONE)
    code = desk.locator(".code").first.inner_text()
    sound(desk, f"desk-{language}", found)
    desk.goto(desk.url.split("?")[0] + "/sheet")
    sound(desk, f"sheet-{language}", found)
    phone = hall.open(PHONE, script=script)
    phone.goto(f"/{language}/workshops")
    sound(phone, f"code-{language}", found, script)
    enter(phone, code, "Cedar", language)
    add(phone, "A note to change.")
    phone.locator("form[action$='/notes/form'] button").click()
    phone.locator("form[action$='/notes/change'] textarea").fill("A note that was changed.")
    sound(phone, f"change-{language}", found, script)
    phone.locator("form[action$='/notes/change'] button").click()
    phone.locator(".board", has_text="A note that was changed.").wait_for()
    add(phone, "")
    phone.locator("[role=alert]").wait_for()
    sound(phone, f"problems-{language}", found, script)
    if script:
        phone.goto(f"/{language}/workshops")
        phone.locator("[data-back] button").click()
        phone.locator("form[action$='/notes/removal'] button").wait_for()
    phone.locator("form[action$='/notes/removal'] button").click()
    until(lambda: phone.locator(".board .written").count() == 0)
    until(lambda: not any(b"A note that was changed." in file.read_bytes() for file in hall.folder.glob("*.sqlite*")), 40)
    assert not phone.context.cookies()
    assert not found, "\n".join(found)


def test_no_acknowledged_note_is_lost_when_the_server_is_killed(hall):
    code = facilitator(hall).locator(".code").first.inner_text()
    phone = hall.open(PHONE)
    enter(phone, code, "Cedar")
    for count in range(1, 6):
        add(phone, f"Note {count} of five.")
        if count % 2:
            hall.kill()
            hall.begin_again()
        phone.locator(".board", has_text=f"Note {count} of five.").wait_for(timeout=20000)
    texts = phone.locator(".board .written").all_inner_texts()
    assert sorted(texts) == [f"Note {count} of five." for count in range(1, 6)]
