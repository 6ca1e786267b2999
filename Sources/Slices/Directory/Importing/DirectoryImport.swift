package import Formats
package import Kernel
import Storage

extension Directory {
    /// Takes over all that `read` gives: all of it is decoded first, then kept in one transaction. After it, however it
    /// ends, the records are as before or as reported. `tell` hears of every record that changes and every fault.
    /// - Throws: `ImportRefusal`, or what `read` throws; then nothing is kept.
    package func take(
        _ order: ImportOrder, by actor: Actor, tell: @escaping @Sendable (ImportEntry) -> Void,
        read: @escaping @Sendable (_ body: (Reading) throws -> Void) throws -> Void
    ) async throws -> ImportReport {
        guard actor.may(.editListings) else { throw DirectoryRefusal.notAllowed }
        guard Self.isSourceName(order.source) else { throw ImportRefusal.badSource(String(order.source.prefix(40))) }
        let started = world.uptime()
        var spool = try ImportSpool(source: order.source)
        try read { try spool.add($0) }
        let spooled = try spool.finish()
        let decoded = world.uptime()
        do {
            var report = try await kept { [world, data] transaction in
                let changes = RecordChanges(transaction, by: actor, world)
                var importer = try Importer(order, with: changes, data.gazetteer, tell: tell)
                try spooled.each { try importer.take($0) }
                try importer.finish()
                if order.isDryRun { throw DryRun(report: importer.report) }
                return importer.report
            }
            report.secondsReading = Double(decoded - started) / 1e9
            report.secondsKeeping = Double(world.uptime() - decoded) / 1e9
            await showChanges()
            return report
        } catch let tried as DryRun {
            return tried.report
        }
    }

    /// Undoes the transaction that was only tried.
    private struct DryRun: Error {
        let report: ImportReport
    }

    static func isSourceName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 40
            && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46 }
    }
}
