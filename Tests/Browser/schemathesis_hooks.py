"""What OpenAPI cannot say about valid requests: which parameters go together, and what places and ids there are."""

import json
import os

import schemathesis
from schemathesis import GenerationMode

IDS = json.loads(os.environ["WAYMARK_IDS"])
POSITION = ("postcode", "near", "latitude", "longitude", "proximity")


def with_known_place(fields):
    """One way of naming a place at most, and a place that the region has."""
    if not isinstance(fields, dict) or not any(name in fields for name in POSITION):
        return
    has_point = "latitude" in fields and "longitude" in fields and "proximity" in fields
    has_place = "near" in fields
    for name in POSITION:
        if name == "proximity" or (has_point and name in ("latitude", "longitude")):
            continue
        fields.pop(name, None)
    if has_point:
        return
    if has_place:
        fields["near"] = "Terrace"
    else:
        fields.pop("proximity", None)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Valid requests alone; those that are wrong on purpose stay as they are."""
    if case.meta and case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    with_known_place(case.query)
    with_known_place(case.body)
    # A place in the query and another in the body would be two.
    if isinstance(case.body, dict) and any(name in case.body for name in POSITION):
        for name in POSITION:
            if case.query:
                case.query.pop(name, None)
    collection = case.path.strip("/").split("/")[0]
    if case.path_parameters and collection in IDS:
        case.path_parameters["id"] = IDS[collection]
