import Kernel

/// There is something at the address, but not for this method.
struct WrongMethod: Refusal {
    let methods: [RouteTable.Method]

    var code: String { "wrong-method" }
    var status: Int { 405 }
    var description: String {
        let names = methods.flatMap { $0 == .get ? [$0.rawValue, "HEAD"] : [$0.rawValue] }
        return "This address answers to \(names.joined(separator: ", ")) alone."
    }
}
