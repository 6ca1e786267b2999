/// The entries of a .qdpx that are read: the project's XML and the plain texts. Everything else is left packed.
struct QDAPackage {
    /// How much is read; a text of 8 MB is a book of four thousand pages.
    static let limits = {
        var limits = ReadingLimits.usual
        (limits.field, limits.record) = (8 << 20, 32 << 20)
        (limits.unpacked, limits.freelyUnpacked, limits.ratio) = (96 << 20, 16 << 20, 60)
        return limits
    }()
    static let mostEntries = 20_000

    var project: [UInt8]
    /// By the name within `sources/`, in lower case, because programs differ in it.
    var texts: [String: [UInt8]]

    init(_ bytes: [UInt8], name: String) throws {
        guard bytes.starts(with: Archive.zipMark) else { throw QDAFault(.notAProject, name) }
        var (project, texts, count): ([UInt8]?, [String: [UInt8]], Int) = (nil, [:], 0)
        do {
            let archive = try Archive(bytes, name: name, limits: Self.limits)
            while let path = try archive.nextEntry() {
                count += 1
                guard count <= Self.mostEntries else { throw QDAFault(.tooLarge, name) }
                let lower = path.lowercased()
                if lower == "project.qde" {
                    if project != nil { throw QDAFault(.twice, "project.qde", at: "1") }
                    project = try ByteStream(name: path, next: archive.next).whole(upTo: Self.limits.unpacked)
                } else if lower.hasPrefix("sources/"), lower.hasSuffix(".txt") {
                    let text = try ByteStream(name: path, next: archive.next).whole(upTo: Self.limits.field)
                    if texts.updateValue(text, forKey: String(lower.dropFirst(8))) != nil {
                        throw QDAFault(.twice, path, at: "1")
                    }
                }
            }
        } catch let fault as ReadingFault {
            throw QDAFault(fault, in: name)
        }
        guard let project else { throw QDAFault(.notAProject, name) }
        (self.project, self.texts) = (project, texts)
    }
}

extension QDAFault {
    /// What the readers of archives and XML say, in the words of this format.
    init(_ fault: ReadingFault, in name: String) {
        let code: Code =
            switch fault.code {
            case "zip-bomb": .zipBomb
            case "unsafe-name": .unsafeName
            case "encrypted": .encrypted
            case "entities": .entities
            case "too-large", "too-deep": .tooLarge
            case "not-xml": .notXML
            default: .unreadable
            }
        self.init(code, name, at: "\(fault.origin.line)")
    }
}
