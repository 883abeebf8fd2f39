import CSV
import Domain
import Names

/// The lists of the US Office of Foreign Assets Control in their CSV form: a file of entries without a header, and beside
/// it files of further names and of addresses, joined by the entry's number. `-0-` stands for nothing.
struct OFACList {
  private let rows: [DelimitedText.Row]
  private let names: [String: [ListedName]]
  private let addresses: [String: [String]]
  private let furtherRemarks: [String: String]

  init(entries: ListFile, names: ListFile?, addresses: ListFile?, comments: ListFile?) {
    rows = DelimitedText(entries.bytes).rows
    self.names = OFACList.grouped(names) { ListedName(OFACList.value($0[3]), .strong) }
    self.addresses = OFACList.grouped(addresses) { OFACList.value($0[4]) }
    furtherRemarks = OFACList.grouped(comments) { OFACList.value($0[1]) }.mapValues { $0.joined() }
  }

  private static func grouped<T>(_ file: ListFile?, _ read: (DelimitedText.Row) -> T) -> [String: [T]] {
    guard let file else { return [:] }
    return Dictionary(grouping: DelimitedText(file.bytes).rows) { $0[0] }.mapValues { $0.map(read) }
  }

  private static func value(_ cell: String) -> String {
    let text = ListText.trimmed(cell)
    return text == "-0-" ? "" : text
  }

  func entries() throws(PartyList.FormatError) -> [ListedParty] {
    var entries: [ListedParty] = []
    for row in rows {
      guard row.cells.count >= 12, !row[0].isEmpty else {
        throw PartyList.FormatError(line: row.line, reason: "an entry has 12 cells and a number")
      }
      entries.append(entry(row))
    }
    return entries
  }

  private func entry(_ row: DelimitedText.Row) -> ListedParty {
    let id = ListText.trimmed(row[0])
    let remarks = Remarks(OFACList.value(row[11]) + (furtherRemarks[id] ?? ""))
    let flag = OFACList.value(row[9])
    return ListedParty(
      id: id, kind: OFACList.kind(OFACList.value(row[2])),
      names: ListText.unique([ListedName(OFACList.value(row[1]))] + (names[id] ?? []) + remarks.weakNames),
      births: remarks.births, countries: ListText.countries((addresses[id] ?? []) + [flag] + remarks.countries),
      identifiers: ListText.unique(([OFACList.value(row[5])].compactMap(ListedParty.identifier)) + remarks.identifiers),
      programmes: OFACList.value(row[3]).split(separator: "]").map { String($0.drop { $0 == " " || $0 == "[" }) })
  }

  /// The type is left empty for companies and other bodies.
  private static func kind(_ text: String) -> NameKind { text.isEmpty ? .organisation : ListText.kind(text) }

  /// Facts between semicolons: `DOB 05 Jan 1971; nationality Iran; Passport A123 (Iran); a.k.a. 'NICK'.`
  struct Remarks {
    private(set) var weakNames: [ListedName] = []
    private(set) var births: [BirthDate] = []
    private(set) var countries: [String] = []
    private(set) var identifiers: [String] = []

    init(_ text: String) {
      for fact in text.split(separator: ";") { read(ListText.trimmed(fact)) }
    }

    private mutating func read(_ fact: String) {
      var fact = fact[...]
      if fact.last == "." { fact = fact.dropLast() }
      if fact.hasPrefix("alt. ") { fact = fact.dropFirst(5) }
      if let name = Remarks.after(["a.k.a. '", "f.k.a. '", "n.k.a. '"], fact) {
        weakNames.append(ListedName(String(name.prefix { $0 != "'" }), .weak))
      } else if let date = Remarks.after(["DOB "], fact) {
        if let birth = BirthDate(text: String(date)) { births.append(birth) }
      } else if let country = Remarks.after(["nationality ", "citizen "], fact) {
        countries.append(String(country))
      } else if let number = Remarks.after(Remarks.numbers, fact) {
        let value = number.prefix { $0 != "(" }
        if let identifier = ListedParty.identifier(String(Remarks.after(["IMO "], value) ?? value)) {
          identifiers.append(identifier)
        }
      }
    }

    private static func after(_ beginnings: [String], _ text: Substring) -> Substring? {
      beginnings.first(where: text.hasPrefix).map { text.dropFirst($0.count) }
    }

    private static let numbers = [
      "Passport ", "National ID No. ", "Identification Number ", "Tax ID No. ", "Registration ID ",
      "Registration Number ", "Company Number ", "NIT # ", "R.F.C. ", "C.U.R.P. ", "Cedula No. ", "SSN ", "D.N.I. ",
      "I.F.E. ", "C.U.I.T. ", "Matricula Mercantil No ", "Folio Mercantil No. ", "Vessel Registration Identification ",
      "MMSI ", "Aircraft Tail Number ", "Aircraft Manufacturer's Serial Number (MSN) ", "SWIFT/BIC ",
      "Business Registration Number ", "Business Registration Document # ", "Trade License No. ",
      "Commercial Registry Number ", "Unified Social Credit Code (USCC) ", "Legal Entity Number ", "VAT Number ",
      "RTN ", "RUC # ", "C.U.I. ", "National Foreign ID Number ", "Birth Certificate Number ", "Driver's License No. ",
      "Certificate of Incorporation Number ", "Registered Charity No. ", "Personal ID Card ",
      "Turkish Identification Number ",
      "Afghan Money Service Provider License Number ", "Tazkira ", "Kenyan ID No. ", "Numero Unico ",
      "Enterprise Number ",
      "Public Registration Number ", "Chamber of Commerce Number ", "Government Gazette Number ",
    ]
  }
}
