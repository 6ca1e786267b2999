package import Formats
package import Kernel
import Storage

extension Directory {
    /// Takes over all that `read` gives, in one transaction: after it, however it ends, the records are as before or as
    /// reported. `tell` hears of every record that changes and every fault, in the order of the file.
    /// - Throws: `ImportRefusal`, or what `read` throws; then nothing is kept.
    package func take(
        _ order: ImportOrder, by actor: Actor, tell: @escaping @Sendable (ImportEntry) -> Void,
        read: @escaping @Sendable (_ body: (Reading) throws -> Void) throws -> Void
    ) async throws -> ImportReport {
        guard actor.may(.editListings) else { throw DirectoryRefusal.notAllowed }
        guard Self.isSourceName(order.source) else { throw ImportRefusal.badSource(String(order.source.prefix(40))) }
        let now = world.now()
        do {
            let report = try await database.write { [world] transaction in
                var importer = try Importer(order, into: transaction, at: now, tell: tell)
                let started = world.uptime()
                var keeping: UInt64 = 0
                try read { reading in
                    let before = world.uptime()
                    try importer.take(reading)
                    keeping += world.uptime() - before
                }
                importer.report.secondsReading = Double(world.uptime() - started - keeping) / 1e9
                let ending = world.uptime()
                try importer.finish(by: actor)
                importer.report.secondsKeeping = Double(keeping + world.uptime() - ending) / 1e9
                if order.isDryRun { throw DryRun(report: importer.report) }
                return importer.report
            }
            try await followChanges()
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
