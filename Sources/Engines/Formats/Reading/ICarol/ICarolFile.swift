import Kernel

/// Reads the resource export of iCarol, one row for each agency, program, site, or program at a site. Source: the column
/// list in OpenCIOC's iCarol import, and the export that BC211 published. What is marked private is for vetted partners.
struct ICarolFile {
    let intake: Intake

    func read(_ bytes: ByteStream) throws {
        var isFirst = true
        try TableReader.read(bytes, intake) { row in
            if isFirst { try reportUnknown(row) }
            isFirst = false
            try ICarolRow(row, intake: intake).take()
        }
    }

    private func reportUnknown(_ row: TableRow) throws {
        for name in row.header.names where !name.isEmpty && !ICarolColumns.known.contains(name.lowercased()) {
            try intake.unknownField(name, of: "iCarol", at: Origin(file: row.origin.file, line: 1))
        }
    }
}

/// The columns that are read, and those that are known and left where they are: internal notes, workflow, who verified.
enum ICarolColumns {
    static let phones: [(column: String, type: String?, name: String?)] =
        (1...5).map { ("Phone\($0)", nil, "Phone\($0)Name") } + [
            ("PhoneFax", "fax", nil), ("PhoneTTY", "textphone", nil), ("PhoneTollFree", "voice", "toll free"),
            ("PhoneNumberHotline", "voice", "hotline"), ("PhoneNumberBusinessLine", "voice", "business line"),
            ("PhoneNumberOutOfArea", "voice", "out of area"), ("PhoneNumberAfterHours", "voice", "after hours"),
        ]

    static let known: Set<String> = {
        var all = Set(text.split(whereSeparator: \.isWhitespace).map { $0.lowercased() })
        for phone in phones {
            for ending in ["", "Number", "Name", "Description", "IsPrivate", "Type"] {
                all.insert((phone.column + ending).lowercased())
            }
        }
        return all
    }()

    private static let text = """
        ResourceAgencyNum ImportDate ImportStatus Refresh PublicName AlternateName OfficialName TaxonomyLevelName
        ParentAgency ParentAgencyNum RecordOwner UniqueIDPriorSystem MailingAttentionName MailingAddress1 MailingAddress2
        MailingAddress3 MailingAddress4 MailingCity MailingStateProvince MailingPostalCode MailingCountry
        MailingAddressIsPrivate MailingCommunity PhysicalAddress1 PhysicalAddress2 PhysicalAddress3 PhysicalAddress4
        PhysicalCity PhysicalCounty PhysicalStateProvince PhysicalPostalCode PhysicalCountry PhysicalAddressIsPrivate
        PhysicalCommunity OtherAddress1 OtherAddress2 OtherCity OtherCounty OtherStateProvince OtherPostalCode
        OtherCountry OtherCommunity Latitude Longitude LatitudeLongitude HoursOfOperation EmailAddressMain WebsiteAddress
        AgencyStatus AgencyClassification AgencyDescription SearchHints CoverageArea CoverageAreaText Eligibility
        EligibilityAdult EligibilityChild EligibilityFamily EligibilityFemale EligibilityMale EligibilityTeen
        SeniorWorkerName SeniorWorkerTitle SeniorWorkerEmailAddress SeniorWorkerPhoneNumber SeniorWorkerIsPrivate
        MainContactName MainContactTitle MainContactEmailAddress MainContactPhoneNumber MainContactType
        MainContactIsPrivate LicenseAccreditation IRSStatus FEIN YearIncorporated AnnualBudgetTotal LegalStatus
        SourceOfFunds ExcludeFromWebsite ExcludeFromDirectory DisabilitiesAccess PhysicalLocationDescription
        BusServiceAccess PublicAccessTransportation PaymentMethods FeeStructureSource ApplicationProcess ResourceInfo
        DocumentsRequired LanguagesOffered LanguagesOfferedList AvailabilityNumberOfTimes AvailabilityFrequency
        AvailabilityPeriod ServiceNotAlwaysAvailability CapacityType ServiceCapacity NormalWaitTime TemporaryMessage
        TemporaryMessageAppears TemporaryMessageExpires EnteredOn UpdatedOn MadeInactiveOn InternalNotes
        InternalNotesForEditorsAndViewers HighlightedResource LastVerifiedOn LastVerifiedByName LastVerifiedByTitle
        LastVerifiedByPhoneNumber LastVerifiedByEmailAddress LastVerificationApprovedBy AvailableForDirectory
        AvailableForReferral AvailableForResearch PreferredProvider ConnectsToSiteNum ConnectsToProgramNum
        LanguageOfRecord CurrentWorkflowStepCode VolunteerOpportunities VolunteerDuties IsLinkOnly
        ProgramAgencyNamePublic SiteAgencyNamePublic Categories TaxonomyTerm TaxonomyTerms TaxonomyTermsNotDeactivated
        TaxonomyCodes Coverage Hours
        """
}
