import Kernel
import Web

/// The texts of the pages of the plan; the keys of `Strings/Plan/*.po`.
package enum PlanPhrase: String, Phrase {
    case planTitle = "plan.title"
    case planHub = "plan.hub"
    case planLead = "plan.lead"
    case planNone = "plan.none"
    case planPower = "plan.power"
    case planDownload = "plan.download"
    case planProgress = "plan.progress"
    case planProgressRule = "plan.progress.rule"
    case planByHorizon = "plan.by.horizon"
    case planByFocus = "plan.by.focus"
    case planByTheme = "plan.by.theme"
    case planPart = "plan.part"
    case planActions = "plan.actions"
    case planDone = "plan.done"
    case planReached = "plan.reached"
    case planAnswers = "plan.answers"
    case planNobody = "plan.nobody"
    case planUnanswered = "plan.unanswered"
    case planDue = "plan.due"
    case planOverdue = "plan.overdue"
    case planYours = "plan.yours"
    case planNoneYours = "plan.none.yours"
    case planOthers = "plan.others"
    case planWaiting = "plan.waiting"
    case planWaitingLead = "plan.waiting.lead"
    case planNotIn = "plan.not.in"
    case horizonShort = "horizon.short"
    case horizonMedium = "horizon.medium"
    case horizonLong = "horizon.long"
    case horizonOpen = "horizon.open"
    case stateProposed = "state.proposed"
    case stateAgreed = "state.agreed"
    case stateUnderWay = "state.under.way"
    case stateDone = "state.done"
    case stateDropped = "state.dropped"
    case answerYes = "answer.yes"
    case answerNo = "answer.no"
    case answerUnknown = "answer.unknown"
    case actionPage = "action.page"
    case actionExamples = "action.examples"
    case actionState = "action.state"
    case actionOwner = "action.owner"
    case actionReason = "action.reason"
    case actionHorizon = "action.horizon"
    case actionFocus = "action.focus"
    case actionDue = "action.due"
    case actionNoDay = "action.no.day"
    case actionProgress = "action.progress"
    case actionWeight = "action.weight"
    case actionCost = "action.cost"
    case actionCostLow = "action.cost.low"
    case actionCostHigh = "action.cost.high"
    case actionCostUnknown = "action.cost.unknown"
    case actionCostOne = "action.cost.one"
    case actionCostRange = "action.cost.range"
    case actionCostHint = "action.cost.hint"
    case actionSurvivors = "action.survivors"
    case actionPaid = "action.paid"
    case actionLed = "action.led"
    case actionNotSaid = "action.not.said"
    case actionSource = "action.source"
    case actionJustice = "action.justice"
    case actionTruth = "action.truth"
    case actionJusticeHint = "action.justice.hint"
    case actionTruthHint = "action.truth.hint"
    case actionSmall = "action.small"
    case actionReview = "action.review"
    case actionReviewHint = "action.review.hint"
    case actionNeeds = "action.needs"
    case actionNeededBy = "action.needed.by"
    case actionLinks = "action.links"
    case actionVote = "action.vote"
    case actionFinding = "action.finding"
    case actionFindingHint = "action.finding.hint"
    case actionDependsHint = "action.depends.hint"
    case actionPrinciples = "action.principles"
    case actionPrinciplesLead = "action.principles.lead"
    case actionTen = "action.ten"
    case actionFive = "action.five"
    case actionNote = "action.note"
    case actionHistory = "action.history"
    case actionNoHistory = "action.no.history"
    case actionHistoryWords = "action.history.words"
    case actionReworded = "action.reworded"
    case actionErased = "action.erased"
    case actionErase = "action.erase"
    case actionEraseLead = "action.erase.lead"
    case actionEraseGo = "action.erase.go"
    case actionBody = "action.body"
    case actionPercent = "action.percent"
    case actionWeightHint = "action.weight.hint"
    case actionKeep = "action.keep"
    case doneErased = "done.erased"
    case doneAction = "done.action"
    case actionSee = "action.see"
    case actionNamed = "action.named"
    case actionNotInPlan = "action.not.in.plan"
    case actionSince = "action.since"
    case actionSinceLead = "action.since.lead"
    case boardTitle = "board.title"
    case boardLead = "board.lead"
    case boardOverdue = "board.overdue"
    case boardNoneOverdue = "board.none.overdue"
    case boardNobody = "board.nobody"
    case boardNoneLeft = "board.none.left"
    case boardMonths = "board.months"
    case boardMonthsRule = "board.months.rule"
    case boardMonth = "board.month"
    case boardLed = "board.led"
    case boardLedNumbers = "board.led.numbers"
    case boardFew = "board.few"
    case callsTitle = "calls.title"
    case callsLead = "calls.lead"
    case callsCall = "calls.call"
    case callsDesks = "calls.desks"
    case callsYours = "calls.yours"
    case callsYoursLead = "calls.yours.lead"
    case workloadTitle = "workload.title"
    case workloadLead = "workload.lead"
    case workloadDesk = "workload.desk"
    case workloadOpen = "workload.open"
    case workloadAway = "workload.away"
    case respiteTitle = "respite.title"
    case respiteLead = "respite.lead"
    case respiteUntil = "respite.until"
    case respiteGo = "respite.go"
    case proposeTitle = "propose.title"
    case proposeLead = "propose.lead"
    case proposeBody = "propose.body"
    case proposeTheme = "propose.theme"
    case proposeLook = "propose.look"
    case proposeGo = "propose.go"
    case proposeFound = "propose.found"
    case proposeFoundLead = "propose.found.lead"
    case proposeNothing = "propose.nothing"
    case proposeAction = "propose.action"
    case proposeFinding = "propose.finding"
    case proposeProgram = "propose.program"
    case proposeInitiative = "propose.initiative"
    case proposeProposal = "propose.proposal"
    case proposeSame = "propose.same"
    case proposeDropped = "propose.dropped"
    case faultActionNotYours = "fault.action-not-yours"
    case problemChangedSince = "problem.changed-since"
    case problemChooseState = "problem.choose-state"
    case problemChooseOneOf = "problem.choose-one-of"
    case problemWhyDropped = "problem.why-dropped"
    case problemPercent = "problem.percent"
    case problemWeightRange = "problem.weight-range"
    case problemNoDesk = "problem.no-desk"
    case problemNotAnAmount = "problem.not-an-amount"
    case problemAmountsTurned = "problem.amounts-turned"
    case problemUnknownAction = "problem.unknown-action"
    case problemCoordinatorAgrees = "problem.coordinator-agrees"
    case problemNeedsOpen = "problem.needs-open"
    case problemNeedsItself = "problem.needs-itself"
    case problemCycle = "problem.cycle"
    case problemNoSuchCall = "problem.no-such-call"
    case problemUnknownPrinciple = "problem.unknown-principle"
}

