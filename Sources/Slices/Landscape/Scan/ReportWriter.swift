import Kernel
import Web

/// Writes the parts of a report, one after the other.
struct ReportWriter {
    typealias Passage = ScanReport.Passage

    let words: Words
    let region: RegionLookup
    let library: ScanLibrary
    let scan: Scan
    private(set) var report: ScanReport

    init(words: Words, region: RegionLookup, library: ScanLibrary, scan: Scan) {
        (self.words, self.region, self.library, self.scan) = (words, region, library, scan)
        report = ScanReport(words.language)
        report.add(.heading(1, Passage("\(scan.title), \(scan.published)", in: .english)))
    }

    /// Of the region's data set, which is written in English.
    private func said(_ text: String) -> Passage { Passage(text, in: .english) }
    private func own(_ phrase: ScanPhrase) -> Passage { Passage(words(phrase)) }
    private mutating func head(_ text: String) { report.add(.heading(2, Passage(text))) }

    // MARK: The scan

    mutating func addLimits(absent: [Workshop]) {
        head(words(.scanLimits))
        for line in ScanLimits(of: scan, library.meta, absent: absent, words).lines {
            report.add(.paragraph(Passage(line.said)))
            if !line.own.isEmpty {
                report.add(.list(line.own.map { Passage($0, in: line.isEnglish ? .english : nil) }))
            }
        }
    }

    /// What became of the gaps of the first scan, in numbers.
    mutating func add(_ comparison: Comparison) {
        head(words(.scanComparison, ["scan": comparison.baseline.code]))
        let lines: [(ScanPhrase, [Finding])] = [
            (.scanClosed, comparison.closed), (.scanOpen, comparison.open), (.scanNew, comparison.new),
            (.scanLost, comparison.lost), (.scanUnlooked, comparison.unlooked),
        ]
        report.add(
            .table(
                [words(.scanComparisonTitle), words(.scanFindings)],
                lines.map { [own($0), Passage(words.number($1.count))] }))
        report.add(.paragraph(own(.scanUnlookedHint)))
    }

    mutating func addMessages() {
        guard !library.keyMessages.isEmpty else { return }
        head(words(.scanMessages))
        for message in library.keyMessages {
            report.add(.heading(3, Passage("\(words.scanFocus(message.focus)): ") + said(message.title)))
            report.add(.list(message.points.map(said)))
        }
    }

    mutating func addFigures() {
        guard !library.statistics.isEmpty else { return }
        head(words(.scanFigures))
        report.add(.paragraph(own(.scanFiguresLead)))
        report.add(
            .table(
                [words(.scanFigure), words(.scanFigureOf), words(.scanFigureYears), words(.scanSource)],
                library.statistics.map {
                    [
                        Passage(FiguresPage.spoken($0.value, words)), said($0.unit), Passage($0.period),
                        Passage(words.source($0.source.printed)),
                    ]
                }))
    }

    mutating func add(_ table: PrintedTable, _ findings: [Finding]) {
        addRows(findings, under: table.name(words))
        if table.held > 0 {
            report.add(.paragraph(Passage(words(.scanHeld, ["count": words.number(table.held)]))))
        }
    }

    mutating func addRows(_ findings: [Finding], under name: Passage) {
        report.add(.heading(2, name))
        report.add(
            .table(
                [words(.scanKind), words(.scanTheme), words(.scanFinding), words(.scanFacts), words(.scanPlace)],
                findings.map { finding in
                    [
                        Passage(words.kind(finding.kind)),
                        finding.theme.isEmpty ? own(.scanNoTheme) : Passage(finding.theme, in: finding.language),
                        Passage(finding.text, in: finding.language),
                        Passage(finding.facts.joined(separator: "; "), in: finding.language),
                        Passage(finding.places.map { region.place($0, words.language) ?? $0 }.joined(separator: "; ")),
                    ]
                }))
        for finding in findings where finding.isContested {
            report.add(
                .heading(3, Passage("\(words(.scanContested)): ") + Passage(finding.text, in: finding.language)))
            report.add(
                .table(
                    [words(.scanWho), words(.scanWhen), words(.scanPosition), words(.scanSource)],
                    finding.positions.map { position in
                        [
                            Passage(position.author, in: finding.language),
                            Passage(position.date ?? words(.scanUndated)),
                            Passage(position.text, in: finding.language),
                            Passage(position.source, in: finding.language),
                        ]
                    }))
        }
    }

