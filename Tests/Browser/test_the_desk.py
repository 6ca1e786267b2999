"""Staff in a browser: invited, signed in, out and in again; with and without script, on a small screen, in French."""

import base64
import hmac
import itertools
import re
import struct
import time

import html5lib
import pytest

from conftest import run
from site_map import ask, providers
from test_every_page_for_everyone import TELLING, findings
from test_keyboard_and_small_screens import expect_no_sideways_scroll, walk

PASSPHRASE = "seven quiet boats at noon"


def code(letters, at=None):
    """The six digits of RFC 6238, counted here by ourselves."""
    key = base64.b32decode(letters + "=" * (-len(letters) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(at or time.time()) // 30), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7fffffff) % 10**6:06}"


DESKS = itertools.count(2)


def invite(server, *more):
    """A link to a desk of its own, of an organisation that can be asked: who comes second to one needs its pieces."""
    desk = providers(server.data)[next(DESKS)]
    done = run("account", "invite", desk, *more, data=server.data)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def press(page, button):
    """Passphrases take a moment: the page that follows is waited for."""
    with page.expect_navigation():
        button.click()


def join(page, path, name):
    page.goto(path)
    letters = page.locator("input[name=secret]").input_value()
    page.locator("[name=name]").fill(name)
    page.locator("[name=passphrase]").fill(PASSPHRASE)
    page.locator("[name=code]").fill(code(letters))
    press(page, page.locator("main form button"))
    assert page.locator("ul.codes").count(), page.locator("main").inner_text()
    return letters


def sign_in(page, name, digits, language="en"):
    page.goto(f"/{language}/sign-in")
    page.locator("[name=name]").fill(name)
    page.locator("[name=passphrase]").fill(PASSPHRASE)
    page.locator("[name=code]").fill(digits)
    press(page, page.locator("main form button"))


@pytest.fixture
def staff(visit):
    """A browser of staff, which keeps cookies as staff's may."""
    pages = []

    def open_page(**look):
        pages.append(visit(**look))
        return pages[-1]

    yield open_page
    for page in pages:
        page.context.clear_cookies()


@pytest.mark.parametrize("look", [{}, {"script": False, "width": 320, "height": 640}], ids=["script", "no script, 320 px"])
def test_staff_join_sign_out_and_sign_in_again_with_a_recovery_code(staff, server, look):
    name = f"harbour {len(look)}"
    page = staff(**look)
    join(page, invite(server), name)
    codes = page.locator("ul.codes").first.locator("code").all_inner_texts()
    assert len(codes) == 10 and all(re.fullmatch(r"\w{5} \w{5}", each) for each in codes)
    page.get_by_role("link", name="I have written them down").click()
    assert name in page.locator("main").inner_text()
    assert all(cookie["httpOnly"] and cookie["secure"] and cookie["sameSite"] == "Strict" and cookie["name"].startswith("__Host-")
               for cookie in page.context.cookies())
    press(page, page.get_by_role("button", name="Sign out"))
    assert page.url.endswith("/en/sign-in")
    page.goto("/en/desk")
    assert page.url.endswith("/en/sign-in")
    sign_in(page, name, codes[3])
    assert page.url.endswith("/en/desk") and "9" in page.locator("main").inner_text()
    press(page, page.get_by_role("button", name="Sign out"))
    sign_in(page, name, codes[3])
    assert page.locator("[role=alert]").count() == 1, "a recovery code works once"


def test_a_lead_invites_and_lets_go_and_the_other_is_out_at_once(staff, server):
    lead, other = staff(), staff()
    join(lead, invite(server, "--role", "provider"), "lead of pages")
    lead.goto("/en/desk/team")
    lead.locator("select[name=role]").select_option("navigator")
    press(lead, lead.get_by_role("button", name="Make a link"))
    link = lead.locator("code.link").inner_text()
    assert link.startswith(server.url)
    join(other, link, "<b>north</b>")
    other.goto("/en/desk")
    assert "<b>north</b>" in other.locator("main").inner_text()
    lead.goto("/en/desk/team")
    press(lead, lead.locator("li", has_text="north").get_by_role("button", name="Suspend"))
    other.goto("/en/desk")
    assert other.url.endswith("/en/sign-in")


@pytest.mark.parametrize("role, language, look", [
    ("coordinator", "en", {}), ("coordinator", "fr", {"width": 320}), ("coordinator", "ar-xb", {}),
    ("provider", "fr", {"dark": True}), ("provider", "en", {"width": 320})])
def test_every_page_of_the_desk_is_sound_small_and_tells_nothing(staff, server, role, language, look):
    page, found = staff(**look), []
    path = invite(server, "--role", role, "--language", language)
    page.goto(path)
    found += findings(page, "invitation")
    join(page, path, f"sound {role} {language} {len(look)} {look.get('width')}")
    found += findings(page, "written down")
    expect_no_sideways_scroll(page, "written down")
    page.goto(f"/{language}/desk")
    ways = [link.get_attribute("href") for link in page.locator("main nav a").all()]
    assert len(ways) >= 5 and (f"/{language}/desk/people" in ways) == (role == "provider")
    for path in [*ways, f"/{language}/sign-in", f"/{language}/invitations/none"]:
        page.goto(path)
        found += findings(page, path)
        assert not TELLING.search(page.title()), page.title()
        html5lib.HTMLParser(strict=True).parse(page.request.get(page.url).text())
        if look.get("width"):
            expect_no_sideways_scroll(page, path)
    assert not found, "\n".join(found)


def test_the_desk_is_reached_with_the_keyboard_alone(staff, server):
    page = staff(width=320)
    letters = join(page, invite(server), "keys")
    page.goto("/en/desk")
    press(page, page.get_by_role("button", name="Sign out"))
    page.locator("[name=name]").focus()
    for text in ["keys", PASSPHRASE, code(letters, time.time() + 30)]:
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/desk")
    assert all(place["ring"] and place["seen"] for place in walk(page, 12))


def test_pages_of_the_desk_are_kept_by_nobody(server):
    for path in ["/en/sign-in", "/en/desk", "/en/invitations/none"]:
        answer = ask(server, path)
        assert answer.headers["Cache-Control"] == "no-store", path
    assert ask(server, "/en/desk").headers["Location"] == "/en/sign-in"
