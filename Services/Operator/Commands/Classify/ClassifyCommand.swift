import ClassifierEngine
import ComplianceScreeningEngine
import Domain
import JSON

/// `pabean classify`: the codes of one product, and why, without any server.
enum ClassifyCommand {
  static let command = Command(
    "classify", "The codes of one product, and why", group: .work,
    options: [
      Option("title", "TEXT", "what the seller calls it", isRequired: true),
      Option("attributes", "TEXT", "as 'material: cotton; gender: women'"),
      Option("category", "PATH", "where the shop files it, as 'Home > Kitchen > Mugs'"),
      Option("origin", "COUNTRY", "where it was made, as two letters"),
      Option("market", "MARKET", "where it goes, as two letters: its national lines below the first code"), .json,
    ],
    notes: "Works offline, from the knowledge beside the program. Nothing is kept."
  ) { arguments, console in
    let market = try arguments["market"].map { text in
      let data = try DutyData.load()
      return (
        data, try LandedCostOptions(arguments, for: "classify").market(text, of: "market", among: try data.markets())
      )
    }
    let product = try product(arguments, market?.1)
    let answer = try ClassifierFiles.model().classify(product, market: product.markets[0])
    let national = try market.flatMap { data, market in
      try answer.best.map { NationalLines(try data.pack(market), data.tariffs, below: $0.code) }
    }
    if arguments.has("json") {
      console.line(json(answer, national).text)
    } else {
      ClassificationText(answer: answer, national: national, console: console).print()
    }
    return .success
  }

  private static func json(_ answer: Classification, _ national: NationalLines?) -> JSONValue {
    guard let national, case .object(var object) = answer.json else { return answer.json }
    object["nationalLines"] = .strings(national.lines.map(\.digits))
    return .object(object)
  }

  private static func product(_ arguments: Arguments, _ market: Market?) throws -> Product {
    let attributes = arguments["attributes"] ?? ""
    if let lone = attributes.split(separator: ";").first(where: { !$0.contains(":") && !$0.allSatisfy(\.isWhitespace) })
    {
      throw UsageError(
        "--attributes: '\(lone)' has no value; write 'name: value', with ';' between, as in 'material: cotton; gender: women'",
        command: "classify")
    }
    var product = LabelledListings.product(
      title: arguments.required("title"), attributes: attributes, category: arguments["category"] ?? "",
      market: market ?? Market("SG")!)
    if let origin = arguments["origin"] {
      guard let country = CountryCode(origin.uppercased()) else {
        throw UsageError(
          "--origin \(origin) is not a country; write an ISO code of two letters, such as CN", command: "classify")
      }
      product.origin = country
    }
    return product
  }
}

/// What a market declares beyond the six digits that are the same everywhere.
struct NationalLines {
  let pack: MarketPack
  let lines: [HSCode]

  init(_ pack: MarketPack, _ tariffs: TariffLibrary, below code: HSCode) {
    self.pack = pack
    lines = LandedCost(pack, tariffs: tariffs).nationalLines(of: code)
  }

  var text: String {
    let known =
      lines.isEmpty
      ? "" : " among \(lines.prefix(8).map(\.dotted).joined(separator: ", "))\(lines.count > 8 ? " …" : "")"
    return "\(pack.name) declares \(pack.nationalDigits) digits: national digits to be confirmed\(known)"
  }
}

/// An answer as a person reads it.
struct ClassificationText {
  let answer: Classification
  var national: NationalLines?
  let console: Console

  func print() {
    guard !answer.candidates.isEmpty else {
      console.line("The description says too little to classify it. What is it, of what, and for what use?")
      return
    }
    if answer.isTooVague { console.line("The description says little; these codes are guesses.") }
    for candidate in answer.candidates {
      let share = Share(candidate.confidence.probability).percent.padded(to: 7)
      console.line("\(console.bold(candidate.code.dotted))  \(share)  \(candidate.title)")
      for line in lines(candidate.evidence) { console.line("                  \(console.dim(line))") }
    }
    if let sureness = answer.sureness { console.line(sureness) }
    if let national { console.line("\(national.text).") }
  }

  private func lines(_ evidence: [ClassificationEvidence]) -> [String] {
    let words = evidence.filter { $0.kind == .wordFor }.map(\.text)
    let against = evidence.filter { $0.kind == .wordAgainst }.map { "\($0.text) → \($0.reference ?? "")" }
    var lines = words.isEmpty ? [] : ["for: \(words.joined(separator: ", "))"]
    if !against.isEmpty { lines.append("against: \(against.joined(separator: ", "))") }
    return lines + evidence.filter { ![.wordFor, .wordAgainst].contains($0.kind) }.map(\.text)
  }
}

extension Classification {
  /// How far the heading, and a set of codes, can be relied on where the first code cannot.
  var sureness: String? {
    guard let certainty, let best else { return nil }
    func percent(_ confidence: Confidence) -> String { Share(confidence.probability).percent }
    let set =
      switch certainty.smallestSet(with: Confidence(0.95), first: best.confidence) {
      case 1: "the first code with \(percent(best.confidence))"
      case 2: "one of the first two with \(percent(certainty.amongTwo))"
      case 3: "one of the first three with \(percent(certainty.amongThree))"
      case 5: "one of these with \(percent(certainty.amongFive))"
      default: "one of these with no more than \(percent(certainty.amongFive))"
      }
    return
      "Heading \(best.code.dotted.prefix(4)) with \(percent(certainty.heading)), chapter \(best.code.chapter) with "
      + "\(percent(certainty.chapter)); \(set)."
  }
}
