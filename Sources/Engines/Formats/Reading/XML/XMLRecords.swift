import CExpat

/// Reads XML in chunks and gives each element called one of `records` when it closes; what was given is forgotten, so that
/// memory holds one record and its ancestors. Refuses entity declarations, deep nesting and large records.
final class XMLRecords {
    private let records: Set<String>
    private let limits: ReadingLimits
    private let file: String
    private let body: (XMLNode) throws -> Void
    private let parser: XML_Parser
    private var open: [XMLNode] = []
    private var size = 0
    private var failure: (any Error)?

    init(
        _ records: Set<String>, file: String, limits: ReadingLimits, _ body: @escaping (XMLNode) throws -> Void
    ) throws(ReadingFault) {
        guard let parser = XML_ParserCreate(nil) else {
            throw ReadingFault("unreadable", "\(file) cannot be read.", at: Origin(file: file, line: 1))
        }
        (self.records, self.limits, self.file, self.body, self.parser) = (records, limits, file, body, parser)
        XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        XML_SetElementHandler(
            parser,
            { user, name, attributes in XMLRecords.of(user)?.start(name, attributes) },
            { user, _ in XMLRecords.of(user)?.end() })
        XML_SetCharacterDataHandler(parser) { user, text, count in XMLRecords.of(user)?.text(text, Int(count)) }
        XML_SetEntityDeclHandler(parser) { user, _, _, _, _, _, _, _, _ in
            XMLRecords.of(user)?.refuse("entities", "declares entities, which are not taken")
        }
        XML_SetUnknownEncodingHandler(parser, { _, name, map in XMLRecords.encoding(name, map) }, nil)
    }

    deinit { XML_ParserFree(parser) }

    private static func of(_ user: UnsafeMutableRawPointer?) -> XMLRecords? {
        user.map { Unmanaged<XMLRecords>.fromOpaque($0).takeUnretainedValue() }
    }

    func read(_ bytes: ByteStream) throws {
        var isAtEnd = false
        while !isAtEnd {
            let chunk = try bytes.next()
            isAtEnd = chunk == nil
            let status = (chunk ?? []).withUnsafeBytes { buffer in
                XML_Parse(parser, buffer.bindMemory(to: CChar.self).baseAddress, Int32(buffer.count), isAtEnd ? 1 : 0)
            }
            if let failure { throw failure }
            guard status == XML_STATUS_OK else {
                throw fault("not-xml", "is no well-formed XML")
            }
        }
    }

    private var line: Int { Int(XML_GetCurrentLineNumber(parser)) }

    private func fault(_ code: String, _ what: String) -> ReadingFault {
        ReadingFault(code, "\(file) \(what) (line \(line)).", at: Origin(file: file, line: line))
    }

    private func refuse(_ code: String, _ what: String) { stop(fault(code, what)) }

    private func stop(_ error: any Error) {
        if failure == nil { failure = error }
        XML_StopParser(parser, 0)
    }

    private func start(_ name: UnsafePointer<CChar>?, _ pairs: UnsafeMutablePointer<UnsafePointer<CChar>?>?) {
        guard failure == nil, let name else { return }
        guard open.count < limits.depth else { return refuse("too-deep", "is nested too deeply") }
        var attributes: [String: String] = [:]
        var at = 0
        while let key = pairs?[at], let value = pairs?[at + 1] {
            attributes[Self.local(key)] = String(cString: value)
            at += 2
        }
        size += 256 + attributes.count * 64
        open.append(XMLNode(Self.local(name), attributes, line: line, under: open.last))
    }

    private func text(_ text: UnsafePointer<CChar>?, _ count: Int) {
        guard failure == nil, let text, let node = open.last else { return }
        size += count
        guard node.bytes.count + count <= limits.field, size <= limits.record else {
            return refuse("too-large", "has a record that is too large")
        }
        node.bytes += UnsafeRawBufferPointer(start: text, count: count)
    }

    private func end() {
        guard failure == nil, let node = open.popLast() else { return }
        guard records.contains(node.name) else {
            open.last?.add(node)
            if size > limits.record { refuse("too-large", "has a record that is too large") }
            return
        }
        size = 0
        do { try body(node) } catch { stop(error) }
    }

    private static func local(_ name: UnsafePointer<CChar>) -> String {
        let name = String(cString: name)
        return name.firstIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
    }

    /// Windows-1252, which expat does not know by itself.
    private static func encoding(
        _ name: UnsafePointer<CChar>?, _ encoding: UnsafeMutablePointer<XML_Encoding>?
    ) -> Int32 {
        guard let name, let encoding, ["windows-1252", "cp1252"].contains(String(cString: name).lowercased())
        else { return Int32(XML_STATUS_ERROR.rawValue) }
        withUnsafeMutableBytes(of: &encoding.pointee.map) { bytes in
            let map = bytes.bindMemory(to: Int32.self)
            for byte in map.indices {
                let scalar = Windows1252.scalar(UInt8(byte))
                map[byte] = byte < 0x80 ? Int32(byte) : scalar == "\u{fffd}" ? Int32(byte) : Int32(scalar.value)
            }
        }
        (encoding.pointee.convert, encoding.pointee.release, encoding.pointee.data) = (nil, nil, nil)
        return Int32(XML_STATUS_OK.rawValue)
    }
}
