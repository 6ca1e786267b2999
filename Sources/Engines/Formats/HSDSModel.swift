/// The 24 objects of Open Referral HSDS 3.2.3, with the few fields we add marked `+`.
///
/// A field is `name`, then `#` number, `@` URI or `~` e-mail, `^` day, `%` time or `&` moment, `!` when required, `$`
/// when only tables require it, `=a|b` for its only values; a member is `name>object`, with `*` when it is a list. All but
/// taxonomies end with `attributes`, and every object has `metadata`. The order is that of the standard. Source: the
/// schema files of openreferral/specification 3.2.3, compared with this table by a test.
let hsdsTable = """
    organization:
        name! alternate_name description! email~ website@ additional_websites>url* tax_status tax_id
        year_incorporated# legal_status logo uri@ parent_organization_id funding>funding* contacts>contact*
        phones>phone* locations>location* programs>program*
        organization_identifiers>organization_identifier* +kind
    program:
        organization_id$ name! alternate_name description!
    service:
        organization_id$ program_id name! alternate_name description url@ additional_urls>url* email~
        status!=active|inactive|defunct|temporarily_closed interpretation_services application_process
        fees_description wait_time fees accreditations eligibility_description minimum_age# maximum_age#
        assured_date^ assurer_email~ licenses alert last_modified& phones>phone*
        schedules>schedule* service_areas>service_area* service_at_locations>service_at_location*
        languages>language* organization>organization funding>funding* cost_options>cost_option*
        program>program required_documents>required_document* contacts>contact* capacities>service_capacity*
    location:
        location_type!=physical|postal|virtual url@ organization_id name alternate_name description
        transportation latitude# longitude# external_identifier external_identifier_type languages>language*
        addresses>address* contacts>contact* accessibility>accessibility* phones>phone* schedules>schedule*
    service_at_location:
        service_id$ location_id$ description service_areas>service_area* contacts>contact* phones>phone*
        schedules>schedule* location>location
    address:
        location_id attention address_1! address_2 city! region state_province! postal_code! country!
        address_type!=physical|postal|virtual
    phone:
        location_id service_id organization_id contact_id service_at_location_id number! extension# type
        description languages>language*
    contact:
        organization_id service_id service_at_location_id location_id name title department email~
        phones>phone*
    schedule:
        service_id location_id service_at_location_id valid_from^ valid_to^ dtstart^ timezone# until^ count#
        wkst=MO|TU|WE|TH|FR|SA|SU freq=WEEKLY|MONTHLY interval# byday byweekno bymonthday byyearday
        description opens_at% closes_at% schedule_link@ attending_type notes +zone +exception
    language:
        service_id location_id phone_id name code note
    accessibility:
        location_id description details url@
    service_area:
        service_id service_at_location_id name description extent extent_type uri
    required_document:
        service_id document uri@
    cost_option:
        service_id$ valid_from^ valid_to^ option currency amount# amount_description
    funding:
        organization_id service_id source
    service_capacity:
        service_id$ unit>unit unit_id$ available#! maximum# description updated&!
    unit:
        name! scheme identifier uri@
    url:
        label url@! organization_id service_id
    organization_identifier:
        organization_id$ identifier_scheme identifier_type! identifier!
    taxonomy:
        name! description! uri@ version
    taxonomy_term:
        code name! description! parent_id taxonomy taxonomy_detail>taxonomy language taxonomy_id term_uri@
    attribute:
        link_id$ taxonomy_term_id$ link_type link_entity$ value taxonomy_term>taxonomy_term metadata>metadata* label
    metadata:
        resource_id$ resource_type$ last_action_date^! last_action_type! field_name! previous_value!
        replacement_value! updated_by!
    meta_table_description:
        name language character_set
    """
