/// Reads the records of a JSON file one at a time. A record that is broken is a fault, and the next one is read.
enum JSONFile {
    static func read(_ bytes: ByteStream, _ intake: Intake, _ body: (JSONValue, Origin) throws -> Void) throws {
        var text = UTF8Stream(bytes, intake: intake)
        var elements = JSONElements(recordLimit: intake.limits.record)
        do {
            while let chunk = try text.next() {
                try elements.feed(chunk) { element in
                    let origin = Origin(file: bytes.name, line: element.line)
                    if let value = try parsed(element, origin, intake) { try body(value, origin) }
                }
            }
        } catch JSONElements.Refusal.notJSON(let line) {
            throw ReadingFault(
                "not-json", "Line \(line) of \(bytes.name) is not JSON with records.",
                at: Origin(file: bytes.name, line: line))
        } catch JSONElements.Refusal.tooLarge(let line) {
            throw ReadingFault(
                "too-large",
                "The record on line \(line) of \(bytes.name) is larger than \(intake.limits.record) bytes.",
                at: Origin(file: bytes.name, line: line))
        }
        if !elements.isComplete {
            let line = elements.openLine
            try intake.fault(
                "cut-short", "\(bytes.name) ends within what begins on line \(line).",
                at: Origin(file: bytes.name, line: line))
        }
    }

    private static func parsed(_ element: JSONElements.Element, _ origin: Origin, _ intake: Intake) throws -> JSONValue?
    {
        do {
            return try JSONParser.value(of: element.bytes, depth: intake.limits.depth)
        } catch JSONParser.Fault.tooDeep {
            try intake.fault("too-deep", "The record on line \(origin.line) is nested too deeply.", at: origin)
        } catch JSONParser.Fault.broken(let at) {
            let line = origin.line + element.bytes.prefix(at).count { $0 == 0x0a }
            try intake.fault(
                "not-json", "The record on line \(origin.line) is no JSON from line \(line) on.",
                at: Origin(file: origin.file, line: line))
        }
        return nil
    }
}
