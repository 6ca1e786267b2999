"""A finding is entered, corrected, published, corrected again with its history, withdrawn and put back. In a browser."""

import pytest

from test_the_desk import invite, join, press, staff  # noqa: F401
from test_votes_and_plan import look_at


@pytest.mark.parametrize("language, width", [("en", 1280), ("fr", 320)])
def test_a_finding_is_corrected_published_withdrawn_and_put_back(staff, server, language, width):
    found, year = [], f"20{width % 90 + 30}"
    page = staff(width=width, height=800)
    join(page, invite(server), f"keeper {language}{width}")

    page.goto(f"/{language}/desk/landscape/findings/new")
    if page.locator("details:not([open])").count():
        page.locator("details summary").last.click()
    opening = page.locator("details form")
    press(page, opening.locator("button"))
    assert page.locator(".alert").count(), "a scan without a name is refused"
    look_at(page, f"finding-scan-{language}", found)
    page.locator("details [name=code]").fill(year)
    page.locator("details [name=title]").fill(f"Portrait {year}")
    page.locator("details [name=published]").fill(f"{year}-03")
    press(page, page.locator("details form button"))

    page.locator("form select[name=scan]").select_option(year)
    press(page, page.locator("form:has([name=source]) p.tools button"))
    assert page.locator(".alert").count(), "an empty finding is refused"
    page.locator("[name=text]").fill("Aucun autobus apres six heures.")
    page.locator("form:has([name=source]) select[name=scan]").select_option(year)
    page.locator("[name=source]").fill("Rencontre")
    page.locator("[name=places]").fill("Terrace")
    look_at(page, f"finding-new-{language}", found)
    press(page, page.locator("form:has([name=source]) p.tools button"))

    item = page.locator("li", has_text="Aucun autobus").last
    item.locator("a[href$=correction]").click()
    page.locator("[name=theme]").fill("Transport")
    page.locator("[name=text]").fill("Aucun autobus après six heures.")
    look_at(page, f"finding-draft-{language}", found)
    press(page, page.locator("form:has([name=source]) p.tools button"))
    look_at(page, f"finding-drafts-{language}", found)
    item = page.locator("li", has_text="Aucun autobus après").last
    press(page, item.locator("form[action$=publications] button"))

    page.goto(f"/{language}/desk/landscape?state=published&scan={year}")
    page.locator("li", has_text="Aucun autobus").last.locator("a[href$=correction]").click()
    page.locator("[name=text]").fill("Aucun autobus après vingt heures.")
    press(page, page.locator("form:has([name=source]) p.tools button"))
    page.locator("li", has_text="vingt heures").last.locator("a[href$=correction]").click()
    assert page.locator("ol.listing li", has_text="après six heures").count(), "the words before are kept"
    look_at(page, f"finding-history-{language}", found)

    page.goto(f"/{language}/desk/landscape?state=published&scan={year}")
    look_at(page, f"finding-published-{language}", found)
    press(page, page.locator("li", has_text="vingt heures").last.locator("form[action$=withdrawals] button"))
    page.goto(f"/{language}/desk/landscape?state=withdrawn&scan={year}")
    look_at(page, f"finding-withdrawn-{language}", found)
    item = page.locator("li", has_text="vingt heures").last
    item.locator("a[href$=talk]").click()
    look_at(page, f"finding-talk-{language}", found)
    page.goto(f"/{language}/desk/landscape?state=withdrawn&scan={year}")
    press(page, page.locator("li", has_text="vingt heures").last.locator("form[action$=publications] button"))
    page.goto(f"/{language}/desk/landscape?state=published&scan={year}")
    assert page.locator("li", has_text="vingt heures").count()
    assert not found, "\n".join(found)
