import Kernel
import Web

/// What a later scan says of each gap of the baseline.
struct ComparisonPage {
    let comparison: Comparison

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        return setting.page(
            words(.scanComparison, ["scan": comparison.baseline.code]), path: "comparison/\(comparison.scan.code)",
            """
            <p class="lead">\(words(.scanComparisonLead))</p>
            <p>\(setting.said(comparison.scan.title)), \(comparison.scan.published)</p>
            \(part(.scanClosed, comparison.closed, setting))
            \(part(.scanOpen, comparison.open, setting))
            \(part(.scanLost, comparison.lost, setting))
            \(part(.scanNew, comparison.new, setting))
            \(part(.scanUnlooked, comparison.unlooked, hint: .scanUnlookedHint, setting))
            """)
    }

    private func part(
        _ title: ScanPhrase, _ findings: [Finding], hint: ScanPhrase? = nil, _ setting: ScanSetting
    ) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(title)) (\(words.number(findings.count)))</h2>\(hint.map { "<p>\(words($0))</p>" })
            <ul class="listing">\(findings, { setting.item($0, beside: comparison.beside[$0.id] ?? []) })</ul></section>
            """
    }
}
