import Domain

struct MarketMatrixReport {
  var matrix: MarketMatrix

  func text(_ console: Console) -> String {
    var text = "\(console.bold(matrix.sku))  \(matrix.title), revision \(matrix.revision)\n\n"
    var table = TextTable([
      TextTable.Column("market"), TextTable.Column("state"), TextTable.Column("code"),
      TextTable.Column("confidence", .right), TextTable.Column("duty and taxes", .right),
      TextTable.Column("risk", .right), TextTable.Column("restrictions"),
    ])
    for row in matrix.rows {
      table.add(
        row.market.code, row.state.rawValue, code(row), row.candidate?.confidence.description ?? "",
        row.duty.map { $0.total?.description ?? "not known" } ?? "",
        row.screening.map { "\($0.riskScore)" } ?? "", row.restrictions.map(\.ruleID).joined(separator: ", "))
    }
    text += table.text(console)
    guard matrix.codesDiffer else { return text }
    let codes = matrix.codes.map { "\($0.subheading) in \($0.markets.map(\.code).joined(separator: ", "))" }
    return text + "\n" + console.yellow("The codes differ: \(codes.joined(separator: "; ")).") + "\n"
  }

  private func code(_ row: MarketMatrix.Row) -> String {
    guard let code = row.code else { return "" }
    return row.decision?.code == nil ? "\(code.dotted) ?" : code.dotted
  }
}
