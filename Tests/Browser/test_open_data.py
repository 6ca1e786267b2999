"""The HSDS API from outside: its own description holds, and its answers are what the official schemas say."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

OFFICIAL = Path(__file__).resolve().parents[3] / "shared/hsds"
LISTS = ["services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"]


def get(server, path):
    with urllib.request.urlopen(f"{server.url}/hsds/{path}") as answer:
        return json.load(answer)


def test_the_description_is_what_the_server_does(server, tmp_path):
    """Schemathesis with all its usual checks: requests made from the description, good ones and bad ones."""
    ids = {name: get(server, f"{name}?per_page=1")["contents"][0]["id"] for name in LISTS}
    done = subprocess.run(
        [Path(sys.executable).parent / "schemathesis", "run", f"{server.url}/hsds/openapi.json", "--max-examples", "25",
         "--generation-deterministic", "--no-color"],
        cwd=tmp_path, capture_output=True, text=True, timeout=170,
        env=os.environ | {"SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(Path(__file__).parent),
                          "WAYMARK_IDS": json.dumps(ids)})
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert int(re.search(r"(\d+) generated", done.stdout)[1]) > 500


@pytest.mark.skipif(not OFFICIAL.exists(), reason="the official schemas do not lie beside the project")
@pytest.mark.parametrize("query, schema", [
    ("services?", "compiled/service_list"), ("organizations?", "compiled/organization_list"),
    ("service_at_locations?", "compiled/service_at_location_list"), ("taxonomies?", "objects/taxonomy"),
    ("taxonomy_terms?", "objects/taxonomy_term"), ("services?full=true&", "objects/service"),
    ("organizations?full=true&", "objects/organization"), ("organizations?full_service=true&", "objects/organization"),
    ("service_at_locations?full=true&", "objects/service_at_location"),
])
def test_every_record_is_valid_by_the_official_schema(server, query, schema):
    import jsonschema_rs

    files = {file.name: json.loads(file.read_text()) for file in (OFFICIAL / "objects").glob("*.json")}
    for name, content in files.items():
        content["$id"] = f"https://hsds.example/{name}"
    registry = jsonschema_rs.Registry([(content["$id"], content) for content in files.values()])
    official = json.loads((OFFICIAL / f"{schema}.json").read_text()) | {"$id": f"https://hsds.example/root/{schema}.json"}
    if schema.startswith("objects/"):
        official = {"$ref": f"https://hsds.example/{schema.removeprefix('objects/')}.json"}
    validator = jsonschema_rs.Draft202012Validator(official, registry=registry, validate_formats=True)
    page = get(server, f"{query}per_page=1000")
    assert page["total_items"] == len(page["contents"]) > 0
    faults = [str(fault)[:300] for record in page["contents"] for fault in validator.iter_errors(record)]
    assert not faults, faults[:5]
