"""`waymark validate` beside the jsonschema package, on the official examples and on another profile's."""

import json
import subprocess
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from conftest import PROGRAM, ROOT, run

SHARED = ROOT.parent / "shared"
OBJECTS = SHARED / "hsds/objects"
FILES = sorted([*SHARED.glob("hsds/examples/*.json"), *SHARED.glob("samples/oruk-default/*.json")])
CODES = {"required": "required", "type": "wrong-type", "enum": "not-in-list"}
FORMATS = {"uuid": "not-a-uuid", "uri": "not-a-uri", "email": "not-an-email", "date-time": "not-a-date-time"}

pytestmark = pytest.mark.skipif(not OBJECTS.exists(), reason="the official schemas do not lie beside the project")


def schema(name):
    return json.loads((OBJECTS / f"{name}.json").read_text())


def validator(kind):
    registry = Registry().with_resources(
        (file.name, Resource.from_contents(json.loads(file.read_text()), default_specification=DRAFT202012))
        for file in OBJECTS.glob("*.json"))
    return Draft202012Validator(schema(kind), registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)


def validate(path, *more):
    done = subprocess.run([PROGRAM, "validate", str(path), "--json", *more], capture_output=True, text=True)
    return done.returncode, json.loads(done.stdout)


def pointer(error, start):
    path = [*start, *error.absolute_path]
    return "".join(f"/{part}" for part in path)


def expected(kind, document):
    """What jsonschema says, in our words: (path, code); for one that is missing the path of the record."""
    if isinstance(document, dict) and "contents" in document:
        parts = [(["contents", i], part) for i, part in enumerate(document["contents"])]
    else:
        parts = [([], document)]
    checker = validator(kind)
    return sorted(
        (pointer(error, start), FORMATS[error.validator_value] if error.validator == "format" else CODES[error.validator])
        for start, part in parts for error in checker.iter_errors(part))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_agrees_with_jsonschema_on_every_example(file):
    kind = file.stem.removesuffix("_full").removesuffix("_list")
    code, report = validate(file)
    ours = sorted((flaw["path"], flaw["code"]) for flaw in report["flaws"]
                  if flaw["group"] == "schema" and flaw["severity"] == "error")
    if not (OBJECTS / f"{kind}.json").exists():
        assert kind in ("base", "api_details") or (code == 1 and report["flaws"][0]["code"] == "unknown-form")
        return
    theirs = expected(kind, json.loads(file.read_text()))
    assert ours == theirs
    assert code == (1 if theirs else 0), report["flaws"]


BROKEN = {
    "no name": lambda s: s.pop("name"), "null": lambda s: s.update(description=None),
    "a number as text": lambda s: s.update(minimum_age="12"), "text as a number": lambda s: s.update(name=12),
    "true as a number": lambda s: s.update(maximum_age=True), "status": lambda s: s.update(status="open"),
    "id": lambda s: s.update(id="7"), "id without dashes": lambda s: s.update(id=s["id"].replace("-", "")),
    "url": lambda s: s.update(url="example.org"), "url with a space": lambda s: s.update(url="https://example.org/a b"),
    "email": lambda s: s.update(email="nobody"), "moment": lambda s: s.update(last_modified="2023-03-15 10:30"),
    "no such day": lambda s: s.update(last_modified="2023-02-30T10:30:00Z"),
    "phones not a list": lambda s: s.update(phones={}), "a phone that is text": lambda s: s.update(phones=["1"]),
    "a phone without number": lambda s: s["phones"][0].pop("number"), "organization": lambda s: s.update(organization=[]),
    "deep": lambda s: s["service_at_locations"][0]["location"].update(latitude="54"),
    "reference": lambda s: s.update(organization_id="x"), "unit": lambda s: s["capacities"][0].pop("unit"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_agrees_with_jsonschema_on_a_broken_example(name, tmp_path):
    document = json.loads((SHARED / "hsds/examples/service_full.json").read_text())
    BROKEN[name](document)
    file = tmp_path / "service.json"
    file.write_text(json.dumps(document))
    code, report = validate(file)
    ours = sorted((flaw["path"], flaw["code"]) for flaw in report["flaws"]
                  if flaw["group"] == "schema" and flaw["severity"] == "error")
    assert ours == expected("service", document)
    assert ours and code == 1


def test_what_cannot_be_read_ends_with_two_and_one_sentence(tmp_path):
    (tmp_path / "broken.json").write_text("{")
    code, report = validate(tmp_path / "broken.json")
    assert code == 2 and report["flaws"][0]["code"] == "unreadable"
    for source in (tmp_path / "nothing.json", "http://127.0.0.1:9"):
        done = subprocess.run([PROGRAM, "validate", str(source)], capture_output=True, text=True)
        assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_sarif_has_a_rule_for_every_result(tmp_path):
    done = subprocess.run([PROGRAM, "validate", "--sarif", str(SHARED / "samples/oruk-default/organization_list.json")],
                          capture_output=True, text=True)
    run = json.loads(done.stdout)["runs"][0]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert run["results"] and all(result["ruleId"] in rules for result in run["results"])
    assert {result["level"] for result in run["results"]} <= {"error", "warning", "note"}


def test_our_own_exports_are_valid(tmp_path):
    for name, form in (("package", "hsds"), ("package.zip", "hsds"), ("all.json", "json"), ("all.ndjson", "ndjson")):
        made = run("export", "--format", form, "--output", str(tmp_path / name), data=tmp_path / "data")
        assert made.returncode == 0, made.stderr
        code, report = validate(tmp_path / name)
        assert code == 0 and report["records"] > 100, report["flaws"][:3]


def test_an_export_that_cannot_be_written_says_so_in_one_sentence_and_leaves_nothing(tmp_path):
    data = tmp_path / "data"
    for name in ("no/such/folder.csv", "full"):
        output = "/dev/full" if name == "full" else str(tmp_path / name)
        made = run("export", "--format", "csv", "--output", output, data=data)
        assert made.returncode == 1 and len(made.stderr.strip().splitlines()[-1:]) == 1, made.stderr
        assert "Traceback" not in made.stderr and made.stderr.strip().splitlines()[-1].startswith("waymark: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]
