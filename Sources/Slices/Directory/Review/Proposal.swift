package import Formats
package import Kernel

/// Something that somebody says about a listing and staff have not decided yet: a value to change, or a sentence.
package struct Proposal: Sendable, Hashable {
    package enum Origin: String, Sendable, CaseIterable {
        case provider, visitor
        case feed = "import"
        case linkCheck = "link-check"
        case duplicate
    }

    package enum State: String, Sendable, CaseIterable { case open, accepted, refused, superseded }

    /// What it is about. `value` is a field's new value, which accepting writes; the others are for staff to act on.
    package enum Topic: String, Sendable, CaseIterable {
        case value, hours, languages, note, number, moved, closed, unsafe, other
        case deadLink = "dead-link"
        case duplicate
    }

    package let id: Identifier<Proposal>
    package let kind: RecordKind
    package let record: Identifier<Record>
    /// Empty unless the topic is `value`.
    package let field: String
    package let topic: Topic
    /// What stood there when it was proposed; nil when nothing did.
    package let valueThen: String?
    /// Nil takes the value away. For a duplicate, the id of the other record.
    package let proposed: String?
    package let origin: Origin
    package let note: String?
    package var state: State
    package var reply: String?
    /// The day alone: a time could tell who it was.
    package let receivedOn: Day
    package var decidedOn: Day?
    /// A role.
    package var decidedBy: String?
}

/// What is to be proposed, before it has an id.
package struct ProposalDraft: Sendable, Hashable {
    package let kind: RecordKind
    package let record: Identifier<Record>
    package let field: String
    package let topic: Proposal.Topic
    package let valueThen: String?
    package let proposed: String?
    package let origin: Proposal.Origin
    package let note: String?

    /// A new value of a field; nil takes it away. The value that stands there now is looked up when it is kept.
    package init(
        _ kind: RecordKind, _ record: Identifier<Record>, field: String, to proposed: String?,
        from origin: Proposal.Origin, note: String? = nil
    ) {
        self.init(kind, record, field: field, .value, then: nil, to: proposed, from: origin, note: note)
    }

    /// A sentence about the whole record.
    package init(
        _ kind: RecordKind, _ record: Identifier<Record>, about topic: Proposal.Topic, then: String? = nil,
        to proposed: String? = nil, from origin: Proposal.Origin, note: String? = nil
    ) {
        self.init(kind, record, field: "", topic, then: then, to: proposed, from: origin, note: note)
    }

    private init(
        _ kind: RecordKind, _ record: Identifier<Record>, field: String, _ topic: Proposal.Topic, then: String?,
        to proposed: String?, from origin: Proposal.Origin, note: String?
    ) {
        (self.kind, self.record, self.field, self.topic) = (kind, record, field, topic)
        (valueThen, self.proposed, self.origin, self.note) = (then, proposed, origin, note)
    }
}

/// A proposal as staff see it: with what stands in the record now and which listing it belongs to.
package struct ReviewItem: Sendable, Hashable {
    package let proposal: Proposal
    package let valueNow: String?
    /// The listing's name.
    package let listing: String

    /// True when the record changed after this was proposed: three values stand against each other.
    package var isOvertaken: Bool { proposal.topic == .value && valueNow != proposal.valueThen }
}
