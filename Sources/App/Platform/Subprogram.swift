import Foundation

/// A program of the system run with limits: of time, of memory, and with nothing of this program's environment, in which
/// stands how to reach the database.
struct Subprogram {
    let seconds: Int
    /// Bytes of data it may hold.
    var memory = 1 << 30
    let home: String

    /// Its exit status; 124 or 137 when it took too long, 127 when it is not there.
    /// - Parameters:
    ///   - input: what it reads, less than a pipe holds (64 KiB).
    /// - Throws: where the Debian package util-linux is missing.
    func run(_ program: String, _ arguments: [String], in folder: URL? = nil, input: String? = nil) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/prlimit")
        process.arguments = ["--data=\(memory)", "timeout", "--kill-after=5", "\(seconds)", program] + arguments
        process.currentDirectoryURL = folder
        process.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": home, "LANG": "C.UTF-8"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let pipe = Pipe()
        if let input {
            process.standardInput = pipe
            // Written while this end is open for reading too: a program that ends early breaks nothing.
            try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        }
        try process.run()
        try pipe.fileHandleForWriting.close()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
