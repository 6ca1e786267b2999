import Foundation
import Kernel
import Sealing
import Support
import Testing

@testable import Intake
@testable import Platform

@Suite struct KeyFileTests {
    @Test func `the key is made once, for its user alone, and a damaged one stops the start with a sentence`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-key-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let made = try IntakeKey.secret(in: folder, .live)
        #expect(try IntakeKey.secret(in: folder, .live).mark == made.mark)
        let file = folder.appending(path: IntakeKey.fileName)
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        for text in ["", "c2hvcnQ=", "not a key"] {
            try text.write(to: file, atomically: true, encoding: .utf8)
            #expect(throws: Settings.Fault.self) { try IntakeKey.secret(in: folder, .live) }
        }
        #expect(throws: Settings.Fault.self) {
            try IntakeKey.secret(in: folder.appending(path: "nowhere"), .live)
        }
    }

    @Test func `who does not serve makes no key, takes the one that is there, and has a strange one without it`() throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-key-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let strange = try IntakeKey.known(in: folder, .live)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        let made = try IntakeKey.secret(in: folder, .live)
        #expect(strange.mark != made.mark)
        #expect(try IntakeKey.known(in: folder, .live).mark == made.mark)
        try "not a key".write(to: folder.appending(path: IntakeKey.fileName), atomically: true, encoding: .utf8)
        #expect(throws: Settings.Fault.self) { try IntakeKey.known(in: folder, .live) }
    }
}