extension Words {
    func callAsFunction(_ phrase: PlanPhrase) -> String { self(phrase, count: nil, [:]) }
    func callAsFunction(_ phrase: PlanPhrase, _ arguments: KeyValuePairs<String, String>) -> String {
        self(phrase, count: nil, arguments)
    }

    func horizon(_ horizon: Action.Horizon?) -> String {
        switch horizon {
        case .short: self(.horizonShort)
        case .medium: self(.horizonMedium)
        case .long: self(.horizonLong)
        case nil: self(.horizonOpen)
        }
    }

    /// A focus that the region's data has besides is shown as it stands there.
    func focus(_ focus: String) -> String {
        text(key: "scan.focus.\(focus)") ?? focus
    }

    func state(_ state: Action.State) -> String {
        switch state {
        case .proposed: self(.stateProposed)
        case .agreed: self(.stateAgreed)
        case .underWay: self(.stateUnderWay)
        case .done: self(.stateDone)
        case .dropped: self(.stateDropped)
        }
    }

    func answer(_ answer: Action.Answer) -> String {
        switch answer {
        case .yes: self(.answerYes)
        case .no: self(.answerNo)
        case .unknown: self(.answerUnknown)
        }
    }

    func call(_ document: Tag.Document) -> String {
        switch document {
        case .callsForJustice: self(.actionJustice)
        case .callsToAction: self(.actionTruth)
        }
    }

    /// How many actions survivors have a part in: a few are not told apart.
    func told(_ count: Int) -> String {
        1..<Tally.fewest ~= count ? self(.boardFew, ["fewest": number(Tally.fewest)]) : number(count)
    }

    func cost(_ cost: ClosedRange<Int>?) -> String {
        guard let cost else { return self(.actionCostUnknown) }
        let (low, high) = (number(cost.lowerBound), number(cost.upperBound))
        return low == high ? self(.actionCostOne, ["low": low]) : self(.actionCostRange, ["low": low, "high": high])
    }

    func field(_ field: ActionField) -> String {
        let phrases: [ActionField: PlanPhrase] = [
            .body: .actionBody, .focus: .actionFocus, .theme: .proposeTheme, .horizon: .actionHorizon,
            .state: .actionState, .reason: .actionReason, .progress: .actionProgress,
            .due: .actionDue, .costLow: .actionCostLow, .costHigh: .actionCostHigh, .owner: .actionOwner,
            .weight: .actionWeight, .depends: .actionNeeds, .survivorsRole: .actionSurvivors,
            .survivorsPaid: .actionPaid, .survivorsLead: .actionLed, .finding: .actionFinding, .vote: .actionVote,
            .callsForJustice: .actionJustice, .callsToAction: .actionTruth, .small: .actionSmall,
            .review: .actionReview, .principles: .actionPrinciples,
        ]
        return phrases[field].map { self($0) } ?? field.rawValue
    }
}
