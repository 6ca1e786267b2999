"""A provider, a visitor and the desk keep one listing true, on a small phone and without script."""

import json
import re

import pytest

from conftest import run, until
from site_map import ask, ids


def command(server, *words):
    done = run(*words, data=server.data)
    assert done.returncode == 0, done.stderr
    return done.stdout


def link(server, id, kind="service", language="en"):
    return command(server, kind, "ask", id, "--language", language).strip()


def queue(server):
    return [json.loads(line) for line in command(server, "review", "list", "--json").splitlines()]


@pytest.fixture
def phone(visit):
    return visit(script=False, width=320, height=640)


def test_a_provider_confirms_with_one_press_and_the_link_is_used_up(phone, server):
    id = ids(server.data, "service")[3]
    path = link(server, id)
    assert re.fullmatch(r"/en/listing/[0-9a-f]{64}", path)
    phone.goto(path)
    assert phone.title().startswith("Your listing")
    phone.get_by_role("button", name="Everything is right").click()
    assert phone.locator("h1").inner_text() == "Thank you"
    assert ask(server, path).status == 410
    assert "checked by provider" in command(server, "service", "show", id)
    phone.goto(f"/en/services/{id}")
    assert "Checked" in phone.locator("section.quiet").inner_text()


def test_a_provider_corrects_and_staff_accept(phone, server):
    id = ids(server.data, "service")[4]
    phone.goto(link(server, id))
    phone.get_by_text("Something is not right").click()
    phone.get_by_label("E-mail").fill("no address")
    phone.get_by_label("Waiting time").fill("About a week")
    phone.get_by_role("button", name="Send my corrections").click()
    assert "does not look like an e-mail" in phone.locator("[role=alert]").inner_text()
    assert phone.get_by_label("Waiting time").input_value() == "About a week"
    phone.get_by_label("E-mail").fill("desk@example.org")
    phone.get_by_role("button", name="Send my corrections").click()
    assert phone.locator("h1").inner_text() == "Thank you"
    mine = [item for item in queue(server) if item["record_id"] == id]
    assert {item["field"] for item in mine} == {"email", "wait_time"}
    assert "About a week" not in ask(server, f"/en/services/{id}").text
    wait = next(item for item in mine if item["field"] == "wait_time")
    shown = command(server, "review", "show", wait["id"])
    assert re.search(r"then +\(none\)\nnow +\(none\)\nproposed +About a week", shown)
    command(server, "review", "accept", wait["id"], "--as", "intake")
    assert "About a week" in command(server, "record", "history", "--kind", "service", id)


def test_a_visitor_reports_and_reads_the_answer(phone, server):
    id = ids(server.data, "service")[5]
    phone.goto(f"/en/services/{id}")
    phone.get_by_role("link", name="Something wrong here?").click()
    phone.get_by_label("They moved").check()
    phone.locator("textarea").fill("The door is \x1b[31mlocked")
    phone.get_by_role("button", name="Send").click()
    receipt = phone.locator(".receipt").inner_text()
    item = next(item for item in queue(server) if item["record_id"] == id)
    assert item["topic"] == "moved" and item["origin"] == "visitor"
    assert "\x1b" not in command(server, "review", "show", item["id"])
    command(server, "review", "refuse", item["id"], "--reply", "They are still there.")
    phone.goto("/en/reports/answer")
    phone.get_by_label("Your number").fill(receipt)
    phone.get_by_role("button", name="Show the answer").click()
    assert "They are still there." in phone.locator("main").inner_text()
    assert receipt.replace(" ", "") not in phone.url


def test_nobody_sees_the_field_that_catches_programs(visit, server):
    page = visit(f"/en/services/{ids(server.data, 'service')[6]}/report")
    assert page.evaluate("""() => {
        const trap = document.getElementById("trap"), box = trap.getBoundingClientRect();
        return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) !== trap;
    }""")
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") != "trap"


def test_merged_listings_lead_on_and_the_board_and_the_finders_run(server):
    keep, lose = ids(server.data, "service")[7:9]
    command(server, "record", "merge", "--kind", "service", keep, lose)
    until(lambda: ask(server, f"/fr/services/{lose}").status == 301)
    answer = ask(server, f"/fr/services/{lose}")
    assert answer.headers["Location"] == f"/fr/services/{keep}"
    rows = [json.loads(line) for line in command(server, "stale", "--json").splitlines()]
    assert rows and all(row["listings"] >= 1 for row in rows)
    for line in command(server, "duplicates", "--json").splitlines():
        assert json.loads(line)["score"] >= 60
    assert run("check", data=server.data).returncode == 0
    ids.cache_clear()
