import ClassifierEngine
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
      Option("market", "MARKET", "where it goes, as two letters; SG when absent"), .json,
    ],
    notes: "Works offline, from the knowledge beside the program. Nothing is kept."
  ) { arguments, console in
    let product = try product(arguments)
    let answer = try ClassifierFiles.model().classify(product, market: product.markets[0])
    if arguments.has("json") {
      console.line(answer.json.text)
    } else {
      ClassificationText(answer: answer, console: console).print()
    }
    return .success
  }

  private static func product(_ arguments: Arguments) throws -> Product {
    let text = arguments["market"] ?? "SG"
    guard let market = Market(text.uppercased()) else {
      throw UsageError("--market \(text) is not a market; write its two letters, such as SG", command: "classify")
    }
    var product = LabelledListings.product(
      title: arguments.required("title"), attributes: arguments["attributes"] ?? "",
      category: arguments["category"] ?? "", market: market)
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

/// An answer as a person reads it.
struct ClassificationText {
  let answer: Classification
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
  }

  private func lines(_ evidence: [ClassificationEvidence]) -> [String] {
    let words = evidence.filter { $0.kind == .wordFor }.map(\.text)
    let against = evidence.filter { $0.kind == .wordAgainst }.map { "\($0.text) → \($0.reference ?? "")" }
    var lines = words.isEmpty ? [] : ["for: \(words.joined(separator: ", "))"]
    if !against.isEmpty { lines.append("against: \(against.joined(separator: ", "))") }
    return lines + evidence.filter { ![.wordFor, .wordAgainst].contains($0.kind) }.map(\.text)
  }
}
