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
    var precedent: Precedent
    var digest: [UInt8]
  }

  private(set) var rows: [Row] = []
  private(set) var problems: [Problem] = []
  private let kind: Kind
  private var columns: [String: Int]?

  /// - Parameter editions: asked for when a row names the edition that its code is of.
  init(_ bytes: [UInt8], _ kind: Kind, editions: () throws -> HSEditions? = { nil }) throws {
    self.kind = kind
    var lines: [(line: Int, cells: [String], problem: String?)] = []
    var reader = CSVReader()
    func take(_ row: CSVRow) { lines.append((row.startLine, row.texts.map { $0 ?? "" }, row.problem)) }
    do throws(CSVError) {
      try reader.read(bytes, row: take)
      try reader.finish(row: take)
    } catch {
      throw Failure("the file cannot be read: \(error)")
    }
    guard let head = lines.first else { throw Failure("the file is empty", remedy: "its first line names the columns") }
    let names = head.cells.map { $0.lowercased() }
    let missing = kind.required.filter { !names.contains($0) }
    guard missing.isEmpty else {
      throw Failure(
        "the first line does not name the column \(missing.joined(separator: ", "))",
        remedy: "needed are \(kind.required.joined(separator: ", ")); read too are "
          + kind.optional.joined(separator: ", "))
    }
    let columns = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    let known = columns["edition"] == nil ? nil : try editions()
    for line in lines.dropFirst() where line.cells.contains(where: { !$0.isEmpty }) {
      func cell(_ name: String) -> String {
        columns[name].flatMap { $0 < line.cells.count ? line.cells[$0] : nil } ?? ""
      }
      do throws(Refusal) {
        if let problem = line.problem { throw Refusal(text: problem) }
        rows.append(try PrecedentFile.row(kind, known, cell))
      } catch {
        problems.append(Problem(line: line.line, text: error.text))
      }
    }
  }

  private struct Refusal: Error { var text: String }

  private static func row(_ kind: Kind, _ editions: HSEditions?, _ cell: (String) -> String) throws(Refusal) -> Row {
    for name in kind.required where cell(name).isEmpty { throw Refusal(text: "\(name) is empty") }
    let code = try current(try code(cell("code")), cell("edition"), editions)
    guard let market = Market(cell("market")) else {
      throw Refusal(text: "market '\(cell("market"))' is not a country's two letters")
    }
    guard let date = CalendarDate(cell("date")) else {
      throw Refusal(text: "date '\(cell("date"))' is not a date such as 2026-03-31")
    }
    let precedent = Precedent(
      id: UniqueID(digest: [UInt8](repeating: 0, count: 32)), source: kind == .rulings ? .ruling : .submission,
      authority: kind == .rulings ? cell("authority") : "", reference: cell("reference"),
      description: ProductDescription(
        title: cell("title"), category: cell("category"), attributes: cell("attributes")),
      code: code, decidedAt: Instant(microseconds: date.daysSinceEpoch * 86_400_000_000),
      outcome: kind == .rulings ? .approved : try outcome(cell("outcome")), market: market, reason: cell("reason"))
    let names = kind.required + kind.optional.filter { $0 != "edition" || !cell($0).isEmpty }
    let cells = names.map(cell)
    return Row(precedent: precedent, digest: SHA256.hash(cells.joined(separator: "\u{1F}")).bytes)
  }

  private static func code(_ text: String) throws(Refusal) -> HSCode {
    // A spreadsheet drops the zero that a code begins with.
    let zero = text.utf8.count % 2 == 1 && !text.utf8.contains(UInt8(ascii: ".")) ? "0" : ""
    guard let code = HSCode(zero + text), code.digits.utf8.count >= 6 else {
      throw Refusal(text: "code '\(text)' is not a code of six digits or more")
    }
    return code
  }

  /// The code in the edition in force; as it stands where its row names no edition.
  private static func current(
    _ code: HSCode, _ edition: String, _ editions: HSEditions?
  ) throws(Refusal) -> HSCode {
    guard !edition.isEmpty else { return code }
    guard let editions, let from = HSEdition(edition), editions.all.contains(from) else {
      let known = editions?.all.map { "\($0.year)" }.joined(separator: ", ") ?? "none"
      throw Refusal(text: "edition '\(edition)' is none that is known: \(known)")
    }
    guard let conversion = editions.convert(code, from: from, to: editions.current) else {
      throw Refusal(text: "code '\(code.dotted)' is no code of \(from)")
    }
    if from == editions.current { return code }
    guard let only = conversion.certain else {
      let codes = conversion.codes.map(\.dotted).joined(separator: ", ")
      let questions = conversion.questions.map { " \($0.line)" }.joined()
      throw Refusal(text: "code '\(code.dotted)' of \(from) may be any of \(codes).\(questions)")
    }
    return only
  }

  private static func outcome(_ text: String) throws(Refusal) -> Precedent.Outcome {
    switch text.lowercased() {
    case "approved", "accepted": return .approved
    case "corrected": return .corrected
    case "rejected", "refused": return .rejected
    default: throw Refusal(text: "outcome '\(text)' is none of approved, corrected, rejected")
    }
  }
}
