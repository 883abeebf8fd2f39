import CSV
import Contracts
import Crypto
import Domain
import IngestEngine

/// A CSV file of what was learnt elsewhere: earlier submissions and what became of them, or rulings of authorities.
struct PrecedentFile {
  enum Kind: Sendable {
    case submissions, rulings

    var required: [String] {
      switch self {
      case .submissions: ["title", "code", "outcome", "market", "date"]
      case .rulings: ["authority", "reference", "title", "code", "market", "date"]
      }
    }

    var optional: [String] {
      switch self {
      case .submissions: ["category", "attributes", "reference", "reason", "edition"]
      case .rulings: ["category", "attributes", "reason", "edition"]
      }
    }
  }

  struct Problem: Sendable, Hashable {
    var line: Int
    var text: String
  }

  /// A row without the id that it has for a tenant.
  struct Row: Sendable {
    var line: Int
    var precedent: Precedent
    var digest: [UInt8]
  }

  /// What rows are held against; nothing where it is nil.
  struct Frame: Sendable {
    /// Of the Harmonised System: which codes there are, and what those of another edition became.
    var editions: HSEditions?
    /// That are served: the tenant submits to no others.
    var markets: [Market]?
    /// Later than this nothing was decided.
    var today: CalendarDate?
  }

  private(set) var rows: [Row] = []
  private(set) var problems: [Problem] = []

  init(_ bytes: [UInt8], _ kind: Kind, within frame: Frame = Frame()) throws {
    var lines: [(line: Int, cells: [String], problem: String?)] = []
    var reader = CSVReader()
    func take(_ row: CSVRow) {
      let problem = row.texts.contains(nil) ? "it is not UTF-8; save the file as 'CSV UTF-8'" : row.problem
      lines.append((row.startLine, row.texts.map { PrecedentFile.trimmed($0 ?? "") }, problem))
    }
    do throws(CSVError) {
      try reader.read(bytes, row: take)
      try reader.finish(row: take)
    } catch {
      throw Failure("the file cannot be read: \(error)")
    }
    guard let head = lines.first else { throw Failure("the file is empty", remedy: "its first line names the columns") }
    let names = head.cells.map { PrecedentFile.column($0) }
    let missing = kind.required.filter { !names.contains($0) }
    guard missing.isEmpty else {
      throw Failure(
        "the first line does not name the column\(missing.count > 1 ? "s" : "") \(missing.joined(separator: ", "))",
        remedy: "needed are \(kind.required.joined(separator: ", ")); read too are "
          + kind.optional.joined(separator: ", "))
    }
    let columns = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    for line in lines.dropFirst() where line.cells.contains(where: { !$0.isEmpty }) {
      func cell(_ name: String) -> String {
        columns[name].flatMap { $0 < line.cells.count ? line.cells[$0] : nil } ?? ""
      }
      do throws(Refusal) {
        if let problem = line.problem { throw Refusal(text: problem) }
        rows.append(try PrecedentFile.row(kind, frame, line.line, cell))
      } catch {
        problems.append(Problem(line: line.line, text: error.text))
      }
    }
  }

  private struct Refusal: Error { var text: String }

  /// A column may be named as other programs name it.
  private static func column(_ cell: String) -> String {
    let name = cell.lowercased().filter { !$0.isWhitespace && $0 != "_" && $0 != "-" }
    return ["hs", "hs6", "hscode"].contains(name) ? "code" : name
  }

  private static func trimmed(_ text: String) -> String {
    let kept = text.drop(while: \.isWhitespace)
    return kept.lastIndex { !$0.isWhitespace }.map { String(kept[...$0]) } ?? ""
  }

  private static func row(
    _ kind: Kind, _ frame: Frame, _ line: Int, _ cell: (String) -> String
  ) throws(Refusal) -> Row {
    for name in kind.required where cell(name).isEmpty { throw Refusal(text: "\(name) is empty") }
    let code = try current(try code(cell("code")), cell("edition"), frame.editions)
    let precedent = Precedent(
      id: UniqueID(digest: [UInt8](repeating: 0, count: 32)), source: kind == .rulings ? .ruling : .submission,
      authority: kind == .rulings ? cell("authority") : "", reference: cell("reference"),
      description: ProductDescription(
        title: cell("title"), category: cell("category"), attributes: cell("attributes")),
      code: code, decidedAt: try instant(cell("date"), frame),
      outcome: kind == .rulings ? .approved : try outcome(cell("outcome")),
      market: try market(cell("market"), kind, frame), reason: cell("reason"))
    let names = kind.required + kind.optional.filter { $0 != "edition" || !cell($0).isEmpty }
    let cells = names.map(cell)
    return Row(line: line, precedent: precedent, digest: SHA256.hash(cells.joined(separator: "\u{1F}")).bytes)
  }

