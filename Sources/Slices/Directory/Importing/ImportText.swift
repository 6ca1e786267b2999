import Formats
import Kernel

extension ImportEntry {
    /// `added  service 1b4e…  example.csv:12  new in the file`
    package var line: String {
        [outcome.rawValue, kind?.rawValue, id?.description, origin?.description, reason].compactMap(\.self)
            .joined(separator: "  ")
    }

    package var json: String {
        var json = JSONText()
        json.object { json in
            json.member("outcome", outcome.rawValue)
            json.member("kind", kind?.rawValue)
            json.member("id", id?.description)
            json.member("file", origin?.file)
            if let line = origin?.line {
                json.key("line")
                json.integer(line)
            }
            json.member("reason", reason)
        }
        return json.string
    }
}

extension ImportReport {
    package var sentence: String {
        let parts = ImportEntry.Outcome.allCases.map { "\(self[$0]) \($0.rawValue)" } + ["\(unchanged) unchanged"]
        return (isDryRun ? "Tried only, nothing kept: " : "") + parts.joined(separator: ", ") + "."
    }

    package var json: String {
        var json = JSONText()
        json.object { json in
            for outcome in ImportEntry.Outcome.allCases {
                json.key(outcome.rawValue)
                json.integer(self[outcome])
            }
            json.key("unchanged")
            json.integer(unchanged)
            json.key("dry_run")
            json.boolean(isDryRun)
            json.key("seconds_reading")
            json.number(secondsReading)
            json.key("seconds_keeping")
            json.number(secondsKeeping)
        }
        return json.string
    }
}
