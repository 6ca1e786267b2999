import Kernel
import Testing

@Suite struct HexadecimalTests {
    @Test func `every byte is two small digits, in its order`() {
        #expect(hexadecimal([UInt8]()) == "")
        #expect(hexadecimal([0, 9, 10, 15, 16, 159, 160, 255] as [UInt8]) == "00090a0f109fa0ff")
        for byte in UInt8.min...UInt8.max { #expect(UInt8(hexadecimal([byte]), radix: 16) == byte) }
    }
}