  /// Authorities of any country rule on goods, and those of the European Union together.
  private static func market(_ text: String, _ kind: Kind, _ frame: Frame) throws(Refusal) -> Market {
    guard let market = Market(text.uppercased()) else {
      throw Refusal(text: "market '\(text)' is not a country's two letters")
    }
    if kind == .rulings {
      guard CountryCode(market.code) != nil || market.code == "EU" else {
        throw Refusal(text: "market '\(text)' is no country")
      }
    } else if let markets = frame.markets, !markets.contains(market) {
      throw Refusal(text: "market '\(text)' is not served; use one of \(markets.map(\.code).joined(separator: ", "))")
    }
    return market
  }

  private static func instant(_ text: String, _ frame: Frame) throws(Refusal) -> Instant {
    guard let date = CalendarDate(text) else {
      throw Refusal(text: "date '\(text)' is not a date such as 2026-03-31")
    }
    if let today = frame.today, date > today { throw Refusal(text: "date '\(text)' is in the future") }
    return Instant(microseconds: date.daysSinceEpoch * 86_400_000_000)
  }

  private static func code(_ text: String) throws(Refusal) -> HSCode {
    // A spreadsheet drops the zero that a code begins with.
    let zero = text.utf8.count % 2 == 1 && !text.utf8.contains(UInt8(ascii: ".")) ? "0" : ""
    guard let code = HSCode(zero + text), code.digits.utf8.count >= 6 else {
      throw Refusal(text: "code '\(text)' is not a code of six to twelve digits")
    }
    return code
  }

  /// The code in the edition in force. One that names no edition and is none of this one's is read as the nearest other's.
  private static func current(
    _ code: HSCode, _ edition: String, _ editions: HSEditions?
  ) throws(Refusal) -> HSCode {
    guard let editions else { return code }
    if edition.isEmpty, editions.has(code, in: editions.current) { return code }
    let conversion = edition.isEmpty ? editions.reading(of: code) : try converted(code, from: edition, editions)
    guard let conversion else { throw Refusal(text: "code '\(code.dotted)' is no code of \(editions.current)") }
    if conversion.from == editions.current { return code }
    guard let only = conversion.certain else {
      let codes = conversion.codes.map(\.dotted).joined(separator: ", ")
      let questions = conversion.questions.map { " \($0.line)" }.joined()
      throw Refusal(text: "code '\(code.dotted)' of \(conversion.from) may be any of \(codes).\(questions)")
    }
    return only
  }

  private static func converted(
    _ code: HSCode, from edition: String, _ editions: HSEditions
  ) throws(Refusal) -> HSConversion {
    guard let from = HSEdition(edition), editions.all.contains(from) else {
      let known = editions.all.map { "\($0.year)" }.joined(separator: ", ")
      throw Refusal(text: "edition '\(edition)' is none that is known: \(known)")
    }
    guard let conversion = editions.convert(code, from: from, to: editions.current) else {
      throw Refusal(text: "code '\(code.dotted)' is no code of \(from)")
    }
    return conversion
  }

  private static func outcome(_ text: String) throws(Refusal) -> Precedent.Outcome {
    switch text.lowercased() {
    case "approved", "accepted": return .approved
    case "corrected": return .corrected
    case "rejected", "refused": return .rejected
    default: throw Refusal(text: "outcome '\(text)' is none of approved, corrected, rejected")
    }
  }

  /// Where one product of one market was approved with two codes, and nobody said that the one corrects the other: the
  /// lines of each such pair.
  var contradictions: [(Int, Int)] {
    struct Goods: Hashable {
      var description: ProductDescription
      var market: Market
    }
    var first: [Goods: Row] = [:]
    var pairs: [(Int, Int)] = []
    for row in rows where row.precedent.outcome == .approved && row.precedent.source == .submission {
      let goods = Goods(description: row.precedent.description, market: row.precedent.market)
      if let other = first[goods] {
        if other.precedent.code.subheading != row.precedent.code.subheading { pairs.append((other.line, row.line)) }
      } else {
        first[goods] = row
      }
    }
    return pairs
  }
}
