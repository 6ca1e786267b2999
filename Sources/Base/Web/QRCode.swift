import CQREncode

/// A QR code as rows of dark and light modules, by libqrencode; nil for text it cannot hold.
package struct QRCode {
    package let size: Int
    private let dark: [Bool]

    package init?(_ text: String) {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return nil }
        defer { QRcode_free(code) }
        let size = Int(code.pointee.width)
        guard size > 0, let modules = code.pointee.data else { return nil }
        self.size = size
        dark = (0..<size * size).map { modules[$0] & 1 == 1 }
    }

    /// The dark modules as one SVG path, one unit each, row by row.
    package var path: String {
        var path = ""
        for row in 0..<size {
            var column = 0
            while column < size {
                let start = column
                while column < size, dark[row * size + column] { column += 1 }
                if column > start { path += "M\(start) \(row)h\(column - start)v1H\(start)z" }
                column += 1
            }
        }
        return path
    }
}
