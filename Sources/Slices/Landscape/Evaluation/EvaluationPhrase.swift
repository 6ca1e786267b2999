import Kernel
import Web

/// The texts of the pages of evaluation; the keys of `Strings/Evaluation/*.po`.
package enum EvaluationPhrase: String, Phrase {
    case evaluationTitle = "evaluation.title"
    case evaluationLead = "evaluation.lead"
    case evaluationNone = "evaluation.none"
    case evaluationNever = "evaluation.never"
    case evaluationRules = "evaluation.rules"
    case evaluationSmall = "evaluation.small"
    case evaluationTold = "evaluation.told"
    case evaluationDownload = "evaluation.download"
    case evaluationStandard = "evaluation.standard"
    case evaluationSurvivors = "evaluation.survivors"
    case evaluationSurvivorsCount = "evaluation.survivors.count"
    case evaluationSeen = "evaluation.seen"
    case evaluationParts = "evaluation.parts"
    case evaluationCompared = "evaluation.compared"
    case evaluationStandingClosed = "evaluation.standing.closed"
    case evaluationStandingOpen = "evaluation.standing.open"
    case evaluationStandingNew = "evaluation.standing.new"
    case evaluationStandingUnlooked = "evaluation.standing.unlooked"
    case evaluationReached = "evaluation.reached"
    case evaluationNotReached = "evaluation.not.reached"
    case evaluationReachOne = "evaluation.reach.one"
    case evaluationReachSome = "evaluation.reach.some"
    case evaluationReachMany = "evaluation.reach.many"
    case evaluationReachOpen = "evaluation.reach.open"
    case evaluationFew = "evaluation.few"
    case evaluationWithheld = "evaluation.withheld"
    case evaluationAllWithheld = "evaluation.all.withheld"
    case evaluationSaid = "evaluation.said"
    case evaluationOutOf = "evaluation.out.of"
    case evaluationMeasured = "evaluation.measured"
    case evaluationWithdrawn = "evaluation.withdrawn"
    case evaluationChanged = "evaluation.changed"
    case evaluationBecame = "evaluation.became"
    case evaluationBegan = "evaluation.began"
    case indicatorName = "indicator.name"
    case indicatorKind = "indicator.kind"
    case indicatorAbout = "indicator.about"
    case indicatorDecides = "indicator.decides"
    case indicatorSource = "indicator.source"
    case indicatorUnit = "indicator.unit"
    case indicatorPeople = "indicator.people"
    case indicatorOutOf = "indicator.out.of"
    case indicatorPartOf = "indicator.part.of"
    case indicatorBaseline = "indicator.baseline"
    case indicatorBaselineOn = "indicator.baseline.on"
    case indicatorTarget = "indicator.target"
    case indicatorTargetOn = "indicator.target.on"
    case indicatorActions = "indicator.actions"
    case indicatorFindings = "indicator.findings"
    case indicatorSmall = "indicator.small"
    case indicatorReview = "indicator.review"
    case indicatorState = "indicator.state"
    case indicatorKindNumber = "indicator.kind.number"
    case indicatorKindMilestone = "indicator.kind.milestone"
    case indicatorKindChange = "indicator.kind.change"
    case indicatorKindStory = "indicator.kind.story"
    case indicatorPeopleNo = "indicator.people.no"
    case indicatorPeopleYes = "indicator.people.yes"
    case indicatorSmallNo = "indicator.small.no"
    case indicatorSmallYes = "indicator.small.yes"
    case indicatorStateOpen = "indicator.state.open"
    case indicatorStateClosed = "indicator.state.closed"
    case evaluationDeskLead = "evaluation.desk.lead"
    case evaluationNew = "evaluation.new"
    case evaluationChange = "evaluation.change"
    case evaluationMeasure = "evaluation.measure"
    case evaluationNamed = "evaluation.named"
    case evaluationAwaits = "evaluation.awaits"
    case evaluationAwaitsLead = "evaluation.awaits.lead"
    case evaluationDecidesHint = "evaluation.decides.hint"
    case evaluationUnitHint = "evaluation.unit.hint"
    case evaluationOutOfHint = "evaluation.out.of.hint"
    case evaluationActionsHint = "evaluation.actions.hint"
    case evaluationFindingsHint = "evaluation.findings.hint"
    case evaluationReviewHint = "evaluation.review.hint"
    case measureOn = "measure.on"
    case measureValue = "measure.value"
    case measureOutOf = "measure.out.of"
    case measureReached = "measure.reached"
    case measureReach = "measure.reach"
    case measureBody = "measure.body"
    case measureSource = "measure.source"
    case measureNoteHint = "measure.note.hint"
    case measureBodyHint = "measure.body.hint"
    case measureUses = "measure.uses"
    case measureConsent = "measure.consent"
    case measureConsentOne = "measure.consent.one"
    case measureUsePage = "measure.use.page"
    case measureUseData = "measure.use.data"
    case measureAgreed = "measure.agreed"
    case measureReason = "measure.reason"
    case measureWithdraw = "measure.withdraw"
    case measureWithdrawTold = "measure.withdraw.told"
    case measureWithdrawn = "measure.withdrawn"
    case faultMeasurementNotYours = "fault.measurement-not-yours"
    case faultIndicatorClosed = "fault.indicator-closed"
    case problemIndicatorChanged = "problem.indicator-changed"
    case problemNoNumber = "problem.no-number"
    case problemWholePeople = "problem.whole-people"
    case problemPeopleAreCounted = "problem.people-are-counted"
    case problemTargetFirst = "problem.target-first"
    case problemPartUnlike = "problem.part-unlike"
    case problemMeasuredAlready = "problem.measured-already"
    case problemMeasuredBefore = "problem.measured-before"
    case problemNotYet = "problem.not-yet"
    case problemBeforeBaseline = "problem.before-baseline"
    case problemMoreThanAll = "problem.more-than-all"
    case problemNotAgreed = "problem.not-agreed"
    case problemNoUse = "problem.no-use"
}

extension Words {
    func callAsFunction(_ phrase: EvaluationPhrase) -> String { self(phrase, count: nil, [:]) }
    func callAsFunction(_ phrase: EvaluationPhrase, _ arguments: KeyValuePairs<String, String>) -> String {
        self(phrase, count: nil, arguments)
    }

    func indicator(_ field: Indicator.Field) -> String {
        text(key: "indicator.\(field.rawValue.replacing("-", with: "."))") ?? field.rawValue
    }

    func kind(_ kind: Indicator.Kind) -> String { text(key: "indicator.kind.\(kind.rawValue)") ?? kind.rawValue }

    /// What a value is called where the field has choices; else the value.
    func indicator(_ field: Indicator.Field, _ value: String) -> String {
        if value.isEmpty { return "–" }
        return field.choices.isEmpty ? value : text(key: "indicator.\(field.rawValue).\(value)") ?? value
    }

    /// A whole number as the language groups it; another one with its comma or point.
    func amount(_ text: String) -> String {
        guard let whole = Int(text) else { return language.code == "fr" ? text.replacing(".", with: ",") : text }
        return number(whole)
    }

    func figure(_ figure: Evaluation.Figure?) -> String {
        switch figure {
        case .shown(let text): amount(text)
        case .few: self(.evaluationFew, ["least": number(Evaluation.least)])
        case .withheld: self(.evaluationWithheld)
        case nil: ""
        }
    }
}
