import Kernel
import Storage

/// A note about to be kept.
struct NewNote: Sendable {
    let content: WorkshopNote.Content
    let group: Int
    let language: Language
    let source: WorkshopNote.Source
    let phone: String?
}

/// What a phone and a facilitator do alike, inside a transaction.
extension Landscape {
    /// Does nothing when the form was kept before.
    func insert(
        _ new: NewNote, _ key: NoteKey, in workshop: Identifier<Workshop>, by actor: Actor,
        _ transaction: any Transaction
    ) throws {
        let store = WorkshopNoteStore(transaction)
        guard try !store.hasNote(key) else { return }
        guard try store.countNotes(of: workshop).all < Self.mostNotes else { throw WorkshopRefusal.busy }
        if let phone = new.phone, try store.countNotes(ofPhone: phone) >= Self.mostNotesOfPhone {
            throw Problems("text", "notes-enough")
        }
        let note = WorkshopNote(
            id: Identifier(world.newUUID()), number: try WorkshopStore(transaction).nextNumber(workshop),
            group: new.group, content: new.content, language: new.language, source: new.source, finding: nil)
        try store.insert(note, new.content, of: workshop, phone: new.phone, key)
        try record("add", note.id, by: actor, transaction)
    }

    func empty(
        _ note: Identifier<WorkshopNote>, in workshop: Identifier<Workshop>, by actor: Actor,
        _ transaction: any Transaction
    ) throws {
        let number = try WorkshopStore(transaction).nextNumber(workshop)
        try WorkshopNoteStore(transaction).empty(note, number: number)
        try record("remove", note, by: actor, transaction)
    }

    func record(
        _ verb: String, _ note: Identifier<WorkshopNote>, by actor: Actor, _ transaction: any Transaction
    ) throws {
        try AuditChain(transaction).append(
            AuditChain.Deed(actor: actor, verb: verb, kind: "workshop-note", record: note.description),
            at: world.now())
    }
}
