import ComplianceScreeningEngine
import Domain
import JSON

/// The same sale in several markets, as JSON and as a person reads it.
struct ComparisonReport {
  var rows: [ComparisonRows]
  var codes: [HSCode]
  var sale: LandedCost.Sale
  var date: CalendarDate

  var json: JSONValue {
    [
      "date": date.json, "origin": sale.origin?.json ?? .null, "value": sale.goods.json,
      "markets": .array(rows.map(json)),
    ]
  }

  private func json(_ row: ComparisonRows) -> JSONValue {
    let estimates = zip(row.exposure.entries, row.totals).map { entry, total -> JSONValue in
      var object = JSONObject([("code", entry.code.json)])
      for (key, value) in entry.estimate.amounts(row.pack.currency) { object[key] = value }
      object["totalInSaleCurrency"] =
        total.map { .string($0.amount.text(places: $0.currency.minorUnitDigits)) } ?? .null
      object["dutyPercentages"] =
        entry.percentages.map { .array([.string($0.lowerBound.description), .string($0.upperBound.description)]) }
        ?? .null
      return .object(object)
    }
    var object = JSONObject([("market", row.pack.market.json), ("estimates", .array(estimates))])
    if codes.count > 1 {
      object["spreadInPoints"] = row.exposure.spread(in: row.pack.market).map { .string($0.description) } ?? .null
      object["amountAtStake"] = row.exposure.amountAtStake(in: row.pack.market)?.json ?? .null
    }
    if let best = row.best {
      object["cheapestProgramme"] = .string(best.programme.id)
      object["saving"] = best.saving?.json ?? .null
    }
    return .object(object)
  }

  func text(_ console: Console) -> String {
    let codeNames = codes.map(\.dotted).joined(separator: ", ")
    var text = "\(console.bold("\(codeNames) from \(sale.origin?.code ?? "?"), \(sale.goods)")), \(date)\n\n"
    var columns = [TextTable.Column("market")]
    if codes.count > 1 { columns.append(TextTable.Column("code")) }
    for title in ["value", "duty", "excise", "tax", "fees", "total"] { columns.append(TextTable.Column(title, .right)) }
    columns += [
      TextTable.Column("in \(sale.goods.currency)", .right), TextTable.Column("preference"),
      TextTable.Column("regime, or what is not known"),
    ]
    var table = TextTable(columns)
    for row in rows {
      for (index, entry) in row.exposure.entries.enumerated() {
        table.add(cells(entry, row, row.totals[index], isFirst: index == 0))
      }
    }
    text += table.text(console)
    guard codes.count > 1 else { return text }
    return text + "\n\(console.bold("At stake between the codes"))\n"
      + rows.map { "  \($0.pack.market): \(stake($0))\n" }.joined()
  }

  private func cells(
    _ entry: DutyExposure.Entry, _ row: ComparisonRows, _ total: Money?, isFirst: Bool
  ) -> [String] {
    let estimate = entry.estimate
    func amount(_ money: Money?) -> String {
      money.map { $0.amount.text(places: $0.currency.minorUnitDigits) } ?? "?"
    }
    let preference = isFirst ? row.best.map { "\($0.programme.id) −\(amount($0.saving))" } ?? "" : ""
    return [row.pack.market.code] + (codes.count > 1 ? [entry.code.dotted] : [])
      + [estimate.customsValue, estimate.duty, estimate.excise, estimate.tax, estimate.fees].map(amount)
      + [
        estimate.total?.description ?? "?", amount(total), preference,
        estimate.unknown.isEmpty ? estimate.regime : estimate.unknown.joined(separator: "; "),
      ]
  }

  private func stake(_ row: ComparisonRows) -> String {
    let points = row.exposure.spread(in: row.pack.market).map { "\($0) percentage points of duty" }
    let money = row.exposure.amountAtStake(in: row.pack.market).map { "\($0) in all" }
    let known = [points, money].compactMap(\.self)
    return known.isEmpty ? "not known" : known.joined(separator: ", ")
  }
}
