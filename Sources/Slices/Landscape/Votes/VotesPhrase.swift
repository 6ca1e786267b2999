import Kernel
import Web

/// The texts of the pages of votes; the keys of `Strings/Votes/*.po`.
package enum VotesPhrase: String, Phrase {
    case prioritiesPage = "priorities.page"
    case prioritiesTitle = "priorities.title"
    case prioritiesLead = "priorities.lead"
    case prioritiesNone = "priorities.none"
    case prioritiesNumbers = "priorities.numbers"
    case prioritiesRoom = "priorities.room"
    case prioritiesRanked = "priorities.ranked"
    case prioritiesThemes = "priorities.themes"
    case prioritiesThemesLead = "priorities.themes.lead"
    case prioritiesRow = "priorities.row"
    case prioritiesThumbs = "priorities.thumbs"
    case prioritiesLost = "priorities.lost"
    case votesTitle = "votes.title"
    case votesLead = "votes.lead"
    case votesHidden = "votes.hidden"
    case votesNone = "votes.none"
    case votesDownload = "votes.download"
    case votesTies = "votes.ties"
    case votesRank = "votes.rank"
    case votesPoints = "votes.points"
    case votesOpenOne = "votes.open.one"
    case votePage = "vote.page"
    case voteAnnounced = "vote.announced"
    case voteOpen = "vote.open"
    case voteClosed = "vote.closed"
    case voteWithdrawn = "vote.withdrawn"
    case voteWithdrawnWhy = "vote.withdrawn.why"
    case voteWithdrawTitle = "vote.withdraw.title"
    case voteWithdrawLead = "vote.withdraw.lead"
    case voteWithdrawReason = "vote.withdraw.reason"
    case voteWithdrawGo = "vote.withdraw.go"
    case voteSeats = "vote.seats"
    case voteWithheld = "vote.withheld"
    case voteWithheldParts = "vote.withheld.parts"
    case votePoints = "vote.points"
    case voteOptions = "vote.options"
    case voteOption = "vote.option"
    case voteResult = "vote.result"
    case voteBallots = "vote.ballots"
    case voteBlank = "vote.blank"
    case voteAnswered = "vote.answered"
    case voteTooFew = "vote.too.few"
    case voteNotCounted = "vote.not.counted"
    case voteGroups = "vote.groups"
    case voteGroupsLead = "vote.groups.lead"
    case voteNoGroups = "vote.no.groups"
    case voteVoters = "vote.voters"
    case voteVotersLead = "vote.voters.lead"
    case voteVotersGroups = "vote.voters.groups"
    case voteOwnGroup = "vote.own.group"
    case voteCloseTitle = "vote.close.title"
    case voteCloseLead = "vote.close.lead"
    case voteCloseGo = "vote.close.go"
    case ballotTitle = "ballot.title"
    case ballotLead = "ballot.lead"
    case ballotChange = "ballot.change"
    case ballotGo = "ballot.go"
    case doneBallot = "done.ballot"
    case ballotNotYours = "ballot.not.yours"
    case voteOpeningLead = "opening.lead"
    case openingQuestion = "opening.question"
    case openingOptions = "opening.options"
    case openingOptionsHint = "opening.options.hint"
    case openingPoints = "opening.points"
    case openingPointsHint = "opening.points.hint"
    case openingOpens = "opening.opens"
    case openingOpensHint = "opening.opens.hint"
    case openingCloses = "opening.closes"
    case openingVoters = "opening.voters"
    case openingVotersHint = "opening.voters.hint"
    case openingNames = "opening.names"
    case openingSeats = "opening.seats"
    case openingSeatsHint = "opening.seats.hint"
    case voteOpeningGo = "opening.go"
    case groupCompanies = "group.companies"
    case groupFunders = "group.funders"
    case groupGovernment = "group.government"
    case groupNonprofits = "group.nonprofits"
    case groupSurvivors = "group.survivors"
    case faultVoteNotOpen = "fault.vote-not-open"
    case faultVoteClosed = "fault.vote-closed"
    case faultVoteWithdrawn = "fault.vote-withdrawn"
    case faultVoteAlreadyOpen = "fault.vote-already-open"
    case faultVoteNotYours = "fault.vote-not-yours"
    case faultVoteOtherKey = "fault.vote-other-key"
    case problemPointsRange = "problem.points-range"
    case problemNotATime = "problem.not-a-time"
    case problemClosesFirst = "problem.closes-first"
    case problemTooFewVoters = "problem.too-few-voters"
    case problemUnknownVoter = "problem.unknown-voter"
    case problemVoterTwice = "problem.voter-twice"
    case problemTooFewSeats = "problem.too-few-seats"
    case problemUnknownLink = "problem.unknown-link"
    case problemTwoOptions = "problem.two-options"
    case problemTooManyOptions = "problem.too-many-options"
    case problemSameOption = "problem.same-option"
    case problemTooManyPoints = "problem.too-many-points"
    case prioritiesCount = "priorities.count"
}

extension Words {
    func callAsFunction(_ phrase: VotesPhrase) -> String { self(phrase, count: nil, [:]) }
    func callAsFunction(_ phrase: VotesPhrase, _ arguments: KeyValuePairs<String, String>) -> String {
        self(phrase, count: nil, arguments)
    }
    func thumbs(_ count: Int) -> String { self(VotesPhrase.prioritiesCount, count: count) }

    func group(_ group: VoterGroup) -> String {
        switch group {
        case .companies: self(.groupCompanies)
        case .funders: self(.groupFunders)
        case .government: self(.groupGovernment)
        case .nonprofits: self(.groupNonprofits)
        case .survivors: self(.groupSurvivors)
        }
    }
}
