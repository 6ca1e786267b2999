"""The same documents judged by `waymark validate` and by the jsonschema package with the official schemas."""

import json
import subprocess
import time
from pathlib import Path

from settings import REGION, ROOT, WAYMARK, stop

OBJECTS = ROOT.parent / "shared/hsds/objects"


def documents(data: Path) -> Path:
    """The services of a data folder in the full form, one a line."""
    file = data / "services.ndjson"
    if not file.exists():
        made = subprocess.run(
            [str(WAYMARK), "export", "--format", "ndjson", "--kind", "service", "--output", str(file)],
            capture_output=True, text=True,
            env={"PATH": "/usr/bin:/bin", "WAYMARK_DATA": str(data), "WAYMARK_REGION": str(REGION)})
        if made.returncode:
            stop(f"waymark export failed: {made.stderr.strip()}")
    return file


def judged_by_waymark(file: Path) -> float:
    """Seconds of the whole program, start to end."""
    started = time.perf_counter()
    done = subprocess.run([str(WAYMARK), "validate", str(file), "--json"], capture_output=True, text=True)
    seconds = time.perf_counter() - started
    report = json.loads(done.stdout) if done.stdout else {}
    if done.returncode or not report.get("valid") or report.get("records", 0) < 10_000:
        stop(f"waymark validate does not take the demo: {done.stdout[:300]} {done.stderr[:300]}")
    return seconds


def judged_by_jsonschema(file: Path) -> float:
    """Seconds of reading and judging every line; making the validator does not count."""
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    if not OBJECTS.exists():
        stop(f"The official schemas are missing in {OBJECTS}.")
    registry = Registry().with_resources(
        (path.name, Resource.from_contents(json.loads(path.read_text()), default_specification=DRAFT202012))
        for path in OBJECTS.glob("*.json"))
    checker = Draft202012Validator(
        json.loads((OBJECTS / "service.json").read_text()), registry=registry,
        format_checker=Draft202012Validator.FORMAT_CHECKER)
    lines = file.read_text().splitlines()
    started = time.perf_counter()
    faults = sum(1 for text in lines for _ in checker.iter_errors(json.loads(text)))
    seconds = time.perf_counter() - started
    if faults:
        stop(f"jsonschema finds {faults} faults in the demo.")
    return seconds
