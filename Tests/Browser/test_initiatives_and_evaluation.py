"""Initiatives told, accepted and repeated; indicators measured and given out as data that other programs read. In a browser.

The shapes here are ours, written after the facts of the Common Impact Data Standard 3.2.1 (https://ontology.commonapproach.org/cids):
no package holds its own. `WAYMARK_CIDS` names a folder with its `cidsContext.jsonld` and `*.ttl` shapes to check with those too."""

import json
import os
from datetime import date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
import rdflib
from pyshacl import validate

from conftest import run
from site_map import ask
from test_keyboard_and_small_screens import walk
from test_the_desk import invite, join, press, staff  # noqa: F401
from test_votes_and_plan import FOLDER, look_at

LOOKS = [("en", 1280, True), ("fr", 320, True), ("fr", 320, False)]
CHOSEN = {"kind", "people", "small", "state"}


def looker(found, who, script):
    """Axe and widths take a script of their own: without script a page is only photographed."""
    def look(page, name):
        if script:
            look_at(page, f"{name}-{who}", found)
        elif FOLDER:
            page.screenshot(path=f"{FOLDER}/{name}-{who}.png", full_page=True)
    return look


CIDS, ORG = "https://ontology.commonapproach.org/cids#", "http://ontology.eil.utoronto.ca/tove/organization#"
I72, PROV = "http://ontology.eil.utoronto.ca/ISO21972/iso21972#", "http://www.w3.org/ns/prov#"
XSD = "http://www.w3.org/2001/XMLSchema#"
STRINGS = {"hasLegalName": ORG, "hasName": ORG, "hasIdentifier": ORG, "hasDescription": CIDS, "hasComment": CIDS,
           "unitDescription": CIDS, "hasNumericalValue": I72}
LINKS = {"forIndicator": CIDS, "forOrganization": CIDS, "forOutcome": CIDS, "hasBaseline": CIDS, "hasIndicator": CIDS,
         "hasIndicatorReport": CIDS, "hasOutcome": CIDS, "value": I72}
TIMES = {"startedAtTime": PROV, "endedAtTime": PROV}
CONTEXT = {"cids": CIDS, "i72": I72} | {
    name: {"@id": base + name, "@type": kind}
    for terms, kind in [(STRINGS, XSD + "string"), (LINKS, "@id"), (TIMES, XSD + "dateTime")]
    for name, base in terms.items()}
TEXT, TIME = "sh:datatype xsd:string; sh:minCount 1; sh:maxCount 1", "sh:datatype xsd:dateTime; sh:minCount 1; sh:maxCount 1"
SHAPES = f"""
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <{XSD}> . @prefix cids: <{CIDS}> . @prefix org: <{ORG}> .
@prefix prov: <{PROV}> . @prefix i72: <{I72}> . @prefix : <urn:shape:> .
:organization a sh:NodeShape; sh:targetClass cids:Organization; sh:property [sh:path org:hasLegalName; {TEXT}].
:outcome a sh:NodeShape; sh:targetClass cids:Outcome; sh:property [sh:path org:hasName; {TEXT}],
    [sh:path cids:hasIndicator; sh:class cids:Indicator; sh:minCount 1].
:indicator a sh:NodeShape; sh:targetClass cids:Indicator; sh:property [sh:path org:hasName; {TEXT}],
    [sh:path org:hasIdentifier; {TEXT}], [sh:path cids:hasBaseline; sh:class i72:Measure; sh:maxCount 1],
    [sh:path cids:hasIndicatorReport; sh:class cids:IndicatorReport],
    [sh:path cids:hasTarget; sh:class cids:Target; sh:maxCount 1].
:target a sh:NodeShape; sh:targetClass cids:Target; sh:property [sh:path org:hasName; {TEXT}],
    [sh:path i72:value; sh:class i72:Measure; sh:minCount 1; sh:maxCount 1].
:report a sh:NodeShape; sh:targetClass cids:IndicatorReport; sh:property [sh:path org:hasName; {TEXT}],
    [sh:path prov:startedAtTime; {TIME}], [sh:path prov:endedAtTime; {TIME}],
    [sh:path cids:forIndicator; sh:class cids:Indicator; sh:minCount 1; sh:maxCount 1],
    [sh:path i72:value; sh:class i72:Measure; sh:maxCount 1].
:measure a sh:NodeShape; sh:targetClass i72:Measure; sh:property [sh:path i72:hasNumericalValue; {TEXT}].
"""


