import Domain
import Names

/// The consolidated list of the United Nations Security Council, in its XML form.
struct UNList {
  private(set) var entries: [ListedParty] = []
  private(set) var published: CalendarDate?
  private var party: [String: [String]] = [:]
  private var aliases: [ListedName] = []
  private var births: [BirthDate] = []
  private var identifiers: [String] = []

  init(_ xml: [UInt8]) throws(XMLReader.FormatError) {
    var reader = XMLReader(xml)
    var path: [String] = []
    var text = ""
    // Facts of the element that is open directly under the party: an alias, a date of birth, a document.
    var group: [String: String] = [:]
    while let event = try reader.next() {
      switch event {
      case .start(let name, let attributes):
        if let day = attributes["dateGenerated"]?.prefix(10) { published = CalendarDate(String(day)) }
        path.append(name)
        text = ""
        if path.count == 4 { group = [:] }
        if path.count == 3 { begin() }
      case .text(let more): text += more
      case .end(let name):
        let value = ListText.trimmed(text)
        if path.count == 5, !value.isEmpty { group[name] = value }
        if path.count == 4 { close(name, value, group) }
        if path.count == 3 { finish(isPerson: name == "INDIVIDUAL") }
        path.removeLast()
        text = ""
      }
    }
  }

  private mutating func begin() { (party, aliases, births, identifiers) = ([:], [], [], []) }

  private mutating func close(_ name: String, _ value: String, _ group: [String: String]) {
    switch name {
    case "INDIVIDUAL_ALIAS", "ENTITY_ALIAS":
      guard let alias = group["ALIAS_NAME"] else { return }
      aliases.append(ListedName(alias, group["QUALITY"] == "Low" ? .weak : .strong))
    case "INDIVIDUAL_DATE_OF_BIRTH": if let birth = UNList.birth(group) { births.append(birth) }
    case "INDIVIDUAL_DOCUMENT":
      if let number = group["NUMBER"].flatMap(ListedParty.identifier) { identifiers.append(number) }
    case "NATIONALITY": if let country = group["VALUE"] { party["COUNTRY", default: []].append(country) }
    case "INDIVIDUAL_ADDRESS", "ENTITY_ADDRESS":
      if let country = group["COUNTRY"] { party["COUNTRY", default: []].append(country) }
    default: if !value.isEmpty { party[name, default: []].append(value) }
    }
  }

  private mutating func finish(isPerson: Bool) {
    let parts = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"].compactMap { party[$0]?.first }
    let original = (party["NAME_ORIGINAL_SCRIPT"] ?? []).map { ListedName($0, .strong) }
    entries.append(
      ListedParty(
        id: party["REFERENCE_NUMBER"]?.first ?? party["DATAID"]?.first ?? "\(entries.count + 1)",
        kind: isPerson ? .person : .organisation,
        names: ListText.unique([ListedName(parts.joined(separator: " "))] + original + aliases), births: births,
        countries: ListText.countries(party["COUNTRY"] ?? []), identifiers: ListText.unique(identifiers),
        programmes: party["UN_LIST_TYPE"] ?? []))
  }

  private static func birth(_ group: [String: String]) -> BirthDate? {
    if let day = group["DATE"]?.prefix(10), let date = CalendarDate(String(day)) { return BirthDate(date) }
    if let first = group["FROM_YEAR"].flatMap({ Int64($0) }), let last = group["TO_YEAR"].flatMap({ Int64($0) }),
      first <= last
    {
      return BirthDate(years: first...last)
    }
    guard let year = group["YEAR"] else { return nil }
    return BirthDate(text: group["TYPE_OF_DATE"] == "APPROXIMATELY" ? "circa \(year)" : year)
  }
}
