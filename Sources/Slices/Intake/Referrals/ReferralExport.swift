import Formats
import Foundation
package import Kernel
import Storage

extension Intake {
    /// The referrals that a desk holds, as FHIR R4. Nothing in them was written by the person.
    package func fhir(of desk: AtDesk, in language: Language) async throws -> [UInt8] {
        let name = try await recipients.name(desk.id, language) ?? ""
        var found: [FHIRReferral] = []
        for referral in try await referrals(to: desk) {
            let service = try await services.find(referral.sent.service, language)?.name ?? ""
            guard let consent = try await consent(of: referral) else { continue }
            found.append(Self.fhir(referral.sent, name, service, consent))
        }
        return FHIRBundle.json(of: found)
    }

    private static func fhir(
        _ sent: SentReferral, _ organization: String, _ service: String, _ consent: FHIRReferral.Consent
    ) -> FHIRReferral {
        FHIRReferral(
            id: sent.id.uuid, subject: Identifier<Referral>.named("fhir/subject/\(sent.id)").uuid,
            state: FHIRReferral.State(rawValue: sent.referral.state.rawValue) ?? .requested,
            reason: (sent.rejection?.rawValue ?? sent.referral.reason?.rawValue).flatMap(FHIRCode.init),
            authoredOn: sent.sentOn, modifiedOn: sent.changedOn,
            recipient: FHIRReferral.Listing(id: sent.recipient.uuid, name: organization),
            service: FHIRReferral.Listing(id: sent.service.uuid, name: service), consent: consent)
    }

    private func consent(of referral: DeskReferral) async throws -> FHIRReferral.Consent? {
        let (id, today) = (referral.sent.grant, today)
        guard let grant = try await database.read({ try IntakeStore($0).grant(id)?.grant }),
            let purpose = FHIRCode(grant.purpose.rawValue)
        else { return nil }
        return FHIRReferral.Consent(
            id: id.uuid, isLive: grant.isLive(on: today), givenOn: grant.givenOn,
            endsOn: min(grant.endedOn ?? grant.endsOn, grant.endsOn),
            parts: referral.parts.compactMap { FHIRCode($0.part.kind.rawValue) }, purpose: purpose)
    }

    /// What was given with one referral as a row of HTCDS 2.0. Every part in it is a reading; the ways to be reached are never.
    package func htcds(of id: Identifier<Referral>, at desk: AtDesk) async throws -> [UInt8] {
        let (today, now) = (today, world.now())
        let row = try await database.write { [world] transaction in
            let sent = try Self.held(id, desk, on: today, transaction)
            let parts = try Self.seen(sent, on: today, transaction).parts
            guard !parts.isEmpty else { throw ReferralFault.over }
            var answers: [String: [String: [String]]] = [:]
            for (part, grant) in parts where part.kind != .safeContact {
                let open = try Self.openPart(part.id, under: grant, at: desk, world, now, transaction)
                answers[open.kind.rawValue] = open.answers.values
            }
            return HTCDSCase(answers: answers, allowed: Set(answers.keys), acceptedOn: sent.acceptedOn)
        }
        var sheet = HTCDSSheet()
        return sheet.opening() + sheet.bytes(of: row)
    }
}
