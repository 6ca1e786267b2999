import Foundation
import Kernel

/// Referrals as one Bundle (type collection) of FHIR R4 (4.0.1, hl7.org/fhir/R4): for each a Task, the ServiceRequest that it
/// fulfils and the Consent that it stands on; each service and organization once. Every reference is to an entry of the
/// bundle but that to the person, of whom there is only a random identifier. Members stand in the order of the standard.
package enum FHIRBundle {
    package static func json(of referrals: [FHIRReferral]) -> [UInt8] {
        var entries = FHIREntries()
        for referral in referrals { entries.add(referral) }
        var json = JSONText()
        json.object { json in
            json.member("resourceType", "Bundle")
            json.member("type", "collection")
            // FHIR has no empty lists.
            guard !entries.resources.isEmpty else { return }
            json.key("entry")
            json.array { json in
                for (url, resource) in entries.resources {
                    json.object { json in
                        json.member("fullUrl", url)
                        json.key("resource")
                        json.raw(resource)
                    }
                }
            }
        }
        return json.bytes
    }
}

private struct FHIREntries {
    private(set) var resources: [(url: String, json: [UInt8])] = []
    private var seen: Set<UUID> = []

    private static let hl7 = "http://terminology.hl7.org/CodeSystem"

    mutating func add(_ referral: FHIRReferral) {
        let request = Identifier<FHIRReferral>.named("fhir/ServiceRequest/\(Self.text(referral.id))").uuid
        add("Task", referral.id) { Self.task(referral, request, &$0) }
        add("ServiceRequest", request) { Self.request(referral, &$0) }
        add("Consent", referral.consent.id) { Self.consent(referral, &$0) }
        add("HealthcareService", referral.service.id) { json in
            json.member("providedBy") { Self.reference(referral.recipient.id, &$0) }
            json.member("name", Self.plain(referral.service.name))
        }
        add("Organization", referral.recipient.id) { json in
            json.member("identifier") { $0.array { Self.identifier(referral.recipient.id, &$0) } }
            json.member("name", Self.plain(referral.recipient.name))
        }
    }

    private mutating func add(_ type: String, _ id: UUID, _ members: (inout JSONText) -> Void) {
        guard seen.insert(id).inserted else { return }
        var json = JSONText()
        json.object { json in
            json.member("resourceType", type)
            json.member("id", Self.text(id))
            members(&json)
        }
        resources.append((Self.url(id), json.bytes))
    }

    // MARK: Resources

    private static func task(_ referral: FHIRReferral, _ request: UUID, _ json: inout JSONText) {
        json.member("status", referral.state.rawValue)
        if let reason = referral.reason {
            json.member("statusReason") { concept("urn:waymark:referral-reason", reason.word, &$0) }
        }
        json.member("intent", "order")
        json.member("code") { concept("http://hl7.org/fhir/CodeSystem/task-code", "fulfill", &$0) }
        json.member("focus") { reference(request, &$0) }
        json.member("for") { person(referral.subject, &$0) }
        json.member("authoredOn", referral.authoredOn.description)
        // Invariant inv-1: not before it was authored, which a clock that was set back would make it.
        json.member("lastModified", max(referral.authoredOn, referral.modifiedOn).description)
        json.member("owner") { reference(referral.recipient.id, &$0) }
    }

    private static func request(_ referral: FHIRReferral, _ json: inout JSONText) {
        json.member("status", referral.state.requestStatus)
        json.member("intent", "order")
        json.member("subject") { person(referral.subject, &$0) }
        json.member("authoredOn", referral.authoredOn.description)
        json.member("performer") { $0.array { reference(referral.service.id, &$0) } }
        json.member("supportingInfo") { $0.array { reference(referral.consent.id, &$0) } }
    }

    /// Nothing is shared (OPTOUT) but what the one rule under it permits. The outer rule has no type in R4, each inner one has.
    private static func consent(_ referral: FHIRReferral, _ json: inout JSONText) {
        let consent = referral.consent
        json.member("status", consent.isLive ? "active" : "inactive")
        json.member("scope") { concept("\(hl7)/consentscope", "patient-privacy", &$0) }
        json.member("category") { $0.array { concept("\(hl7)/v3-ActCode", "IDSCL", &$0) } }
        json.member("patient") { person(referral.subject, &$0) }
        json.member("dateTime", consent.givenOn.description)
        json.member("policyRule") { concept("\(hl7)/v3-ActCode", "OPTOUT", &$0) }
        // A rule without parts would permit all of them.
        guard !consent.parts.isEmpty else { return }
        json.key("provision")
        json.object { json in
            json.member("provision") { $0.array { $0.object { rule(consent, for: referral.recipient.id, &$0) } } }
        }
    }

    private static func rule(_ consent: FHIRReferral.Consent, for recipient: UUID, _ json: inout JSONText) {
        json.member("type", "permit")
        json.key("period")
        json.object { json in
            // Invariant per-1: no period starts after its end.
            if consent.givenOn <= consent.endsOn { json.member("start", consent.givenOn.description) }
            json.member("end", consent.endsOn.description)
        }
        json.key("actor")
        json.array { json in
            json.object { json in
                json.member("role") { concept("\(hl7)/v3-ParticipationType", "IRCP", &$0) }
                json.member("reference") { reference(recipient, &$0) }
            }
        }
        json.member("action") { $0.array { concept("\(hl7)/consentaction", "access", &$0) } }
        json.key("purpose")
        json.array { json in
            // Coordination of care, of the value set v3-PurposeOfUse; and our own word.
            coding("\(hl7)/v3-ActReason", "COC", &json)
            coding("urn:waymark:purpose", consent.purpose.word, &json)
        }
        json.key("code")
        json.array { json in
            for part in consent.parts { concept("urn:waymark:part", part.word, &json) }
        }
    }

    // MARK: Values

    private static func person(_ subject: UUID, _ json: inout JSONText) {
        json.object { json in
            json.member("type", "Patient")
            json.member("identifier") { identifier(subject, &$0) }
        }
    }

    private static func identifier(_ id: UUID, _ json: inout JSONText) {
        json.object { json in
            json.member("system", "urn:ietf:rfc:3986")
            json.member("value", url(id))
        }
    }

    private static func reference(_ id: UUID, _ json: inout JSONText) {
        json.object { $0.member("reference", url(id)) }
    }

    private static func concept(_ system: String, _ code: String, _ json: inout JSONText) {
        json.object { json in
            json.member("coding") { $0.array { coding(system, code, &$0) } }
        }
    }

    private static func coding(_ system: String, _ code: String, _ json: inout JSONText) {
        json.object { json in
            json.member("system", system)
            json.member("code", code)
        }
    }

    private static func text(_ id: UUID) -> String { Identifier<FHIRReferral>(id).description }
    private static func url(_ id: UUID) -> String { "urn:uuid:\(text(id))" }

    /// A string of FHIR: without control characters, never empty.
    private static func plain(_ text: String) -> String? {
        let plain = text.plain.trimmingCharacters(in: .whitespaces)
        return plain.isEmpty ? nil : plain
    }
}
