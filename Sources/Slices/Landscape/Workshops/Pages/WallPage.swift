import Kernel
import Web

/// All notes in large type, with the way in: for the screen of the room.
struct WallPage {
    let workshop: Workshop
    let notes: NoteSheet
    let now: Instant
    /// Scheme and host, for the code to scan.
    let origin: String

    func html(_ setting: PhoneSetting) -> HTML {
        let words = setting.words
        let room = workshop.door?.room ?? ""
        return setting.page(
            workshop.title, path: "wall/\(room)",
            """
            <div class="wall"\(if: notes.before == nil, " data-live=\"\(setting.path("live/\(room)"))\" data-after=\"\(workshop.latest)\"")>
            <div class="side"><div class="way-in">\(JoinPicture(origin: origin, path: setting.path("join/\(room)"), label: words(.wallPicture)).html)<div><p>\(words(.wallJoin, ["address": setting.address(origin)]))</p><p class="code">\(workshop.door?.code.description ?? "")</p></div></div>
            \(NowBanner(workshop: workshop, now: now, words: words).html)
            <p class="tools"><a class="button second" href="\(setting.path("wall/\(room)"))">\(words(.roomRefresh))</a></p></div>
            <div><h2>\(words(.roomAll))</h2>
            \(NotesBoard(workshop: workshop, notes: notes.notes, words: words).html)
            \(notes.older.map { older -> HTML in "<p class=\"tools\"><a class=\"button second\" href=\"\(setting.path("wall/\(room)"))?\(NoteSheet.field)=\(older)\">\(words(.notesOlder))</a></p>" })</div></div>
            """)
    }
}

extension PhoneSetting {
    /// Where the code is typed, as it is said aloud.
    func address(_ origin: String) -> String {
        (origin.split(separator: "/").last.map(String.init) ?? origin) + path("")
    }
}

/// The code that a phone scans to come in.
struct JoinPicture {
    let origin: String
    let path: String
    let label: String

    var html: HTML? {
        QRCode(origin + path).map { code in
            """
            <svg class="picture" viewBox="-4 -4 \(code.size + 8) \(code.size + 8)" role="img" aria-label="\(label)"><path fill="#fff" d="M-4 -4h\(code.size + 8)v\(code.size + 8)h-\(code.size + 8)z"/><path d="\(code.path)"/></svg>
            """
        }
    }
}
