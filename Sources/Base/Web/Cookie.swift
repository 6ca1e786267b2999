/// A cookie of staff: for this host alone, never read by a script, never sent from another site (RFC 6265bis).
package struct Cookie: Sendable, Hashable {
    /// With the prefix `__Host-`, which browsers take from the host itself alone.
    package let name: String
    package let value: String
    /// Seconds that the browser keeps it; nil until the browser ends, 0 to forget it.
    package let maximumAge: Int?

    package init(_ name: String, _ value: String, maximumAge: Int? = nil) {
        self.name = "__Host-" + name
        self.value = value
        self.maximumAge = maximumAge
    }

    var header: String {
        "\(name)=\(value); Path=/; Secure; HttpOnly; SameSite=Strict"
            + (maximumAge.map { "; Max-Age=\($0)" } ?? "")
    }

    /// Names and values of a Cookie header, without the prefix; what lacks it is not ours.
    static func read(_ header: String?) -> [String: String] {
        var cookies: [String: String] = [:]
        for pair in (header ?? "").prefix(4096).split(separator: ";") {
            let halves = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            guard halves.count == 2, halves[0].hasPrefix("__Host-") else { continue }
            cookies[String(halves[0].dropFirst(7))] = String(halves[1])
        }
        return cookies
    }
}
