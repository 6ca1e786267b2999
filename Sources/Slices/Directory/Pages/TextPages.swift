import Kernel
import Web

/// A page of plain text: what the site is, what it keeps, whom it works for.
enum TextPage: String, CaseIterable {
    case about, worried, privacy, accessibility, data

    func html(_ setting: PageSetting, counts: (organizations: Int, services: Int)) -> HTML {
        switch self {
        case .about: about(setting, counts)
        case .worried: worried(setting)
        case .privacy: privacy(setting)
        case .accessibility: accessibility(setting)
        case .data: OpenDataPage().html(setting)
        }
    }

    private func about(_ setting: PageSetting, _ counts: (organizations: Int, services: Int)) -> HTML {
        let words = setting.words
        let numbers = words(
            .aboutNumbers,
            ["organizations": words.number(counts.organizations), "services": words.number(counts.services)])
        return setting.page(
            .aboutPage, path: "about",
            """
            <h1>\(words(.aboutTitle))</h1>
            <p>\(words(.aboutWhat))</p><p>\(numbers)</p><p>\(words(.aboutFrom, ["year": "2024"]))</p>
            <p>\(words(.aboutWords))</p><p>\(words(.aboutLand))</p><p>\(words(.aboutSide))</p>
            <p><a href="\(setting.path("landscape"))">\(words(.aboutLandscape))</a></p>
            """)
    }

    /// For somebody who fears for another: the number first, and no looking into it by oneself; then what who teaches does when
    /// somebody tells them.
    private func worried(_ setting: PageSetting) -> HTML {
        let words = setting.words
        func list(_ title: DirectoryPhrase, _ lines: [DirectoryPhrase]) -> HTML {
            "<section><h2>\(words(title))</h2><ul>\(lines, { "<li>\(words($0))</li>" })</ul></section>\n"
        }
        return setting.page(
            .worriedPage, path: "worried",
            """
            <h1>\(words(.worriedTitle))</h1>
            <p class="lead">\(words(.worriedDanger)) <a href="tel:911">\(words(WebPhrase.emergencyNumber))</a></p>
            <p>\(words(.worriedLine))</p>
            \(list(.worriedDont, [.worriedDontLook, .worriedDontFree, .worriedDontTell]))
            \(list(.worriedDo, [.worriedDoListen, .worriedDoAsk, .worriedDoHelp, .worriedDoChild]))
            <p class="tools"><a class="button" href="\(setting.path("find"))">\(words(.worriedFind))</a></p>
            \(list(.worriedTeach, [.worriedTeachBefore, .worriedTeachStory, .worriedTeachHand, .worriedTeachAfter]))
            """)
    }

    private func privacy(_ setting: PageSetting) -> HTML {
        let words = setting.words
        let parts: [(DirectoryPhrase, DirectoryPhrase)] = [
            (.privacyAsk, .privacyAskText), (.privacyKeep, .privacyKeepText), (.privacyPolice, .privacyPoliceText),
            (.privacySee, .privacySeeText), (.privacyLinks, .privacyLinksText),
        ]
        return setting.page(
            .privacyPage, path: "privacy",
            """
            <h1>\(words(.privacyTitle))</h1>
            \(parts, { "<h2>\(words($0.0))</h2><p>\(words($0.1))</p>\n" })
            <section id="leaving" class="note"><h2>\(words(WebPhrase.exitNoticeTitle))</h2><p>\(words(WebPhrase.exitNotice))</p></section>
            """)
    }

    private func accessibility(_ setting: PageSetting) -> HTML {
        let words = setting.words
        return setting.page(
            .accessibilityPage, path: "accessibility",
            """
            <h1>\(words(.accessibilityTitle))</h1>
            <p>\(words(.accessibilityText))</p><p>\(words(.accessibilityTest))</p><p>\(words(.accessibilityWords))</p>
            """)
    }
}
