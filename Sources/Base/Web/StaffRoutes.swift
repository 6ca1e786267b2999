package import Kernel

/// Who signed in, as far as pages and slices need it.
package struct SignedIn: Sendable {
    package let actor: Actor
    /// Ids of the worker and of the organization that they work for; never a name.
    package let worker: String
    package let organization: String
    /// What every form of this session must carry, so that no other site can send one.
    package let formToken: String
    /// The 32 bytes that open what is sealed to the organization; nil for roles that open nothing.
    package let organizationSecret: [UInt8]?

    package init(
        actor: Actor, worker: String, organization: String, formToken: String, organizationSecret: [UInt8]?
    ) {
        self.actor = actor
        self.worker = worker
        self.organization = organization
        self.formToken = formToken
        self.organizationSecret = organizationSecret
    }

    /// The hidden field of every form of staff.
    package var formField: HTML { .hidden(Self.field, formToken) }

    static let field = "form-token"
}

/// Finds who signed in from the cookies of a request; nil when nobody did or the session is over.
package typealias SessionReader = @Sendable (Visit) async throws -> SignedIn?

/// A form that was made for another session or an older one.
struct StaleForm: Refusal {
    var code: String { "stale-form" }
    var status: Int { 409 }
    var description: String { "This form is from another session; nothing was changed." }
}

extension RouteTable {
    /// Pages at which staff come in: their browsers' cookies are read, but nobody is signed in yet.
    package struct DoorRoutes {
        fileprivate var routes: [Route] = []

        package mutating func page(
            _ methods: [Method], _ path: String, _ handler: @escaping @Sendable (Visit) async throws -> Reply
        ) {
            routes += methods.map {
                Route(
                    method: $0, path: "/:language/\(path)", form: .page, circle: .door, publishing: .never
                ) { visit in
                    // Another site must not sign a browser in at a desk of its own.
                    if visit.method == .post, visit.isFromAnotherSite { throw StaleForm() }
                    return try await handler(visit)
                }
            }
        }
    }

    package mutating func door(_ declare: (inout DoorRoutes) -> Void) {
        var block = DoorRoutes()
        declare(&block)
        mount(block.routes)
    }

    /// Pages of signed-in staff. Others are sent to sign in, where it says so when a form of theirs was not taken; who lacks the permission finds nothing there; a form without
    /// this session's token changes nothing.
    package struct StaffRoutes {
        fileprivate let permission: Permission?
        fileprivate let reader: SessionReader
        fileprivate var routes: [Route] = []

        package mutating func page(
            _ methods: [Method], _ path: String, atMost maximumBytes: Int = FormFields.maximumBytes,
            _ handler: @escaping @Sendable (Visit, SignedIn) async throws -> Reply
        ) {
            for method in methods {
                routes.append(
                    Route(
                        method: method, path: "/:language/\(path)", form: .page, circle: .staff(permission),
                        publishing: .never, maximumBytes: maximumBytes
                    ) { [permission, reader] visit in
                        guard let signedIn = try await reader(visit) else {
                            return .redirect(to: "/\(visit.language)/sign-in\(visit.method == .post ? "?over=1" : "")")
                        }
                        if let permission, !signedIn.actor.may(permission) { throw NotFound() }
                        if visit.method == .post,
                            visit.isFromAnotherSite || visit.form.value(SignedIn.field) != signedIn.formToken
                        {
                            throw StaleForm()
                        }
                        let reply = try await handler(visit, signedIn)
                        return visit.method == .post ? reply.done("kept", in: visit.language) : reply
                    })
            }
        }
    }

    /// Declares pages of who is signed in by the sessions of the table and has the permission.
    package mutating func staff(may permission: Permission? = nil, _ declare: (inout StaffRoutes) -> Void) {
        var block = StaffRoutes(permission: permission, reader: sessions)
        declare(&block)
        mount(block.routes)
    }
}
