"""A bad network and a tired reader: bytes over the wire, and the reading grade of the public English."""

import html
import re

import pytest
import textstat

from conftest import ROOT
from site_map import ask, ids, organization_names

LIMIT = 14_336
GRADE = 6.0


def loaded(server, answer):
    """Bytes of the page and of what it loads, as sent."""
    weights = {"page": len(answer.wire)}
    for path in re.findall(r'<(?:link|script|img|image)[^>]*?(?:href|src)="(/[^"]+)"', answer.text):
        weights[path.split(".")[0].rsplit("/")[-1] + "." + path.rsplit(".")[-1]] = len(ask(server, path).wire)
    return weights


def weigh(server, name, answer, capsys=None):
    weights = loaded(server, answer)
    return f"{sum(weights.values()):6} bytes  {name}  {weights}", sum(weights.values())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_home_results_and_every_listing_fit_the_first_round_trips(server, language, capsys):
    results = ask(server, f"/{language}/find", [("q", "nowhere to sleep tonight terrace")])
    assert results.text.count('<li class="card">') >= 10
    pages = [("home", ask(server, f"/{language}/")), ("results", results),
             ("results by need", ask(server, f"/{language}/find?need=counselling"))]
    listings = [(f"service {id}", ask(server, f"/{language}/services/{id}")) for id in ids(server.data, "service")]
    listings += [(f"organization {id}", ask(server, f"/{language}/organizations/{id}"))
                 for id in ids(server.data, "organization")]
    pages.append(max(listings, key=lambda page: len(page[1].wire)))
    lines = [weigh(server, name, answer) for name, answer in pages]
    with capsys.disabled():
        print(f"\n{language}: over the wire, {LIMIT} allowed")
        print("\n".join(line for line, _ in lines))
    assert all(total <= LIMIT for _, total in lines)


def sentences(text):
    """What reads as a sentence: four words or more with an end."""
    return [part.strip() for part in re.findall(r"[^.!?]+[.!?]", text) if len(part.split()) >= 4]


def grade(parts):
    return textstat.flesch_kincaid_grade(" ".join(parts))


def main_text(answer, names):
    """Words of the main part, one sentence an element, without names of organisations."""
    main = re.search(r"<main.*?</main>", answer.text, re.S).group(0)
    parts = re.split(r"</?(?:p|h\d|li|ul|ol|div|section|dt|dd|tr|td|th|form|label|button|summary|option)[^>]*>", main)
    texts = [html.unescape(re.sub(r"<[^>]+>", "", part)).strip() for part in parts]
    for name in names:
        texts = [text.replace(name, "") for text in texts]
    texts = [text for text in texts if re.search("[a-z]", text)]
    return [text if text[-1] in ".!?" else text + "." for text in texts]


def catalogue_sentences():
    found = []
    for catalogue in sorted((ROOT / "Sources").glob("**/Strings/en.po")):
        for text in re.findall(r'^msgstr(?:\[\d\])? "(.+)"$', catalogue.read_text(), re.M):
            if "\\n" not in text:
                found += sentences(re.sub(r"\{\w+\}", "it", text))
    return found


def test_the_sentences_of_the_catalogue_are_at_grade_6_or_lower(capsys):
    parts = catalogue_sentences()
    with capsys.disabled():
        print(f"\ngrade {grade(parts):4.1f}  {len(parts)} sentences of the English catalogues")
        for part in sorted(parts, key=textstat.flesch_kincaid_grade)[-5:]:
            print(f"      {textstat.flesch_kincaid_grade(part):4.1f}  {part}")
    assert grade(parts) <= GRADE


def test_the_pages_that_explain_are_at_grade_6_or_lower(server, capsys):
    names, grades = organization_names(server.data), {}
    for page in ("", "about", "worried", "privacy", "accessibility", "saved", "notes", "notes/new", "nothing-here",
                 "landscape/gaps"):
        grades[page or "home"] = grade(main_text(ask(server, f"/en/{page}"), names))
    with capsys.disabled():
        print("".join(f"\ngrade {value:4.1f}  {page}" for page, value in grades.items()))
    assert all(value <= GRADE for value in grades.values()), grades