    // MARK: What was decided

    /// What the report lost is told as not recorded, never as zero.
    mutating func add(_ priorities: Priorities) {
        guard !priorities.all.isEmpty else { return }
        head(words(.prioritiesTitle))
        report.add(.paragraph(Passage(words(.prioritiesRoom))))
        report.add(.paragraph(Passage(words(.votesTies))))
        report.add(
            .table(
                [words(.votesRank), words(.scanFocus), words(.prioritiesRow), words(.prioritiesThumbs)],
                priorities.ranked.map { rank, priority in
                    let note = priority.votes == nil ? priority.note.map { said(" – \($0)") } : nil
                    return [
                        Passage(rank.map(words.number) ?? "–"), Passage(words.scanFocus(priority.focus)),
                        said("\(priority.body) (\(priority.theme))"),
                        Passage(priority.votes.map(words.number) ?? words(.prioritiesLost)) + (note ?? ""),
                    ]
                }))
    }

    mutating func add(_ plan: Plan) {
        guard !plan.actions.isEmpty else { return }
        head(words(.planTitle))
        report.add(.paragraph(Passage(words(.planPower))))
        for horizon in Action.Horizon.allCases.map(Optional.some) + [nil] {
            let actions = plan.actions.filter { $0.horizon == horizon }
            guard !actions.isEmpty else { continue }
            report.add(.heading(3, Passage(words.horizon(horizon))))
            report.add(
                .table(
                    [
                        words(.actionBody), words(.actionFocus), words(.actionState), words(.actionOwner),
                        words(.actionDue), words(.actionCost), words(.actionNeeds),
                    ], actions.map { row($0, plan) }))
        }
        let practices = plan.principles.filter(\.isPractice)
        add(plan.principles.filter { !$0.isPractice }, under: words(.actionTen))
        add(practices, under: words(.actionFive))
    }

    /// What was proposed here has no document, and nobody said in which language it is.
    private func row(_ action: Action, _ plan: Plan) -> [Passage] {
        let language = Self.language(action)
        let needed = plan.actions.filter { action.dependencies.contains($0.id) }
        let needs = needed.map { Passage($0.body, in: Self.language($0)) }
        let examples =
            action.examples.isEmpty
            ? ""
            : Passage(" \(words(.actionExamples)) ") + Passage(action.examples.joined(separator: ", "), in: language)
        return [
            Passage(action.body, in: language) + examples,
            Passage("\(words.scanFocus(action.focus)) · ") + Passage(action.theme, in: language),
            Passage(words.state(action.state)), Passage(plan.desk(action.owner) ?? words(.planNobody)),
            Passage(action.due?.description ?? "–"), Passage(action.cost == nil ? "–" : words.cost(action.cost)),
            needs.dropFirst().reduce(needs.first ?? "–") { $0 + Passage("; ") + $1 },
        ]
    }

    private static func language(_ action: Action) -> Language? { action.document == nil ? nil : .english }

    private mutating func add(_ principles: [Principle], under name: String) {
        guard !principles.isEmpty else { return }
        report.add(.heading(3, Passage(name)))
        report.add(
            .list(
                principles.map { principle in
                    let points = principle.points.isEmpty ? "" : ": \(principle.points.joined(separator: "; "))"
                    return said(principle.title + points)
                }))
    }