def graph(text, context):
    document = json.loads(text)
    assert document["@context"] == "https://ontology.commonapproach.org/contexts/cidsContext.jsonld"
    return rdflib.Graph().parse(data=json.dumps(document | {"@context": context}), format="json-ld")


def conforms(data, shapes):
    fits, _, report = validate(data, shacl_graph=shapes, ont_graph=shapes, allow_infos=True)
    assert fits, report


def expect_standard(text):
    own = rdflib.Graph().parse(data=SHAPES, format="turtle")
    data = graph(text, CONTEXT)
    conforms(data, own)
    broken = rdflib.Graph() + data
    broken.remove((None, rdflib.URIRef(ORG + "hasIdentifier"), None))
    assert not validate(broken, shacl_graph=own)[0], "the shapes find what is missing"
    if folder := os.environ.get("WAYMARK_CIDS"):
        context = json.loads((Path(folder) / "cidsContext.jsonld").read_text())["@context"]
        official = graph(text, context)
        assert set(official) == set(data), "our few terms mean what the standard's context says"
        for file in sorted(Path(folder).glob("*.ttl")):
            conforms(official, rdflib.Graph().parse(file, format="turtle"))
    return data


@pytest.mark.parametrize("language, width, script", LOOKS)
def test_an_initiative_is_told_accepted_and_found(staff, server, language, width, script):
    found, who = [], f"{language} {'script' if script else 'plain'}"
    look = looker(found, who.replace(" ", "-"), script)
    page = staff(script=script, width=width, height=800)
    join(page, invite(server), f"teller {who}")
    desk, name = f"/{language}/desk/landscape/initiatives", f"Circle ({who})"
    page.goto(f"{desk}/new")
    if script:
        places = walk(page, 50)
        assert all(place["ring"] for place in places), [place for place in places if not place["ring"]]
    press(page, page.locator("main form button").first)
    assert page.locator(".alert").count(), "an empty form is refused"
    look(page, "initiative-form-wrong")
    meeting = (date.today() + timedelta(days=20)).isoformat() + " 19:30"
    for field, text in [("name", name), ("place", "Terrace"), ("does", "People meet, talk; and eat."),
                        ("cost-low", "1 000"), ("steps", "Find a room\nAsk an Elder"), ("contact", "example.org"),
                        ("meetings", meeting)]:
        page.locator(f"[name={field}]").fill(text)
    for field, value in [("sector", "community"), ("kind", "group"), ("focus", "prevention"), ("province", "bc"),
                         ("small", "no")]:
        page.locator(f"[name={field}]").select_option(value)
    page.locator("[name=principles]").first.check()
    press(page, page.locator("main form button").first)
    if page.locator("[name=seen]").count():
        look(page, "initiative-like")
        press(page, page.locator("main form button").first)
    assert page.locator("main form button").count() >= 2, page.locator("main").inner_text()
    look(page, "initiative-desk")
    press(page, page.locator("article form button").first)
    look(page, "initiative-own")
    page.goto(f"/{language}/landscape/initiatives")
    assert name in page.locator("main").inner_text()
    look(page, "initiatives")
    page.get_by_role("link", name=name).click()
    assert "Ask an Elder" in page.locator("main").inner_text()
    look(page, "initiative")
    circle = page.url.rsplit("/", 1)[1]
    page.goto(f"/{language}/landscape/meetings")
    look(page, "meetings")
    calendar = icalendar.Calendar.from_ical(ask(server, "/landscape/meetings.ics").text)
    events = {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}
    assert str(events[name]["DESCRIPTION"]) == "People meet, talk; and eat."
    assert isinstance(events[name].decoded("DTSTART"), datetime)
    page.goto(f"{desk}/{circle}/space")
    look(page, "space-empty")
    page.locator("[name=text]").fill("Book the hall.\nBring chairs.")
    page.locator("[name=desk]").select_option(index=1)
    page.locator("[name=due]").fill("2020-05-30")
    press(page, page.locator("form[action$='/notes'] button"))
    look(page, "space")
    press(page, page.locator("form[action$='/done'] button"))
    assert page.locator("[role=status]").count() == 1 and not page.locator("form[action$='/done']").count()
    press(page, page.locator("form[action$='/reopened'] button"))
    page.locator("details summary").last.click()
    press(page, page.locator("form[action$='/removal'] button"))
    assert "Bring chairs." not in page.locator("main").inner_text()
    look(page, "space-removed")
    assert not found, "\n".join(found)
    assert run("check", data=server.data).returncode == 0


