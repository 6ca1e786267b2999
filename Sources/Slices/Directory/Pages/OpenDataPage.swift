import Formats
import Web

/// What may be taken along, in which forms, and on what terms.
struct OpenDataPage {
    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        let licence = Directory.licence
        return setting.page(
            .dataPage, path: "data",
            """
            <h1>\(words(.dataTitle))</h1>
            <p class="lead">\(words(.dataLead))</p>
            <p>\(words(.dataLicence)) <a href="\(licence.url)" rel="license noreferrer">\(licence.name)</a></p>
            <p>\(words(.dataHidden))</p>
            <h2 id="files">\(words(.dataFiles))</h2>
            <table aria-labelledby="files"><thead><tr><th scope="col">\(words(.dataFile))</th>\
            <th scope="col">\(words(.dataForm))</th></tr></thead><tbody>\(Downloads.Name.allCases, { name in
            "<tr><th scope=\"row\"><a href=\"/data/\(name.rawValue)\">\(name.rawValue)</a></th><td>\(words(name.phrase))</td></tr>\n"
            })</tbody></table>
            <h2>\(words(.dataAPI))</h2>
            <p>\(words(.dataAPIText)) <a href="/hsds/services">/hsds/services</a>, <a href="/hsds/openapi.json">/hsds/openapi.json</a></p>
            """)
    }
}

extension Downloads.Name {
    fileprivate var phrase: DirectoryPhrase {
        switch self {
        case .json: .dataJSON
        case .ndjson: .dataNDJSON
        case .geojson: .dataGeoJSON
        case .csv: .dataCSV
        case .vcard: .dataVCard
        case .whoWhatWhere: .dataWho
        case .package: .dataPackage
        }
    }
}
