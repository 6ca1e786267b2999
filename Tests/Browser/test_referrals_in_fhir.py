"""The bundles that FHIRTests approved, read by two clients of other people: fhirclient, made from FHIR 4.0.1, which refuses
what the standard does not have, and fhir.resources, which checks the form of every value (4.3.0; the resources that we
write are the same there)."""

import json

import pytest
from fhir.resources.R4B import get_fhir_model_class
from fhirclient.models import bundle as r4
from fhirclient.models.fhirabstractbase import FHIRValidationError

from conftest import ROOT

LINES = (ROOT / "Tests/Golden/fhir.ndjson").read_text().splitlines()

# The value sets of R4 with a required binding, from hl7.org/fhir/R4; neither client holds its readers to them.
CODES = {
    "Bundle": {"type": {"document", "message", "transaction", "transaction-response", "batch", "batch-response", "history",
                        "searchset", "collection"}},
    "Task": {"status": {"draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress",
                        "on-hold", "failed", "completed", "entered-in-error"},
             "intent": {"unknown", "proposal", "plan", "order", "original-order", "reflex-order", "filler-order",
                        "instance-order", "option"}},
    "ServiceRequest": {"status": {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"},
                       "intent": {"proposal", "plan", "directive", "order", "original-order", "reflex-order",
                                  "filler-order", "instance-order", "option"}},
    "Consent": {"status": {"draft", "proposed", "active", "rejected", "inactive", "entered-in-error"}},
}


def resources(line):
    return [entry["resource"] for entry in json.loads(line).get("entry", [])]


@pytest.mark.parametrize("line", LINES)
def test_a_client_made_from_r4_reads_every_member_and_gives_back_the_same(line):
    read = r4.Bundle(json.loads(line), strict=True)
    assert read.as_json() == json.loads(line)
    kinds = {type(entry.resource).__name__ for entry in read.entry or []}
    assert kinds <= {"Task", "ServiceRequest", "Consent", "HealthcareService", "Organization"}, "each has its class"


@pytest.mark.parametrize("line", LINES)
def test_every_value_has_the_form_that_its_type_asks_for(line):
    model = get_fhir_model_class("Bundle").model_validate_json(line)
    assert json.loads(model.model_dump_json()) == json.loads(line)


@pytest.mark.parametrize("line", LINES)
def test_codes_are_those_of_the_value_sets_and_invariants_hold(line):
    for resource in [json.loads(line), *resources(line)]:
        for name, codes in CODES.get(resource["resourceType"], {}).items():
            assert resource[name] in codes
        if resource["resourceType"] == "Task":
            assert resource["lastModified"] >= resource["authoredOn"], "inv-1"
        if resource["resourceType"] == "Consent":
            assert "policy" in resource or "policyRule" in resource, "ppc-1"
            assert "patient" in resource, "ppc-2"
            outer = resource.get("provision", {"provision": []})
            assert "type" not in outer, "the outer rule has no type"
            for rule in outer["provision"]:
                assert rule["type"] == "permit" and rule["code"], "a rule says which parts"
                assert rule["period"].get("start", "") <= rule["period"]["end"], "per-1"
        if resource["resourceType"] == "Organization":
            assert resource.get("identifier") or resource.get("name"), "org-1"


def test_every_state_of_a_referral_is_among_them():
    found = {resource["status"] for line in LINES for resource in resources(line) if resource["resourceType"] == "Task"}
    assert found == CODES["Task"]["status"]


@pytest.mark.parametrize("spoil", [
    lambda task: task.update(titel="x"), lambda task: task.pop("status"), lambda task: task.update(owner="x"),
    lambda task: task.update(authoredOn="soon")], ids=["an unknown member", "no status", "a text for a reference", "no day"])
def test_the_clients_refuse_what_is_not_r4(spoil):
    bundle = json.loads(LINES[0])
    spoil(bundle["entry"][0]["resource"])
    with pytest.raises((FHIRValidationError, ValueError)):
        r4.Bundle(bundle, strict=True)
        get_fhir_model_class("Bundle").model_validate_json(json.dumps(bundle))
