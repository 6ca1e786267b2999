import Kernel
import Storage
import Web

/// What a later scan says of a finding that an indicator is about.
enum FindingStanding: String, Sendable { case closed, open, new, unlooked }

extension Landscape {
    func evaluation() async throws -> Evaluation {
        try await database.read { transaction in
            let store = EvaluationStore(transaction)
            return Evaluation(try store.indicators(), try store.measurements())
        }
    }

    /// For staff: all of it, also what nobody else sees.
    func indicators() async throws -> [Indicator] { try await database.read { try EvaluationStore($0).indicators() } }

    /// For staff: one indicator with everything measured.
    func indicator(_ id: String?) async throws -> (indicator: Indicator, measurements: [Measurement]) {
        let id = id.flatMap(Identifier<Indicator>.init)
        return try await database.read { transaction in
            let store = EvaluationStore(transaction)
            guard let indicator = try id.flatMap(store.indicator) else { throw EvaluationRefusal.noIndicator }
            return (indicator, try store.measurements(of: indicator.id))
        }
    }

    func changes(of id: Identifier<Indicator>) async throws -> [IndicatorChange] {
        try await database.read { try EvaluationStore($0).changes(of: id) }
    }

    /// What each later scan says of these findings, which are its own or of the baseline.
    /// - Parameter ids: of the findings, by their codes.
    func standings(of ids: [String: String]) async throws -> [(scan: Scan, code: String, standing: FindingStanding)] {
        var standings: [(scan: Scan, code: String, standing: FindingStanding)] = []
        guard !ids.isEmpty else { return [] }
        for scan in try await scans() where !scan.isBaseline {
            let comparison = try await comparison(of: scan.code)
            let parts: [(FindingStanding, [Finding])] = [
                (.closed, comparison.closed), (.open, comparison.open), (.new, comparison.new),
                (.unlooked, comparison.unlooked),
            ]
            for (standing, findings) in parts {
                standings += findings.filter { ids[$0.code] == $0.id.description }.map { (scan, $0.code, standing) }
            }
        }
        return standings
    }

    /// Adds an indicator or changes it, with its history. Sent twice it is one. Nothing new changes nothing.
    /// - Parameter version: that the form was made for; 0 for a new one.
    /// - Throws: `EvaluationFaults`.
    func keep(_ draft: IndicatorDraft, as id: Identifier<Indicator>, version: Int, by signedIn: SignedIn) async throws {
        let now = world.now()
        try await database.write { transaction in
            let store = EvaluationStore(transaction)
            let current = try store.indicator(id)
            if current != nil, version == 0 { return }
            if (current?.version ?? 0) != version {
                throw EvaluationFaults(problems: Problems("version", "indicator-changed"))
            }
            var known = IndicatorDraft.Known(others: try store.indicators().filter { $0.id != id })
            known.actions = Set(
                try Self.texts(of: draft.linked(.actions), in: transaction).keys.filter { $0.hasPrefix("act-") })
            known.findings = Set(try Self.findings(coded: draft.linked(.findings), in: transaction).keys)
            let measured = try store.measurements(of: id)
            (known.isMeasured, known.firstMeasured) = (!measured.isEmpty, measured.first { !$0.isWithdrawn }?.day)
            let texts = try draft.checked(for: id, was: current, known)
            var changed = try current ?? Indicator(id: id, number: store.lastNumber() + 1)
            changed.texts = texts
            let changes = Indicator.Field.allCases.compactMap { field -> IndicatorChange? in
                let (before, after) = (current?[field] ?? "", changed[field])
                if before == after { return nil }
                return IndicatorChange(
                    at: now, actor: signedIn.actor.name, desk: signedIn.organization, what: field.rawValue,
                    before: before, after: after)
            }
            if changes.isEmpty { return }
            if current == nil { try store.add(changed) } else { try store.update(changed) }
            try store.add(changes, to: id)
            try AuditChain(transaction).append(
                .init(
                    actor: signedIn.actor, verb: current == nil ? "add" : "change", kind: "indicator",
                    record: id.description), at: now)
        }
    }

    /// Keeps what was seen. Sent twice it is one.
    /// - Throws: `Problems`.
    func measure(
        _ draft: MeasurementDraft, as id: Identifier<Measurement>, of indicator: Identifier<Indicator>,
        by signedIn: SignedIn
    ) async throws {
        let now = world.now()
        try await database.write { transaction in
            let store = EvaluationStore(transaction)
            if try store.measurement(id) != nil { return }
            guard let indicator = try store.indicator(indicator) else { throw EvaluationRefusal.noIndicator }
            guard indicator[.state] == "open" else { throw EvaluationRefusal.closed }
            let measurement = try draft.checked(as: id, of: indicator, today: now.day, desk: signedIn.organization)
            try store.add(measurement, at: now)
            try note(measurement.isTold ? "told" : "measured", measurement, in: store, at: now, by: signedIn)
        }
    }

    /// Takes a measurement back: a told text for good, whoever asks need not say why; a count stays with its reason, unseen.
    /// - Throws: `Problems` where a count is taken back without a reason.
    func withdraw(_ id: Identifier<Measurement>, reason: String, by signedIn: SignedIn) async throws {
        let now = world.now()
        try await database.write { transaction in
            let store = EvaluationStore(transaction)
            guard let measurement = try store.measurement(id) else { throw EvaluationRefusal.noIndicator }
            guard measurement.desk == signedIn.organization || signedIn.actor.may(.keepLandscape) else {
                throw EvaluationRefusal.notYours
            }
            if measurement.isWithdrawn { return }
            if !measurement.isTold, reason.isEmpty { throw Problems("reason", "required") }
            if reason.count > 500 { throw Problems("reason", "too-long") }
            try store.withdraw(measurement, reason: reason)
            try note(measurement.isTold ? "taken-back" : "withdrawn", measurement, in: store, at: now, by: signedIn)
        }
    }

    private func note(
        _ what: String, _ measurement: Measurement, in store: EvaluationStore, at now: Instant, by signedIn: SignedIn
    ) throws {
        let change = IndicatorChange(
            at: now, actor: signedIn.actor.name, desk: signedIn.organization, what: what, before: "",
            after: measurement.day.description)
        try store.add([change], to: measurement.indicator)
        try AuditChain(store.transaction).append(
            .init(
                actor: signedIn.actor, verb: ["measured", "told"].contains(what) ? "measure" : "withdraw",
                kind: "indicator",
                record: measurement.indicator.description), at: now)
    }
}
