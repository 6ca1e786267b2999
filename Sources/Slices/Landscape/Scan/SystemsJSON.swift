import Formats

extension SystemsMap {
    /// What Kumu takes in: elements and connections. Source: docs.kumu.io, blueprints of JSON.
    var kumu: [UInt8] {
        var json = JSONText()
        json.object { json in
            json.member("elements") { json in
                json.array { json in
                    json.object { json in
                        json.member("id", "network")
                        json.member("label", "Network")
                        json.member("type", "network")
                    }
                    for partner in partners {
                        json.object { json in
                            json.member("id", partner.id)
                            json.member("label", partner.name)
                            json.member("type", Self.spoken(partner.sector))
                            json.member("description", "\(Self.spoken(partner.role)), \(partner.signedOn)")
                        }
                    }
                    for finding in findings {
                        json.object { json in
                            json.member("id", finding.code)
                            json.member("label", finding.text)
                            json.member("type", finding.kind.rawValue)
                            json.member("description", finding.theme)
                        }
                    }
                }
            }
            json.member("connections") { json in
                json.array { json in
                    for line in lines {
                        json.object { json in
                            json.member("from", line.partner.name)
                            json.member("to", line.finding?.text ?? "Network")
                            json.member("type", Self.spoken(line.link.kind))
                            json.member("label", line.link.text)
                            json.member("direction", "directed")
                        }
                    }
                }
            }
        }
        return json.bytes
    }

    /// A file has no language of its own: the words of the data set.
    private static func spoken(_ word: String) -> String { word.replacing("_", with: " ") }
}
