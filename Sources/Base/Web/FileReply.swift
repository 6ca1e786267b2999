import Foundation
import Hummingbird

extension Site {
    /// A reply whose body is read from the disk while it is sent, away from the threads that answer others.
    func response(
        _ reply: Reply, file: URL, _ form: RouteTable.Form, _ context: SiteContext
    ) async throws -> Response {
        var response = response(reply, zipped: false, form)
        response.body = try await FileIO().loadFile(path: file.path, context: context)
        return response
    }
}
