import Kernel
import Sealing
package import Web

/// The pages of staff: the door, the own account, the team, the desks of the network.
package struct AccountsRoutes: Sendable {
    private let accounts: Accounts
    private let frame: PageFrame
    private let ways: [StaffWay]

    package init(_ accounts: Accounts, frame: PageFrame, ways: [StaffWay]) {
        self.accounts = accounts
        self.frame = frame
        self.ways = ways
    }

    package func declare(in table: inout RouteTable) {
        table.door { routes in
            routes.page([.get], "sign-in") { visit in
                .page(SignInPage(isOver: visit.form.value("over") != nil).html(setting(visit)))
            }
            routes.page([.post], "sign-in", signIn)
            routes.page([.get], "invitations/:secret") { visit in
                try await join(visit, emptyJoining, Problems())
            }
            routes.page([.post], "invitations/:secret", joinNow)
        }
        table.staff { routes in
            routes.page([.get], "desk", desk)
            routes.page([.post], "sign-out", signOut)
            routes.page([.get], "desk/account") { visit, signedIn in try await account(visit, signedIn, Problems()) }
            routes.page([.post], "desk/sessions/end", endSession)
            routes.page([.post], "desk/devices/forget", forgetDevice)
            routes.page([.post], "desk/passphrase", passphrase)
            routes.page([.post], "desk/notices", notices)
        }
        table.staff(may: .inviteWorkers) { routes in
            routes.page([.get], "desk/team") { visit, signedIn in try await team(visit, signedIn) }
            routes.page([.post], "desk/team/invitations", inviteWorker)
            routes.page([.post], "desk/team/withdrawals", withdraw)
            routes.page([.post], "desk/team/state", setState)
            routes.page([.post], "desk/team/renewals", renew)
            routes.page([.post], "desk/team/pieces", printPieces)
        }
        table.staff(may: .inviteOrganizations) { routes in
            routes.page([.get], "desk/organizations") { visit, signedIn in try await desks(visit, signedIn) }
            routes.page([.post], "desk/organizations", inviteDesk)
        }
    }

    private func setting(_ visit: Visit, _ signedIn: SignedIn? = nil) -> StaffFrame {
        StaffFrame(frame, ways: ways, visit, signedIn)
    }

    // MARK: The door

    private func signIn(_ visit: Visit) async throws -> Reply {
        let name = visit.form.value("name") ?? ""
        do {
            let result = try await accounts.signIn(
                name: name, passphrase: visit.form.value("passphrase") ?? "", code: visit.form.value("code") ?? "",
                device: visit.cookies[AccountsCookie.device], stay: visit.cookies[AccountsCookie.session])
            var reply = Reply.redirect(to: "/\(visit.language)/desk")
            reply.cookies = cookies(result.session, result.device)
            return reply
        } catch AccountsRefusal.notSignedIn {
            return .page(SignInPage(name: name, isRefused: true).html(setting(visit)), status: 403)
        }
    }

    private func cookies(_ session: Token, _ device: Token) -> [Cookie] {
        [
            Cookie(AccountsCookie.session, session.text),
            Cookie(AccountsCookie.device, device.text, maximumAge: AccountsCookie.deviceSeconds),
        ]
    }

    private var emptyJoining: Joining {
        Joining(
            name: "", passphrase: "",
            codeSecret: OneTimeCode(secret: accounts.world.randomBytes(OneTimeCode.secretBytes)).base32, code: "",
            pieces: [])
    }

    private func join(_ visit: Visit, _ joining: Joining, _ problems: Problems) async throws -> Reply {
        let secret = visit.parameters["secret"] ?? ""
        do {
            let (invitation, needsPieces) = try await accounts.invitation(secret)
            let name = try await accounts.organizations.name(invitation.desk.description, visit.language) ?? ""
            let page = JoinPage(
                secret: secret, invitation: invitation, organization: name, needsPieces: needsPieces, joining: joining,
                problems: problems, suggestion: accounts.suggestion(in: visit.language))
            return .page(page.html(setting(visit)), status: problems.isEmpty ? 200 : 422)
        } catch AccountsRefusal.noInvitation {
            return .page(NoInvitationPage().html(setting(visit)), status: 404)
        }
    }

    private func joinNow(_ visit: Visit) async throws -> Reply {
        let joining = Joining(
            name: visit.form.value("name") ?? "", passphrase: visit.form.value("passphrase") ?? "",
            codeSecret: visit.form.value("secret") ?? "", code: visit.form.value("code") ?? "",
            pieces: visit.form.values("piece"))
        do {
            let welcome = try await accounts.join(visit.parameters["secret"] ?? "", joining, in: visit.language)
            var reply = Reply.page(
                WrittenDownPage(codes: welcome.recoveryCodes, pieces: welcome.pieces).html(setting(visit)))
            reply.cookies = cookies(welcome.session, welcome.device)
            return reply
        } catch let problems as Problems {
            return try await join(visit, joining, problems)
        } catch AccountsRefusal.noInvitation {
            return .page(NoInvitationPage().html(setting(visit)), status: 404)
        } catch AccountsRefusal.deskIsHeld {
            return .page(NoInvitationPage().html(setting(visit)), status: 409)
        }
    }

    private func signOut(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        try await accounts.signOut(visit.cookies[AccountsCookie.session])
        var reply = Reply.redirect(to: "/\(visit.language)/sign-in")
        reply.cookies = [Cookie(AccountsCookie.session, "", maximumAge: 0)]
        reply.clearsPages = true
        return reply
    }

    // MARK: The own account

    private func desk(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let worker = try await accounts.worker(signedIn)
        let name = try await accounts.organizations.name(signedIn.organization, visit.language) ?? ""
        let account = try await accounts.account(of: worker.id)
        let page = DeskPage(organization: name, worker: worker, codesLeft: account.codesLeft)
        return .page(page.html(setting(visit, signedIn)))
    }

    private func account(_ visit: Visit, _ signedIn: SignedIn, _ problems: Problems) async throws -> Reply {
        let worker = try await accounts.worker(signedIn)
        let page = AccountPage(
            account: try await accounts.account(of: worker.id),
            own: Token(visit.cookies[AccountsCookie.session])?.digest,
            address: accounts.sendsNotices && signedIn.actor.may(.openFiles)
                ? problems.isEmpty
                    ? try await accounts.noticeAddress(of: worker) : visit.form.value("address") ?? ""
                : nil,
            problems: problems)
        return .page(page.html(setting(visit, signedIn)), status: problems.isEmpty ? 200 : 422)
    }

    private func endSession(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        try await accounts.endSessions(
            visit.form.value("session"), of: accounts.worker(signedIn).id,
            but: visit.cookies[AccountsCookie.session])
        return .redirect(to: "/\(visit.language)/desk/account")
    }

    private func forgetDevice(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        try await accounts.forgetDevice(visit.form.value("device") ?? "", of: accounts.worker(signedIn).id)
        return .redirect(to: "/\(visit.language)/desk/account")
    }

    private func notices(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        do {
            try await accounts.setNoticeAddress(
                visit.form.value("address") ?? "", visit.language, of: accounts.worker(signedIn))
            return .redirect(to: "/\(visit.language)/desk/account")
        } catch let problems as Problems {
            return try await account(visit, signedIn, problems)
        }
    }

    private func passphrase(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        do {
            let codes = try await accounts.changePassphrase(
                of: accounts.worker(signedIn), from: visit.form.value("old") ?? "",
                to: visit.form.value("passphrase") ?? "", kept: visit.cookies[AccountsCookie.session],
                device: visit.cookies[AccountsCookie.device])
            return .page(WrittenDownPage(codes: codes, pieces: []).html(setting(visit, signedIn)))
        } catch let problems as Problems {
            return try await account(visit, signedIn, problems)
        }
    }

    // MARK: The team

    private func team(
        _ visit: Visit, _ signedIn: SignedIn, link: String? = nil, refusal: AccountsRefusal? = nil
    ) async throws -> Reply {
        let me = try await accounts.worker(signedIn)
        let (workers, invitations) = try await accounts.team(of: me.desk)
        let page = TeamPage(me: me, workers: workers, invitations: invitations, link: link, refusal: refusal)
        return .page(page.html(setting(visit, signedIn)), status: refusal?.status ?? 200)
    }

    private func link(_ visit: Visit, _ secret: String) -> String {
        "\(visit.origin)/\(visit.language)/invitations/\(secret)"
    }

    private func inviteWorker(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        guard let role = visit.form.value("role").flatMap(Role.init) else { throw AccountsRefusal.notAllowed }
        let secret = try await accounts.inviteWorker(
            role, leads: visit.form.value("leads") != nil, by: accounts.worker(signedIn),
            deskSecret: signedIn.organizationSecret)
        return try await team(visit, signedIn, link: link(visit, secret))
    }

    private func withdraw(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        try await accounts.withdrawInvitation(
            visit.form.value("invitation") ?? "", by: accounts.worker(signedIn))
        return .redirect(to: "/\(visit.language)/desk/team")
    }

    private func setState(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        guard let state = visit.form.value("state").flatMap(Worker.State.init), [.active, .suspended].contains(state)
        else { throw AccountsRefusal.notAllowed }
        do {
            try await accounts.setState(state, of: colleague(visit), by: accounts.worker(signedIn))
            return .redirect(to: "/\(visit.language)/desk/team")
        } catch AccountsRefusal.lastLead {
            return try await team(visit, signedIn, refusal: .lastLead)
        }
    }

    private func renew(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let secret = try await accounts.renew(
            colleague(visit), by: accounts.worker(signedIn), deskSecret: signedIn.organizationSecret)
        return try await team(visit, signedIn, link: link(visit, secret))
    }

    private func printPieces(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let pieces = try await accounts.printPieces(
            by: accounts.worker(signedIn), deskSecret: signedIn.organizationSecret, in: visit.language)
        return .page(WrittenDownPage(codes: [], pieces: pieces).html(setting(visit, signedIn)))
    }

    private func colleague(_ visit: Visit) throws -> Identifier<Worker> {
        guard let id = visit.form.value("worker").flatMap(Identifier<Worker>.init) else { throw NotFound() }
        return id
    }

    // MARK: The network's desks

    private func desks(
        _ visit: Visit, _ signedIn: SignedIn, typed: String = "", problems: Problems = Problems(), link: String? = nil
    ) async throws -> Reply {
        var names: [String] = []
        for desk in try await accounts.desks() {
            names.append(try await accounts.organizations.name(desk.description, visit.language) ?? desk.description)
        }
        let page = DesksPage(names: names, roles: Role.allCases, typed: typed, problems: problems, link: link)
        return .page(page.html(setting(visit, signedIn)), status: problems.isEmpty ? 200 : 422)
    }

    private func inviteDesk(_ visit: Visit, _ signedIn: SignedIn) async throws -> Reply {
        let typed = visit.form.value("organization") ?? ""
        guard let role = visit.form.value("role").flatMap(Role.init) else { throw AccountsRefusal.notAllowed }
        do {
            let id = String(typed.split(separator: "/").last ?? "")
            let secret = try await accounts.inviteDesk(id, role, by: signedIn.actor, accounts.worker(signedIn))
            return try await desks(visit, signedIn, link: link(visit, secret))
        } catch AccountsRefusal.noOrganization {
            var problems = Problems()
            problems.add("organization", typed.isEmpty ? "required" : "no-organization")
            return try await desks(visit, signedIn, typed: typed, problems: problems)
        }
    }
}
