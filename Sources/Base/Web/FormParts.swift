extension HTML {
    /// A field that a form carries without showing it.
    package static func hidden(_ name: String, _ value: String) -> HTML {
        "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">"
    }

    /// Says what went wrong, above everything else; nothing where nothing did.
    package static func alert(_ sentence: String?) -> HTML? {
        sentence.map { "<p class=\"alert\" role=\"alert\">\($0)</p>" }
    }

    /// A part that is pushed sideways where it is wider than the page, such as a table of many columns.
    package static func wide(_ name: String, _ content: HTML) -> HTML {
        "<div class=\"scroll\" role=\"region\" aria-label=\"\(name)\" tabindex=\"0\">\(content)</div>\n"
    }

    /// How many of the choices of one name can be ticked.
    package enum Tick: String { case checkbox, radio }

    /// One choice with its label around it.
    package static func tick(
        _ tick: Tick, _ name: String, _ value: String, _ label: String, _ isOn: Bool = false
    ) -> HTML {
        """
        <label class="tick"><input type="\(tick.rawValue)" name="\(name)" value="\(value)"\(if: isOn, " checked")> \(label)</label>

        """
    }
}
