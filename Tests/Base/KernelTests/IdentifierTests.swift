import Foundation
import Kernel
import Testing

@Suite struct IdentifierTests {
    @Test func `an id is written in lower case, read in either and sorted as it is written`() {
        let ids = (0..<200).map { _ in Identifier<Int>(UUID()) }
        for id in ids {
            #expect(id.description == id.uuid.uuidString.lowercased())
            #expect(Identifier<Int>(id.description) == id)
            #expect(Identifier<Int>(id.uuid.uuidString) == id)
        }
        let sorted: [String] = ids.sorted().map(\.description)
        let written: [String] = ids.map(\.description).sorted()
        #expect(sorted == written)
        #expect(Identifier<Int>("{\(ids[0])}") == nil)
    }
}
