import Kernel
import Web

/// Notes of a workshop, the newest first, by what they say or by the group that wrote them.
struct NotesBoard {
    let workshop: Workshop
    let notes: [WorkshopNote]
    let words: Words
    var isByGroup = false
    /// What can be done with each; nothing on phones and on the wall.
    var tools: (@Sendable (WorkshopNote) -> HTML)?

    var html: HTML {
        """
        <div class="board">\(if: !isByGroup, "\(Finding.Kind.allCases, section)")\(if: isByGroup, "\(Array(workshop.groups.indices), group)")</div>
        """
    }

    private func section(_ kind: Finding.Kind) -> HTML {
        let notes = notes.filter { $0.content?.kind == kind }.reversed()
        return """
            <section><h3>\(words.several(kind))</h3><ul class="plain" data-notes="\(kind.rawValue)">\(notes, card)</ul></section>

            """
    }

    private func group(_ index: Int) -> HTML {
        let notes = notes.filter { $0.group == index + 1 }.reversed()
        return """
            <section><h3>\(workshop.groups[index])</h3><ul class="plain">\(notes, card)</ul></section>

            """
    }

    func card(_ note: WorkshopNote) -> HTML {
        guard let content = note.content else { return "" }
        let from = [
            isByGroup ? words.several(content.kind) : workshop.group(note.group), words.workshopName(content.focus),
            content.place,
            note.source == .paper ? words(.noteFromPaper) : nil,
        ].compactMap(\.self)
        return """
            <li class="card" id="note-\(note.id.description)" data-kind="\(content.kind.rawValue)"><p class="written" lang="\(note.language.code)">\(content.text)</p><p class="by">\(from.joined(separator: " · "))</p>\(tools?(note))</li>

            """
    }
}

/// What is done now, with the time that is left.
struct NowBanner {
    let workshop: Workshop
    let now: Instant
    let words: Words

    var html: HTML {
        guard let item = workshop.running, let endsAt = item.endsAt else {
            return "<p class=\"note\" id=\"now\">\(words(.nowNothing))</p>"
        }
        let left = max(0, Int(endsAt.seconds - now.seconds))
        return """
            <div class="note" id="now" data-left="\(left)"><p><strong>\(words.name(item.part))</strong></p><p>\(words.ask(item.part))</p>
            <p class="clock">\(left > 0 ? words(.nowLeft, count: (left + 59) / 60) : words(.nowOver))</p></div>
            """
    }
}

/// What is new in a workshop, as events that a page puts in its place.
struct WorkshopEvents {
    let news: RoomNews
    let now: Instant
    let words: Words

    var all: [(number: Int, bytes: [UInt8])] {
        let board = NotesBoard(workshop: news.workshop, notes: [], words: words)
        let notes = news.notes.map { note in
            note.content == nil
                ? event(note.number, "gone", "\("note-\(note.id)")") : event(note.number, "note", board.card(note))
        }
        let banner = NowBanner(workshop: news.workshop, now: now, words: words).html
        let own =
            news.workshop.door == nil
            ? event(news.workshop.changed, "over", "<p class=\"note\" id=\"now\">\(words(.overNow))</p>")
            : event(news.workshop.changed, "now", banner)
        return (notes + [own]).sorted { $0.number < $1.number }
    }

    /// For who came by a code that is not the room's any more. It has no number: nothing of the workshop is in it.
    static func farewell(_ words: Words) -> [UInt8] {
        bytes("event: over\n", "<p class=\"note\" id=\"now\">\(words(.overCode))</p>")
    }

    private func event(_ number: Int, _ name: String, _ html: HTML) -> (number: Int, bytes: [UInt8]) {
        (number, Self.bytes("id: \(number)\nevent: \(name)\n", html))
    }

    /// Lines of markup become lines of data; none of them holds a carriage return.
    private static func bytes(_ head: String, _ html: HTML) -> [UInt8] {
        var bytes = Array(head.utf8)
        for line in html.bytes.split(separator: 0x0a) { bytes += Array("data: ".utf8) + line + [0x0a] }
        return bytes + [0x0a]
    }
}

extension NoteSheet {
    /// Of the form or address that asks for older notes.
    static let field = "before"
}
