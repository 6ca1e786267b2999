import Foundation
import Glibc
import Sealing

/// Why a backup was not made or not restored, in one sentence.
package struct BackupFault: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ sentence: String) { description = sentence }

    init(_ path: String, errno number: Int32) {
        description =
            switch number {
            case ENOSPC, EDQUOT: "The disk is full; \(path) was not written."
            case EACCES, EPERM: "\(path) may not be read or written by this user."
            case EROFS: "\(path) lies on a disk that is read-only."
            case ENOENT, ENOTDIR: "\(path) does not exist."
            case EISDIR: "\(path) is a folder; name a file."
            default: "\(path) cannot be read or written: \(String(cString: strerror(number)))."
            }
    }

    init(_ path: String, _ fault: SealedStream.Fault) {
        description =
            switch fault {
            case .foreign: "\(path) is no backup of Waymark."
            case .otherKey(let name): "\(path) was sealed for the key \(name); name the file of that key."
            case .broken: "\(path) is damaged or cut off; nothing was restored. Take another backup."
            }
    }
}