@pytest.mark.parametrize("language, width, script", LOOKS)
def test_an_indicator_is_measured_and_given_out_in_the_common_standard(staff, server, language, width, script):
    found, who = [], f"{language} {'script' if script else 'plain'}"
    look = looker(found, who.replace(" ", "-"), script)
    page = staff(script=script, width=width, height=800)
    join(page, invite(server), f"looker {who}")

    def add(**fields):
        page.goto(f"/{language}/desk/landscape/indicator-form")
        for field, text in {"decides": "A council", "source": "Houses"}.items() | fields.items():
            control = page.locator(f"[name={field.replace('_', '-')}]")
            control.select_option(text) if field in CHOSEN else control.fill(text)
        press(page, page.locator("main form button").first)

    add(name=f"Beds {who}", kind="number", unit="beds", people="yes", baseline="some", actions="act-999")
    assert page.locator(".alert").count() == 2 and "act-999" in page.locator(".alert").last.inner_text()
    look(page, "indicator-form-wrong")
    add(name=f"Beds {who}", kind="number", unit="people", people="yes", baseline="12", target="40", actions="act-003",
        findings="fnd-t01-01", out_of="who asked")
    number = page.url.split("?")[0]
    for value in ["3", "17"]:
        page.locator("[name=value]").fill(value)
        page.locator("[name=source]").fill("Houses")
        press(page, page.locator("main form button").first)
    look(page, "measure-number")
    add(name=f"Told {who}", kind="story")
    page.locator("[name=body]").fill("The kettle was warm.")
    press(page, page.locator("main form button").first)
    assert page.locator(".alert").count() and "kettle" in page.locator("[name=body]").input_value()
    look(page, "measure-story-wrong")
    for box in ["use-page", "use-data", "agreed"]:
        page.locator(f"[name={box}]").check()
    page.locator("[name=reach]").select_option("one")
    press(page, page.locator("main form button").first)
    story = page.url.split("?")[0]
    look(page, "measure-story")
    for path in ["desk/landscape/evaluation", "landscape/evaluation", "landscape"]:
        page.goto(f"/{language}/{path}")
        look(page, path.replace("/", "-"))
    for name, url in [("number", number), ("story", story)]:
        page.goto(url.replace("/desk/", "/"))
        look(page, f"indicator-{name}")
    assert "kettle" in page.locator("main").inner_text()
    text = ask(server, "/landscape/evaluation.jsonld").text
    data = expect_standard(text)
    assert (None, rdflib.URIRef(CIDS + "hasTarget"), None) in data
    assert "kettle" in text and "fewer than 5" in {str(o) for o in data.objects()}
    page.goto(story)
    press(page, page.locator("main li form button").first)
    assert "kettle" not in page.locator("main").inner_text()
    text = ask(server, "/landscape/evaluation.jsonld").text
    expect_standard(text)
    assert "kettle" not in text
    assert not found, "\n".join(found)
    assert run("check", data=server.data).returncode == 0
