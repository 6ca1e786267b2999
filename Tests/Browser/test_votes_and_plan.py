"""The network votes and plans: opened, voted on, closed, counted; an action given to a desk and kept true. In a browser."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from conftest import run
from test_every_page_for_everyone import findings
from test_keyboard_and_small_screens import expect_no_sideways_scroll
from test_the_desk import invite, join, press, staff  # noqa: F401

FOLDER = os.environ.get("WAYMARK_SHOTS")


def look_at(page, name, found):
    """Sound for assistive programs, no wider than the screen; a picture where one is asked for."""
    found += findings(page, name)
    expect_no_sideways_scroll(page, name)
    if FOLDER:
        Path(FOLDER).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{FOLDER}/{name}-{page.viewport_size['width']}.png", full_page=True)


def colleague(coordinator, staff, role, name, **look):
    coordinator.goto("/en/desk/team")
    coordinator.locator("select[name=role]").select_option(role)
    press(coordinator, coordinator.get_by_role("button", name="Make a link"))
    link = coordinator.locator("code.link").inner_text()
    page = staff(**look)
    join(page, link, name)
    return page


@pytest.mark.parametrize("language, width", [("en", 1280), ("fr", 320)])
def test_a_vote_is_opened_voted_on_closed_and_counted(staff, server, language, width):
    found, who = [], f"{language}{width}"
    look = {"width": width, "height": 800}
    coordinator = staff(**look)
    join(coordinator, invite(server), f"chair {who}")
    roles = ["survivor-advisor", "provider", "company-liaison", "funder", "municipality", "navigator"]
    voters = [colleague(coordinator, staff, role, f"{role} {who}", script=number != 1, **look)
              for number, role in enumerate(roles)]

    coordinator.goto(f"/{language}/desk/landscape/vote-opening")
    look_at(coordinator, f"vote-opening-{language}", found)
    press(coordinator, coordinator.locator("main form button").first)
    assert coordinator.locator(".alert").count(), "an empty form is refused"
    look_at(coordinator, f"vote-opening-wrong-{language}", found)
    coordinator.locator("[name=question]").fill(f"What first? ({who})")
    coordinator.locator("[name=options]").fill("Sleep\nact-005\npri-012: Bread\n<b>Quiet</b>")
    coordinator.locator("[name=points]").fill("10")
    closes = datetime.now(ZoneInfo("America/Vancouver")) + timedelta(days=1)
    coordinator.locator("[name=closes]").fill(closes.strftime("%Y-%m-%dT%H:%M"))
    coordinator.locator("[name=voters-survivors]").fill(f"survivor-advisor {who}\nNobody here")
    coordinator.locator("[name=voters-companies]").fill("\n".join(f"{role} {who}" for role in roles[1:]))
    coordinator.locator("[name=seats]").fill("1")
    press(coordinator, coordinator.locator("main form button").first)
    assert "Nobody here" in coordinator.locator("p.alert").inner_text(), coordinator.locator("main").inner_text()
    look_at(coordinator, f"vote-opening-unknown-{language}", found)
    coordinator.locator("[name=voters-survivors]").fill(f"survivor-advisor {who}")
    press(coordinator, coordinator.locator("main form button").first)
    assert "What first?" in coordinator.locator("h1").inner_text(), coordinator.locator("main").inner_text()
    vote = coordinator.url.rsplit("/", 1)[1].split("?")[0]
    look_at(coordinator, f"vote-of-coordinator-{language}", found)

    for voter in voters:
        voter.goto(f"/{language}/desk/landscape/votes/{vote}")
        voter.get_by_label("Sleep").fill("7")
        voter.get_by_label("<b>Quiet</b>").fill("0")
        press(voter, voter.locator("main form button").first)
        assert voter.locator("[role=status]").count(), voter.locator("main").inner_text()
        assert voter.get_by_label("Sleep").input_value() == "7" and voter.get_by_label("Bread").input_value() == ""
    look_at(voters[0], f"ballot-{language}", found)

    coordinator.goto(f"/{language}/landscape/votes/{vote}")
    assert "42" not in coordinator.locator("main").inner_text()
    look_at(coordinator, f"vote-open-{language}", found)
    coordinator.goto(f"/{language}/desk/landscape/votes/{vote}")
    press(coordinator, coordinator.locator("main form button").first)
    assert coordinator.locator("table").count() == 1, "one survivor is not shown apart from the others"
    assert "42" in coordinator.locator("table").inner_text()
    voters[0].goto(f"/{language}/landscape/votes/{vote}")
    look_at(voters[0], f"vote-closed-{language}", found)
    voters[0].goto(f"/{language}/landscape/votes")
    look_at(voters[0], f"votes-{language}", found)
    assert not found, "\n".join(found)
    assert run("check", data=server.data).returncode == 0


@pytest.mark.parametrize("language, width", [("en", 1280), ("fr", 320)])
def test_an_action_is_kept_true_and_a_new_project_is_looked_at_first(staff, server, language, width):
    found, look = [], {"width": width, "height": 800}
    page = staff(**look)
    join(page, invite(server), f"planner {language}")
    for path in ["desk/landscape", "desk/landscape/plan", "desk/landscape/proposals"]:
        page.goto(f"/{language}/{path}")
        look_at(page, path.replace("/", "-") + f"-{language}", found)
    action = "act-003" if language == "en" else "act-004"
    page.goto(f"/{language}/desk/landscape/actions/{action}")
    look_at(page, f"action-form-{language}", found)
    page.locator("[name=depends]").fill(action)
    page.locator("[name=cost-low]").fill("plenty")
    press(page, page.locator("main form button").first)
    assert action in page.locator(".alert").last.inner_text()
    assert page.locator("[name=cost-low]").input_value() == "plenty"
    look_at(page, f"action-form-wrong-{language}", found)
    page.locator("[name=depends]").fill("act-010")
    page.locator("[name=cost-low]").fill("1 000")
    page.locator("[name=owner]").select_option(index=1)
    page.locator("[name=state]").select_option("under-way")
    page.locator("[name=small]").select_option("no")
    page.locator("[name=due]").fill("2026-01-31")
    page.locator("[name=calls-for-justice]").fill("5.6, 18.32")
    page.locator("[name=check-pr-03]").select_option("yes")
    press(page, page.locator("main form button").first)
    assert page.locator("[role=status]").count(), page.locator("main").inner_text()
    page.goto(f"/{language}/desk/landscape/plan")
    page.locator("[name=calls-for-justice]").fill("5.6, 99.1")
    press(page, page.locator("form[action$='/calls'] button"))
    assert page.locator("[name=calls-for-justice]").input_value() == "5.6, 99.1"
    page.locator("[name=calls-for-justice]").fill("5.6, 18.32")
    press(page, page.locator("form[action$='/calls'] button"))
    for path in [f"landscape/actions/{action}", "landscape/board", "landscape/plan", "landscape/priorities", "landscape"]:
        page.goto(f"/{language}/{path}")
        look_at(page, path.replace("/", "-") + f"-{language}", found)
    page.goto(f"/{language}/desk/landscape/proposals")
    page.locator("[name=body]").fill(f"Bystander programmes for shelters ({language})")
    page.locator("[name=focus]").select_option("prevention")
    page.locator("[name=theme]").fill("Training")
    press(page, page.locator("main form button").first)
    assert page.locator("[role=status] li").count() >= 1
    look_at(page, f"proposal-{language}", found)
    press(page, page.locator("main form button").first)
    assert "/desk/landscape/actions/pro-0" in page.url
    look_at(page, f"proposal-added-{language}", found)
    proposal = page.url.rsplit("/", 1)[1].split("?")[0]
    assert page.goto(f"/{language}/landscape/actions/{proposal}").status == 404
    page.goto(f"/{language}/desk/landscape/plan")
    look_at(page, f"plan-with-proposal-{language}", found)
    assert not found, "\n".join(found)
