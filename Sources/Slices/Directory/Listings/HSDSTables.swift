/// The first step of the schema: HSDS 3.2.3 as tables, frozen.
let hsdsTables = [
    """
    CREATE TABLE taxonomy (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        name TEXT NOT NULL CHECK (length(name) > 0),
        description TEXT NOT NULL,
        uri TEXT,
        version TEXT
    )
    """,
    """
    CREATE TABLE taxonomy_term (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        code TEXT,
        name TEXT NOT NULL CHECK (length(name) > 0),
        description TEXT NOT NULL,
        parent_id TEXT REFERENCES taxonomy_term (id) ON DELETE CASCADE,
        taxonomy TEXT,
        language TEXT,
        taxonomy_id TEXT REFERENCES taxonomy (id) ON DELETE CASCADE,
        term_uri TEXT
    )
    """,
    "CREATE INDEX taxonomy_term_by_parent_id ON taxonomy_term (parent_id) WHERE parent_id IS NOT NULL",
    "CREATE INDEX taxonomy_term_by_taxonomy_id ON taxonomy_term (taxonomy_id) WHERE taxonomy_id IS NOT NULL",
    """
    CREATE TABLE organization (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        name TEXT NOT NULL CHECK (length(name) > 0),
        alternate_name TEXT,
        description TEXT NOT NULL,
        email TEXT,
        website TEXT,
        tax_status TEXT,
        tax_id TEXT,
        year_incorporated DOUBLE PRECISION,
        legal_status TEXT,
        logo TEXT,
        uri TEXT,
        parent_organization_id TEXT REFERENCES organization (id) ON DELETE CASCADE,
        kind TEXT
    )
    """,
    "CREATE INDEX organization_by_parent_organization_id ON organization (parent_organization_id) WHERE parent_organization_id IS NOT NULL",
    """
    CREATE TABLE program (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        organization_id TEXT REFERENCES organization (id) ON DELETE CASCADE,
        name TEXT NOT NULL CHECK (length(name) > 0),
        alternate_name TEXT,
        description TEXT NOT NULL
    )
    """,
    "CREATE INDEX program_by_organization_id ON program (organization_id) WHERE organization_id IS NOT NULL",
    """
    CREATE TABLE service (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        organization_id TEXT REFERENCES organization (id) ON DELETE CASCADE,
        program_id TEXT REFERENCES program (id) ON DELETE CASCADE,
        name TEXT NOT NULL CHECK (length(name) > 0),
        alternate_name TEXT,
        description TEXT,
        url TEXT,
        email TEXT,
        status TEXT NOT NULL CHECK (status IN ('active', 'inactive', 'defunct', 'temporarily closed')),
        interpretation_services TEXT,
        application_process TEXT,
        fees_description TEXT,
        wait_time TEXT,
        fees TEXT,
        accreditations TEXT,
        eligibility_description TEXT,
        minimum_age DOUBLE PRECISION,
        maximum_age DOUBLE PRECISION,
        assured_date TEXT,
        assurer_email TEXT,
        licenses TEXT,
        alert TEXT,
        last_modified TEXT
    )
    """,
    "CREATE INDEX service_by_organization_id ON service (organization_id) WHERE organization_id IS NOT NULL",
    "CREATE INDEX service_by_program_id ON service (program_id) WHERE program_id IS NOT NULL",
    """
    CREATE TABLE location (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        location_type TEXT NOT NULL CHECK (location_type IN ('physical', 'postal', 'virtual')),
        url TEXT,
        organization_id TEXT REFERENCES organization (id) ON DELETE CASCADE,
        name TEXT,
        alternate_name TEXT,
        description TEXT,
        transportation TEXT,
        latitude DOUBLE PRECISION CHECK (latitude BETWEEN -90 AND 90),
        longitude DOUBLE PRECISION CHECK (longitude BETWEEN -180 AND 180),
        external_identifier TEXT,
        external_identifier_type TEXT
    )
    """,
    "CREATE INDEX location_by_organization_id ON location (organization_id) WHERE organization_id IS NOT NULL",
    """
    CREATE TABLE service_at_location (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        service_id TEXT REFERENCES service (id) ON DELETE CASCADE,
        location_id TEXT REFERENCES location (id) ON DELETE CASCADE,
        description TEXT
    )
    """,
    "CREATE INDEX service_at_location_by_service_id ON service_at_location (service_id) WHERE service_id IS NOT NULL",
    "CREATE INDEX service_at_location_by_location_id ON service_at_location (location_id) WHERE location_id IS NOT NULL",
    """
    CREATE TABLE contact (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        organization_id TEXT REFERENCES organization (id) ON DELETE CASCADE,
        service_id TEXT REFERENCES service (id) ON DELETE CASCADE,
        service_at_location_id TEXT REFERENCES service_at_location (id) ON DELETE CASCADE,
        location_id TEXT REFERENCES location (id) ON DELETE CASCADE,
        name TEXT,
        title TEXT,
        department TEXT,
        email TEXT
    )
    """,
    "CREATE INDEX contact_by_organization_id ON contact (organization_id) WHERE organization_id IS NOT NULL",
    "CREATE INDEX contact_by_service_id ON contact (service_id) WHERE service_id IS NOT NULL",
    "CREATE INDEX contact_by_service_at_location_id ON contact (service_at_location_id) WHERE service_at_location_id IS NOT NULL",
    "CREATE INDEX contact_by_location_id ON contact (location_id) WHERE location_id IS NOT NULL",
    """
    CREATE TABLE phone (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        location_id TEXT REFERENCES location (id) ON DELETE CASCADE,
        service_id TEXT REFERENCES service (id) ON DELETE CASCADE,
        organization_id TEXT REFERENCES organization (id) ON DELETE CASCADE,
        contact_id TEXT REFERENCES contact (id) ON DELETE CASCADE,
        service_at_location_id TEXT REFERENCES service_at_location (id) ON DELETE CASCADE,
        number TEXT NOT NULL,
        extension DOUBLE PRECISION,
        type TEXT,
        description TEXT
    )
    """,
    "CREATE INDEX phone_by_location_id ON phone (location_id) WHERE location_id IS NOT NULL",
    "CREATE INDEX phone_by_service_id ON phone (service_id) WHERE service_id IS NOT NULL",
    "CREATE INDEX phone_by_organization_id ON phone (organization_id) WHERE organization_id IS NOT NULL",
    "CREATE INDEX phone_by_contact_id ON phone (contact_id) WHERE contact_id IS NOT NULL",
    "CREATE INDEX phone_by_service_at_location_id ON phone (service_at_location_id) WHERE service_at_location_id IS NOT NULL",
    """
    CREATE TABLE address (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        location_id TEXT REFERENCES location (id) ON DELETE CASCADE,
        attention TEXT,
        address_1 TEXT NOT NULL,
        address_2 TEXT,
        city TEXT NOT NULL,
        region TEXT,
        state_province TEXT NOT NULL,
        postal_code TEXT NOT NULL,
        country TEXT NOT NULL,
        address_type TEXT NOT NULL CHECK (address_type IN ('physical', 'postal', 'virtual'))
    )
    """,
    "CREATE INDEX address_by_location_id ON address (location_id) WHERE location_id IS NOT NULL",
    """
    CREATE TABLE schedule (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        service_id TEXT REFERENCES service (id) ON DELETE CASCADE,
        location_id TEXT REFERENCES location (id) ON DELETE CASCADE,
        service_at_location_id TEXT REFERENCES service_at_location (id) ON DELETE CASCADE,
        valid_from TEXT,
        valid_to TEXT,
        dtstart TEXT,
        timezone DOUBLE PRECISION,
        until TEXT,
        count DOUBLE PRECISION,
        wkst TEXT CHECK (wkst IN ('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')),
        freq TEXT CHECK (freq IN ('WEEKLY', 'MONTHLY')),
        interval DOUBLE PRECISION,
        byday TEXT,
        byweekno TEXT,
        bymonthday TEXT,
        byyearday TEXT,
        description TEXT,
        opens_at TEXT,
        closes_at TEXT,
        schedule_link TEXT,
        attending_type TEXT,
        notes TEXT,
        zone TEXT,
        exception TEXT CHECK (exception IN ('closed', 'open'))
    )
    """,
    "CREATE INDEX schedule_by_service_id ON schedule (service_id) WHERE service_id IS NOT NULL",
    "CREATE INDEX schedule_by_location_id ON schedule (location_id) WHERE location_id IS NOT NULL",
    "CREATE INDEX schedule_by_service_at_location_id ON schedule (service_at_location_id) WHERE service_at_location_id IS NOT NULL",
    """
    CREATE TABLE language (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        service_id TEXT REFERENCES service (id) ON DELETE CASCADE,
        location_id TEXT REFERENCES location (id) ON DELETE CASCADE,
        phone_id TEXT REFERENCES phone (id) ON DELETE CASCADE,
        name TEXT,
        code TEXT,
        note TEXT
    )
    """,
    "CREATE INDEX language_by_service_id ON language (service_id) WHERE service_id IS NOT NULL",
    "CREATE INDEX language_by_location_id ON language (location_id) WHERE location_id IS NOT NULL",
    "CREATE INDEX language_by_phone_id ON language (phone_id) WHERE phone_id IS NOT NULL",
    """
    CREATE TABLE accessibility (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        location_id TEXT REFERENCES location (id) ON DELETE CASCADE,
        description TEXT,
        details TEXT,
        url TEXT
    )
    """,
    "CREATE INDEX accessibility_by_location_id ON accessibility (location_id) WHERE location_id IS NOT NULL",
    """
    CREATE TABLE service_area (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        service_id TEXT REFERENCES service (id) ON DELETE CASCADE,
        service_at_location_id TEXT REFERENCES service_at_location (id) ON DELETE CASCADE,
        name TEXT,
        description TEXT,
        extent TEXT,
        extent_type TEXT,
        uri TEXT
    )
    """,
    "CREATE INDEX service_area_by_service_id ON service_area (service_id) WHERE service_id IS NOT NULL",
    "CREATE INDEX service_area_by_service_at_location_id ON service_area (service_at_location_id) WHERE service_at_location_id IS NOT NULL",
    """
    CREATE TABLE required_document (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        service_id TEXT REFERENCES service (id) ON DELETE CASCADE,
        document TEXT,
        uri TEXT
    )
    """,
    "CREATE INDEX required_document_by_service_id ON required_document (service_id) WHERE service_id IS NOT NULL",
    """
    CREATE TABLE cost_option (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        service_id TEXT REFERENCES service (id) ON DELETE CASCADE,
        valid_from TEXT,
        valid_to TEXT,
        option TEXT,
        currency TEXT,
        amount DOUBLE PRECISION,
        amount_description TEXT
    )
    """,
    "CREATE INDEX cost_option_by_service_id ON cost_option (service_id) WHERE service_id IS NOT NULL",
    """
    CREATE TABLE funding (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        organization_id TEXT REFERENCES organization (id) ON DELETE CASCADE,
        service_id TEXT REFERENCES service (id) ON DELETE CASCADE,
        source TEXT
    )
    """,
    "CREATE INDEX funding_by_organization_id ON funding (organization_id) WHERE organization_id IS NOT NULL",
    "CREATE INDEX funding_by_service_id ON funding (service_id) WHERE service_id IS NOT NULL",
    """
    CREATE TABLE unit (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        name TEXT NOT NULL CHECK (length(name) > 0),
        scheme TEXT,
        identifier TEXT,
        uri TEXT
    )
    """,
    """
    CREATE TABLE service_capacity (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        service_id TEXT REFERENCES service (id) ON DELETE CASCADE,
        unit_id TEXT REFERENCES unit (id) ON DELETE CASCADE,
        available DOUBLE PRECISION NOT NULL,
        maximum DOUBLE PRECISION,
        description TEXT,
        updated TEXT NOT NULL
    )
    """,
    "CREATE INDEX service_capacity_by_service_id ON service_capacity (service_id) WHERE service_id IS NOT NULL",
    "CREATE INDEX service_capacity_by_unit_id ON service_capacity (unit_id) WHERE unit_id IS NOT NULL",
    """
    CREATE TABLE url (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        label TEXT,
        url TEXT NOT NULL,
        organization_id TEXT REFERENCES organization (id) ON DELETE CASCADE,
        service_id TEXT REFERENCES service (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX url_by_organization_id ON url (organization_id) WHERE organization_id IS NOT NULL",
    "CREATE INDEX url_by_service_id ON url (service_id) WHERE service_id IS NOT NULL",
    """
    CREATE TABLE organization_identifier (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        organization_id TEXT REFERENCES organization (id) ON DELETE CASCADE,
        identifier_scheme TEXT,
        identifier_type TEXT NOT NULL,
        identifier TEXT NOT NULL
    )
    """,
    "CREATE INDEX organization_identifier_by_organization_id ON organization_identifier (organization_id) WHERE organization_id IS NOT NULL",
    """
    CREATE TABLE attribute (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        link_id TEXT,
        taxonomy_term_id TEXT REFERENCES taxonomy_term (id) ON DELETE CASCADE,
        link_type TEXT,
        link_entity TEXT,
        value TEXT,
        label TEXT
    )
    """,
    "CREATE INDEX attribute_by_link_id ON attribute (link_id) WHERE link_id IS NOT NULL",
    "CREATE INDEX attribute_by_taxonomy_term_id ON attribute (taxonomy_term_id) WHERE taxonomy_term_id IS NOT NULL",
    """
    CREATE TABLE metadata (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        resource_id TEXT,
        resource_type TEXT,
        last_action_date TEXT NOT NULL,
        last_action_type TEXT NOT NULL,
        field_name TEXT NOT NULL,
        previous_value TEXT NOT NULL,
        replacement_value TEXT NOT NULL,
        updated_by TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE meta_table_description (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        name TEXT,
        language TEXT,
        character_set TEXT
    )
    """,
]