    /// Votes that are closed, as the page of each tells of them.
    mutating func add(_ votes: [ShownVote]) {
        guard !votes.isEmpty else { return }
        head(words(.votesTitle))
        for shown in votes {
            report.add(.heading(3, Passage(shown.vote.question)))
            guard let tally = shown.tally else {
                let fewest = words.number(Tally.fewest)
                let reason =
                    shown.vote.outcome == .tooFew ? words(.voteTooFew, ["fewest": fewest]) : words(.voteNotCounted)
                report.add(.paragraph(Passage(reason)))
                continue
            }
            report.add(
                .paragraph(
                    Passage("\(words(.voteBallots, ["count": words.number(tally.ballots)])) \(words(.votesTies))")))
            add(tally.lines, of: shown.vote)
            for part in tally.parts {
                report.add(.heading(3, Passage(part.groups.map { words.group($0) }.joined(separator: " + "))))
                add(part.lines, of: shown.vote)
            }
        }
    }

    private mutating func add(_ lines: [Tally.Line], of vote: Vote) {
        report.add(
            .table(
                [words(.votesRank), words(.voteOption), words(.votesPoints)],
                Tally.ranked(lines, vote.options).map { ranked in
                    [
                        Passage(ranked.rank.map { words.number($0) } ?? "–"), Passage(ranked.option.body),
                        Passage(ranked.line.map { words.number($0.points) } ?? "–"),
                    ]
                }))
    }

    // MARK: What it lists

    mutating func addLists() {
        addResearch()
        head(words(.scanSystems))
        report.add(
            .list(
                library.partners.map { partner in
                    said("\(partner.name): ") + Passage("\(words.partnerWord(partner.role)), \(partner.signedOn)")
                }))
        head(words(.scanStandards))
        report.add(.list(library.standards.map { said("\($0.title), \($0.author), \($0.adopted)") }))
        addMethod()
    }

    private mutating func addResearch() {
        head(words(.scanResearch))
        report.add(.paragraph(own(.scanResearchLead)))
        report.add(
            .table(
                [
                    words(.scanResearchWhat), words(.scanResearchAuthor), words(.scanResearchListed),
                    words(.scanResearchLed), words(.scanResearchChecked), words(.scanResearchGaps),
                ],
                library.research.map { entry in
                    let author = [entry.author, entry.year.map(String.init)].compactMap(\.self)
                    return [
                        said(entry.title), orUnsaid(author.isEmpty ? nil : author.joined(separator: ", ")),
                        said([entry.listedAs, entry.status].compactMap(\.self).joined(separator: "; ")),
                        orUnsaid(entry.lead), orUnsaid(entry.validatedBy), orUnsaid(entry.gaps),
                    ]
                }))
    }

    private func orUnsaid(_ text: String?) -> Passage { text.map(said) ?? own(.scanUnsaid) }

    /// The workshop that the scan was made in, and what its own report says in two ways.
    private mutating func addMethod() {
        guard let meta = library.meta, let workshop = meta.workshop else { return }
        head(words(.scanMethod))
        report.add(
            .table(
                [words(.scanMethodWhat), words(.scanMethodSaid)],
                [
                    [own(.scanMethodBy), orUnsaid(meta.consultant)], [own(.scanWhen), Passage(workshop.date)],
                    [own(.scanPlace), said("\(workshop.venue), \(workshop.city)")],
                    [own(.scanMethodLength), said(workshop.statedLength)],
                    [own(.scanMethodAgenda), Passage(workshop.agenda)],
                    [own(.scanMethodParts), orUnsaid(workshop.focusAreas?.joined(separator: "; "))],
                    [own(.scanMethodSteps), orUnsaid(workshop.activities?.joined(separator: "; "))],
                ]))
        guard let inconsistencies = meta.inconsistencies, !inconsistencies.isEmpty else { return }
        report.add(.paragraph(own(.scanMethodTwice)))
        report.add(.list(inconsistencies.map(said)))
    }
}
