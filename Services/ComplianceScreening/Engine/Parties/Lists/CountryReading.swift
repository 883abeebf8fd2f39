import Domain

/// Countries as lists name them: by code, by name, and by the forms that differ.
enum CountryReading {
  static func country(_ text: String) -> CountryCode? {
    let text = ListText.trimmed(text)
    if let code = CountryCode(text.uppercased()) { return code }
    return byName[key(text)].flatMap { CountryCode($0) }
  }

  private static func key(_ text: String) -> String {
    let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }
    // `Korea, North` and `North Korea`, `the Bahamas` and `Bahamas`.
    return words.filter { !["the", "of", "and", "republic", "islamic"].contains($0) }.sorted().joined(separator: " ")
  }

  private static let byName: [String: String] = {
    var byName: [String: String] = [:]
    for line in table.split(separator: "\n") {
      for name in line.dropFirst(3).split(separator: ";") { byName[key(String(name))] = String(line.prefix(2)) }
    }
    return byName
  }()

  private static let table = """
    AE United Arab Emirates;UAE
    AF Afghanistan
    AL Albania
    AM Armenia
    AO Angola
    AR Argentina
    AT Austria
    AU Australia
    AZ Azerbaijan
    BA Bosnia and Herzegovina;Bosnia
    BB Barbados
    BD Bangladesh
    BE Belgium
    BF Burkina Faso
    BG Bulgaria
    BH Bahrain
    BI Burundi
    BJ Benin
    BM Bermuda
    BN Brunei;Brunei Darussalam
    BO Bolivia;Plurinational State of Bolivia
    BR Brazil
    BS Bahamas
    BT Bhutan
    BW Botswana
    BY Belarus
    BZ Belize
    CA Canada
    CD Congo, Democratic Republic of the;DR Congo;DRC
    CF Central African Republic
    CG Congo;Congo, Republic of the
    CH Switzerland
    CI Côte d'Ivoire;Cote d'Ivoire;Ivory Coast
    CL Chile
    CM Cameroon
    CN China;People's Republic of China
    CO Colombia
    CR Costa Rica
    CU Cuba
    CV Cape Verde;Cabo Verde
    CW Curacao;Curaçao
    CY Cyprus
    CZ Czech Republic;Czechia
    DE Germany
    DJ Djibouti
    DK Denmark
    DM Dominica
    DO Dominican Republic
    DZ Algeria
    EC Ecuador
    EE Estonia
    EG Egypt
    ER Eritrea
    ES Spain
    ET Ethiopia
    FI Finland
    FJ Fiji
    FR France
    GA Gabon
    GB United Kingdom;Great Britain;England;United Kingdom of Great Britain and Northern Ireland
    GE Georgia
    GH Ghana
    GI Gibraltar
    GM Gambia
    GN Guinea
    GQ Equatorial Guinea
    GR Greece
    GT Guatemala
    GW Guinea-Bissau
    GY Guyana
    HK Hong Kong
    HN Honduras
    HR Croatia
    HT Haiti
    HU Hungary
    ID Indonesia
    IE Ireland
    IL Israel
    IM Isle of Man;Man, Isle of
    IN India
    IQ Iraq
    IR Iran;Iran (Islamic Republic of)
    IS Iceland
    IT Italy
    JE Jersey
    JM Jamaica
    JO Jordan
    JP Japan
    KE Kenya
    KG Kyrgyzstan;Kyrgyz Republic
    KH Cambodia
    KM Comoros
    KN Saint Kitts and Nevis
    KP Korea, North;Democratic People's Republic of Korea;DPRK
    KR Korea, South;Republic of Korea;Korea
    KW Kuwait
    KY Cayman Islands
    KZ Kazakhstan
    LA Laos;Lao People's Democratic Republic
    LB Lebanon
    LI Liechtenstein
    LK Sri Lanka
    LR Liberia
    LT Lithuania
    LU Luxembourg
    LV Latvia
    LY Libya;State of Libya
    MA Morocco
    MC Monaco
    MD Moldova;Republic of Moldova
    ME Montenegro
    MG Madagascar
    MH Marshall Islands
    MK North Macedonia;Macedonia;The Former Yugoslav Republic of Macedonia
    ML Mali
    MM Burma;Myanmar
    MN Mongolia
    MO Macau;Macao
    MR Mauritania
    MT Malta
    MU Mauritius
    MV Maldives
    MW Malawi
    MX Mexico
    MY Malaysia
    MZ Mozambique
    NA Namibia
    NE Niger
    NG Nigeria
    NI Nicaragua
    NL Netherlands;Holland
    NO Norway
    NP Nepal
    NZ New Zealand
    OM Oman
    PA Panama
    PE Peru
    PG Papua New Guinea
    PH Philippines
    PK Pakistan
    PL Poland
    PR Puerto Rico
    PS Palestinian;Palestine;State of Palestine;West Bank;Gaza
    PT Portugal
    PY Paraguay
    QA Qatar
    RO Romania
    RS Serbia
    RU Russia;Russian Federation
    RW Rwanda
    SA Saudi Arabia
    SC Seychelles
    SD Sudan
    SE Sweden
    SG Singapore
    SI Slovenia
    SK Slovakia
    SL Sierra Leone
    SM San Marino
    SN Senegal
    SO Somalia
    SR Suriname
    SS South Sudan
    ST Sao Tome and Principe
    SV El Salvador
    SY Syria;Syrian Arab Republic
    SZ Eswatini;Swaziland
    TD Chad
    TG Togo
    TH Thailand
    TJ Tajikistan
    TL Timor-Leste;East Timor
    TM Turkmenistan
    TN Tunisia
    TR Turkey;Türkiye;Turkiye
    TT Trinidad and Tobago
    TW Taiwan
    TZ Tanzania;United Republic of Tanzania
    UA Ukraine
    UG Uganda
    US United States;United States of America;USA
    UY Uruguay
    UZ Uzbekistan
    VC Saint Vincent and the Grenadines
    VE Venezuela;Bolivarian Republic of Venezuela
    VG Virgin Islands, British
    VN Vietnam;Viet Nam
    VU Vanuatu
    WS Samoa
    XK Kosovo
    YE Yemen
    ZA South Africa
    ZM Zambia
    ZW Zimbabwe
    """
}
