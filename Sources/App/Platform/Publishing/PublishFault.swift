import Foundation
import Glibc

/// Why a site could not be published or checked, in one sentence.
package struct PublishFault: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ sentence: String) { description = sentence }

    init(_ path: String, errno number: Int32) {
        description =
            switch number {
            case ENOSPC, EDQUOT:
                "The disk is full; \(path) was not written and the site is unfinished. Make room and publish again."
            case EACCES, EPERM: "\(path) may not be written by this user."
            case EROFS: "\(path) lies on a disk that is read-only."
            case ENOTDIR, EEXIST: "\(path) is not a folder."
            default: "\(path) could not be written: \(String(cString: strerror(number)))."
            }
    }
}
