import Web

/// The texts of the pages on which a desk keeps up with people.
package enum FollowUpPhrase: String, Phrase {
    case peopleLead = "people.lead"
    case peopleMine = "people.mine"
    case peopleNone = "people.none"
    case peopleNobody = "people.nobody"
    case peopleNobodyNone = "people.nobody.none"
    case peopleColleagues = "people.colleagues"
    case peoplePlan = "people.plan"
    case peopleDue = "people.due"
    case peopleLate = "people.late"
    case followWorker = "follow.worker"
    case followNobody = "follow.nobody"
    case followStep = "follow.step"
    case followNothing = "follow.nothing"
    case followDue = "follow.due"
    case followNote = "follow.note"
    case followNoteHint = "follow.note.hint"
    case followNoteShut = "follow.note.shut"
    case followGo = "follow.go"
    case followChanged = "follow.changed"
    case stepCall = "follow.step.call"
    case stepMeet = "follow.step.meet"
    case stepAccompany = "follow.step.accompany"
    case stepArrange = "follow.step.arrange"
    case stepCheck = "follow.step.check"
    case loadLead = "load.lead"
    case loadWho = "load.who"
    case loadPeople = "load.people"
    case loadSoon = "load.soon"
    case loadLate = "load.late"
    case promiseTitle = "promise.title"
    case promiseNow = "promise.now"
    case promiseLabel = "promise.label"
    case promiseGo = "promise.go"
    case problemDays = "problem.not-a-promise"
}

extension Words {
    func callAsFunction(_ phrase: FollowUpPhrase) -> String { self(phrase, count: nil, [:]) }
    func callAsFunction(_ phrase: FollowUpPhrase, _ arguments: KeyValuePairs<String, String>) -> String {
        self(phrase, count: nil, arguments)
    }
    func name(_ step: FollowUp.Step) -> String { text(key: "follow.step.\(step.rawValue)") ?? step.rawValue }
}
