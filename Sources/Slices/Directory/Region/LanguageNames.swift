import Foundation
import Kernel

/// Languages a service can be given in, and their names from the Unicode CLDR that Foundation carries.
enum LanguageNames {
    /// ISO 639 codes offered in the filter when a service has them.
    static let codes = [
        "en", "fr", "ar", "bn", "cr", "de", "es", "fa", "fil", "gu", "hi", "it", "ja", "km", "ko", "pa", "pl", "ps",
        "pt", "ro", "ru", "sgn", "so", "sw", "ta", "th", "ti", "tl", "tr", "uk", "ur", "vi", "yue", "zh",
    ]

    static func name(_ code: String, in language: Language) -> String {
        Locale(identifier: language.code).localizedString(forLanguageCode: code) ?? code
    }
}
