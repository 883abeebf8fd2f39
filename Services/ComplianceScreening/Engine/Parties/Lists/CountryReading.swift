import Domain

/// Countries as lists name them: by code, by their usual name, and by other names.
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
    var byName = Dictionary(CountryName.all.map { (key($0.name), $0.code) }) { first, _ in first }
    for line in otherNames.split(separator: "\n") {
      for name in line.dropFirst(3).split(separator: ";") { byName[key(String(name))] = String(line.prefix(2)) }
    }
    return byName
  }()

  private static let otherNames = """
    AE UAE
    BA Bosnia
    BN Brunei
    BO Plurinational State of Bolivia
    CD Congo, Democratic Republic of the;DRC
    CI Cote d'Ivoire;Ivory Coast
    CN People's Republic of China
    CV Cape Verde
    CW Curacao
    CZ Czech Republic
    GB Great Britain;England;United Kingdom of Great Britain and Northern Ireland
    KG Kyrgyz Republic
    KP Democratic People's Republic of Korea;DPRK
    KR Republic of Korea;Korea
    LA Laos;Lao People's Democratic Republic
    LY State of Libya
    MK Macedonia;The Former Yugoslav Republic of Macedonia
    MM Burma
    MO Macau
    NL Holland
    PS Palestinian;State of Palestine;West Bank;Gaza
    RU Russian Federation
    SY Syrian Arab Republic
    SZ Swaziland
    TL East Timor
    TR Turkey;Turkiye
    TZ United Republic of Tanzania
    US United States of America;USA
    VE Bolivarian Republic of Venezuela
    VN Vietnam
    XK Kosovo
    """
}
