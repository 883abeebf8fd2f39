import ComplianceScreeningEngine
import Domain
import JSON

/// One sale's cost at the border, as JSON and as a person reads it.
struct LandedCostReport {
  var pack: MarketPack
  var code: HSCode
  var sale: LandedCost.Sale
  var date: CalendarDate
  var advice: LandedCostAdvice
  /// Under the programme that was asked for, or the ordinary one.
  var estimate: DutyEstimate
  var nationalLines: [HSCode]

  var json: JSONValue {
    var object = JSONObject([
      ("market", pack.market.json), ("code", code.json), ("origin", sale.origin?.json ?? .null), ("date", date.json),
      ("consignment", .string((sale.consignment ?? .parcel).rawValue)),
    ])
    for (key, value) in estimate.amounts(pack.currency) { object[key] = value }
    object["nationalLines"] = .list(nationalLines)
    object["preferences"] = .array(advice.options.map(\.json))
    object["alternatives"] = .array(advice.alternatives.map(\.json))
    object["packVersion"] = .string(pack.version)
    if date > pack.reviewBy { object["packOverdueSince"] = pack.reviewBy.json }
    return .object(object)
  }

  func text(_ console: Console) -> String {
    var text = "\(console.bold("\(code.dotted) from \(sale.origin?.code ?? "?") to \(pack.name)")), \(date)\n\n"
    text += amounts(console)
    text += section("How it comes about", estimate.working, console)
    text += section(
      "Not known", estimate.unknown.map { "\($0)\(LandedCostReport.remedy($0).map { ": \($0)" } ?? "")" }, console)
    text += section("Paid at the border and credited later", estimate.prepayments, console)
    text += section("Not confirmed", estimate.unconfirmed, console)
    text += section("Out of date", estimate.outOfDate, console)
    if date > pack.reviewBy {
      text += section("Out of date", ["the market pack was to be checked again by \(pack.reviewBy)"], console)
    }
    if !code.isNational, nationalLines.count > 1 {
      let known = nationalLines.prefix(8).map(\.dotted).joined(separator: ", ")
      text += section("National digits to be confirmed", [known + (nationalLines.count > 8 ? " …" : "")], console)
    }
    text += section("Preferences", advice.options.map(\.text), console)
    if let best = advice.best, estimate.programme != best.programme.id {
      text += section("Before \(best.programme.id) is claimed", best.programme.questions, console)
    }
    text += section("Other ways", advice.alternatives.map { "\($0.summary) \($0.caution)" }, console)
    return text
  }

  private func amounts(_ console: Console) -> String {
    var table = TextTable([TextTable.Column(""), TextTable.Column("", .right)])
    func show(_ name: String, _ money: Money?) { table.add(name, money?.description ?? "not known") }
    show("Customs value", estimate.customsValue)
    show("Duty" + (estimate.dutyRate.map { " (\($0))" } ?? ""), estimate.duty)
    if estimate.excise?.minorUnits != 0 { show("Excise", estimate.excise) }
    show("Tax", estimate.tax)
    if estimate.fees?.minorUnits != 0 { show("Fees", estimate.fees) }
    show("Total", estimate.total)
    return table.text(console) + "  Regime: \(estimate.regime)\n  Programme: \(estimate.programme ?? "none")\n"
  }

  private func section(_ title: String, _ lines: [String], _ console: Console) -> String {
    lines.isEmpty ? "" : "\n\(console.bold(title))\n" + lines.map { "  \($0)\n" }.joined()
  }

  /// Which option would say what is not known.
  static func remedy(_ unknown: String) -> String? {
    let options: [(String, String)] = [
      ("exchange rate", "--rate says it"), ("ordinary duty rate", "--duty-rate says it"),
      ("in kilograms", "--weight says it"), ("in litres of pure alcohol", "--litres and --alcohol say it"),
      ("in litres", "--litres says it"), ("in pieces", "--pieces says it"), ("in pairs", "--pieces says it"),
      ("freight from", "--freight says it"), ("insurance from", "--insurance says it"),
      ("excise", "look the rate up; no option takes its place"), (" rate of ", "--tax-rate says it"),
    ]
    if unknown.contains("because its base") { return nil }
    return options.first { unknown.contains($0.0) }?.1
  }
}

extension DutyEstimate {
  /// In the market's currency, as numerals; null where not known.
  func amounts(_ currency: CurrencyCode) -> [(String, JSONValue)] {
    func numeral(_ money: Money?) -> JSONValue {
      money.map { .string($0.amount.text(places: $0.currency.minorUnitDigits)) } ?? .null
    }
    return [
      ("customsValue", numeral(customsValue)), ("duty", numeral(duty)), ("tax", numeral(tax)),
      ("excise", numeral(excise)), ("fees", numeral(fees)), ("total", numeral(total)), ("currency", currency.json),
      ("regime", .string(regime)), ("programme", programme.map { .string($0) } ?? .null),
      ("dutyRate", dutyRate.map { .string($0) } ?? .null), ("working", .strings(working)),
      ("unknown", .strings(unknown)), ("prepayments", .strings(prepayments)), ("outOfDate", .strings(outOfDate)),
      ("unconfirmed", .strings(unconfirmed)),
    ]
  }
}

extension PreferenceOption {
  fileprivate var json: JSONValue {
    var object = JSONObject([
      ("programme", .string(programme.id)),
      ("rate", estimate.programme == nil ? .null : estimate.dutyRate.map { .string($0) } ?? .null),
      ("duty", estimate.duty.map { .string($0.amount.text(places: $0.currency.minorUnitDigits)) } ?? .null),
      ("total", estimate.total.map { .string($0.amount.text(places: $0.currency.minorUnitDigits)) } ?? .null),
    ])
    switch outcome {
    case .saves(let amount):
      object["saving"] = .string(amount.amount.text(places: amount.currency.minorUnitDigits))
    case .savesNothing: object["saving"] = "0"
    case .doesNotApply(let regime):
      object["saving"] = "0"
      object["doesNotApply"] = .string(regime)
    case .unknown(let what):
      object["saving"] = .null
      object["unknown"] = .string(what)
    }
    object["documents"] = .strings(documents)
    object["needsNoProof"] = .bool(needsNoProof)
    object["questions"] = .strings(programme.questions)
    return .object(object)
  }

  fileprivate var text: String {
    switch outcome {
    case .saves(let amount):
      let proof = documents.joined(separator: ", or ")
      let least = estimate.total == nil ? "at least " : ""
      return "\(programme.id) saves \(least)\(amount) at \(estimate.dutyRate ?? "?"); "
        + (needsNoProof ? "at this value no proof of origin is asked for" : "it takes \(proof)")
    case .savesNothing: return "\(programme.id) saves nothing"
    case .doesNotApply(let regime): return "\(programme.id) does not apply: \(regime) has its own rate"
    case .unknown(let what): return "\(programme.id) may save: not known is \(what)"
    }
  }
}

extension LandedCostAlternative {
  fileprivate var json: JSONValue {
    var object = JSONObject([
      ("kind", .string(kind.rawValue)), ("summary", .string(summary)), ("caution", .string(caution)),
    ])
    object.set("total", total?.json)
    object.set("saving", saving?.json)
    return .object(object)
  }
}
