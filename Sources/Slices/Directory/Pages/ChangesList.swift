import Formats
import Kernel
import Web

/// What changed on a listing and in which month, without values.
struct ChangesList {
    let changes: [DatedChange]

    private static let most = 5

    private static let labels: [String: DirectoryPhrase] = [
        "service.name": .fieldName, "organization.name": .fieldName, "service.description": .fieldDescription,
        "organization.description": .fieldDescription, "organization.website": .fieldWebsite,
        "service.url": .fieldWebsite, "url.url": .fieldWebsite, "service.email": .fieldEmail,
        "organization.email": .fieldEmail, "phone.number": .fieldPhone, "phone.extension": .fieldPhone,
        "service.eligibility_description": .fieldEligibility, "service.application_process": .fieldApply,
        "service.fees_description": .fieldFees, "service.wait_time": .fieldWait,
    ]
    private static let kinds: [RecordKind: DirectoryPhrase] = [
        .address: .fieldStreet, .location: .fieldStreet, .schedule: .fieldHours, .language: .fieldLanguages,
        .costOption: .fieldFees,
    ]

    func html(_ setting: PageSetting) -> HTML? {
        var lines: [String] = []
        for change in changes {
            let label =
                Self.labels["\(change.kind.rawValue).\(change.field)"] ?? Self.kinds[change.kind] ?? .historyDetails
            let line = setting.words(
                .historyLine, ["what": setting.words(label), "month": setting.month(change.day)])
            if !lines.contains(line) { lines.append(line) }
        }
        guard !lines.isEmpty else { return nil }
        return """
            <h3>\(setting.words(.historyTitle))</h3><ul>\(lines.prefix(Self.most), { "<li>\($0)</li>" })</ul>
            """
    }
}
