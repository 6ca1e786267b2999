import Foundation
import Glibc

/// A file's bytes as they are now, in pages that the system may drop and read again. What happens to the file later does
/// not reach them: mapped as it lies, a file that somebody cuts short would end the process at the next look (SIGBUS).
enum HeldFile {
    /// `__O_TMPFILE` with `O_DIRECTORY`, as Linux defines `O_TMPFILE`; Swift cannot read that macro.
    private static let nameless = 0o20000000 | O_DIRECTORY

    /// A copy without a name beside the file, gone with this process; the file itself where no copy can be made.
    static func bytes(of file: URL) throws -> Data {
        try copied(file) ?? Data(contentsOf: file, options: .alwaysMapped)
    }

    private static func copied(_ file: URL) -> Data? {
        let source = open(file.path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { return nil }
        defer { close(source) }
        let copy = open(file.deletingLastPathComponent().path, nameless | O_RDWR | O_CLOEXEC, 0o600)
        guard copy >= 0 else { return nil }
        defer { close(copy) }
        var about = stat()
        guard fstat(source, &about) == 0, about.st_size > 0 else { return nil }
        var left = Int(about.st_size)
        while left > 0 {
            let moved = sendfile(copy, source, nil, left)
            if moved <= 0 { return nil }
            left -= moved
        }
        let length = Int(about.st_size)
        guard let start = mmap(nil, length, PROT_READ, MAP_SHARED, copy, 0), start != MAP_FAILED else { return nil }
        return Data(bytesNoCopy: start, count: length, deallocator: .unmap)
    }
}
