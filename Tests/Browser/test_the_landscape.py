"""The scan as files that other programs open: HXL tags by libhxl, DOCX by LibreOffice, PDF by its own marks; and bad files."""

import io
import json
import re
import subprocess

import hxl
import pytest

from conftest import ROOT, run
from site_map import ask

SCAN = ROOT / "Data/bc/landscape"


def findings():
    return json.loads((SCAN / "findings.json").read_text())


def test_the_table_of_findings_is_read_by_libhxl(server):
    text = ask(server, "/landscape/findings.csv").text
    source = hxl.data(io.BytesIO(text.encode()), hxl.InputOptions(allow_local=True))
    rows = list(source)
    assert len(rows) == len(findings()) - 1
    assert source.columns[1].display_tag == "#meta+id"
    told = {row.get("#meta+id-continues"): row.get("#description+finding") for row in rows}
    assert told["fnd-t01-01"] == "Three drop-in spaces offer safety."
    kinds = {row.get("#indicator+kind") for row in hxl.data(io.BytesIO(text.encode())).with_rows("#sector+focus=intervention")}
    assert kinds == {"existing", "gap", "barrier", "opportunity"}


def test_the_systems_map_is_what_kumu_takes(server):
    told = json.loads(ask(server, "/landscape/systems.json").text)
    labels = [element["label"] for element in told["elements"]]
    assert len(labels) == len(set(labels))
    assert all({line["from"], line["to"]} <= set(labels) for line in told["connections"])


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    return tmp_path_factory.mktemp("scan")


def test_a_report_in_word_s_form_is_opened_by_libreoffice_and_holds_every_row(scanned):
    made = run("report", "--format", "docx", "--output", scanned / "report.docx", data=scanned)
    assert made.returncode == 0, made.stderr
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{scanned}/office", "--headless", "--convert-to", "txt:Text",
         "--outdir", scanned, scanned / "report.docx"], check=True, capture_output=True, timeout=120)
    # What a cell breaks over lines is one text again.
    text = re.sub(r"\s+", " ", (scanned / "report.txt").read_text("utf-8-sig"))
    held = [entry for entry in findings() if entry["flag"] == "as named in source; verify"]
    for entry in findings():
        # The converter writes a typewriter's quotes as a printer's.
        plain = re.sub("[‘’']", "’", entry["text"])
        assert (plain in re.sub("[‘’']", "’", text)) == (entry not in held), entry["id"]
    assert text.index("What this cannot tell you") < text.index("Table 1: Support services")


def test_a_report_is_a_pdf_too_and_one_that_cannot_be_written_leaves_nothing(scanned):
    made = run("report", "--format", "pdf", "--language", "fr", "--output", scanned / "report.pdf", data=scanned)
    assert made.returncode == 0, made.stderr
    assert (scanned / "report.pdf").read_bytes()[:5] == b"%PDF-"
    for name in ("docx", "pdf", "markdown"):
        refused = run("report", "--format", name, "--output", scanned / "none/report", data=scanned)
        assert refused.returncode == 1 and "cannot be written" in refused.stderr
    assert run("report", "--format", "odt", data=scanned).returncode == 64


def test_a_baseline_over_another_is_refused_by_name(scanned, tmp_path):
    for name in ("findings.json", "scan_meta.json"):
        (tmp_path / name).write_text((SCAN / name).read_text().replace("Three drop-in", "Four drop-in"))
    refused = run("scan", "load", tmp_path, "--baseline", data=scanned)
    assert refused.returncode == 1 and "There is a baseline already" in refused.stderr
    same = run("scan", "load", SCAN, "--baseline", data=scanned)
    assert same.returncode == 0 and "nothing was changed" in same.stderr
    missing = run("scan", "load", tmp_path / "none", data=scanned)
    assert missing.returncode == 1 and "is not there" in missing.stderr


def test_a_later_scan_is_filled_from_a_file_and_bad_rows_are_named(scanned, tmp_path):
    assert run("scan", "begin", "2027", "--title", "Second look", "--published", "2027-03", data=scanned).returncode == 0
    rows = tmp_path / "rows.csv"
    rows.write_text("code,focus,kind,text,source\na,prevention,gap,No bus.,Meeting\n"
                    f"b,prevention,wish,x,Meeting\nc,prevention,gap,{'x' * 5000},Meeting\n")
    for words, sentence in ((["--dry-run"], "1 would be added"), ([], "1 added as drafts"), ([], "1 there already")):
        told = run("scan", "import", rows, "--scan", "2027", *words, data=scanned)
        assert told.returncode == 2 and sentence in told.stderr
        assert told.stdout.splitlines() == ["row 3: kind unknown-choice", "row 4: text too-long"]
    rows.write_text("text,kind\n" + "x" * 1_000_000 + ",gap\n")
    refused = run("scan", "import", rows, "--scan", "2027", data=scanned)
    assert refused.returncode == 1 and "line 2 is longer than a finding can be" in refused.stderr
