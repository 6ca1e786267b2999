import Formats
import Kernel

/// The page of a list as the standard has it, with `next_cursor` of ours.
struct HSDSPage: Sendable {
    var total: Int
    var start: Int
    var count: Int
    var size: Int
    var next: String?

    init(_ page: Publications.Page, size: Int) {
        (total, start, count, next) = (page.total, page.start, page.numbers.count, page.next)
        self.size = max(1, size)
    }

    init(total: Int, start: Int, count: Int, size: Int, next: String?) {
        (self.total, self.start, self.count, self.next) = (total, start, count, next)
        self.size = max(1, size)
    }

    /// All up to and with the bracket that opens `contents`; `tail` closes it.
    var head: [UInt8] {
        var json = JSONText()
        json.open(0x7b)
        for (name, number) in [
            ("total_items", total), ("total_pages", (total + size - 1) / size), ("page_number", start / size + 1),
            ("size", count),
        ] {
            json.key(name)
            json.integer(number)
        }
        for (name, flag) in [
            ("first_page", start == 0), ("last_page", start + size >= total), ("empty", count == 0),
        ] {
            json.key(name)
            json.boolean(flag)
        }
        json.member("next_cursor", next)
        json.key("contents")
        json.open(0x5b)
        return json.bytes
    }

    static let tail = Array("]}".utf8)

    /// - Parameter contents: records with commas between them.
    func json(_ contents: [UInt8]) -> [UInt8] {
        var bytes = head
        bytes.reserveCapacity(bytes.count + contents.count + Self.tail.count)
        bytes += contents
        bytes += Self.tail
        return bytes
    }
}

extension DocumentReader.Tombstone {
    var json: [UInt8] {
        var json = JSONText()
        json.object { json in
            json.member("id", id)
            json.member("kind", kind)
            json.member("last_modified", modified.description)
        }
        return json.bytes
    }
}
