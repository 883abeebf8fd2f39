import Domain
import Store

/// Cases by market: how each was decided and where it stands.
enum CaseTable {
  static func text(_ cases: [Overview.CaseCount], _ console: Console) -> String {
    let columns: [(String, (Overview.CaseCount) -> Bool)] = [
      ("cases", { _ in true }), ("auto", { $0.lane == .auto }), ("exception", { $0.lane == .exception }),
      ("manual", { $0.lane == .manual }), ("written back", { $0.state == .writtenBack }),
      ("waiting", { $0.state.waitsForPerson }),
      ("in hand", { !$0.state.waitsForPerson && !$0.state.isTerminal }),
    ]
    let shown = columns.filter { column in
      column.0 != "in hand" || cases.contains(where: column.1)
    }
    func row(_ name: String, _ cases: [Overview.CaseCount]) -> [String] {
      [name]
        + shown.map { column in
          let count = cases.filter(column.1).reduce(0) { $0 + $1.count }
          return count == 0 ? "·" : "\(count)"
        }
    }
    var table = TextTable([TextTable.Column("market")] + shown.map { TextTable.Column($0.0, .right) })
    for (market, counts) in Dictionary(grouping: cases, by: \.market).sorted(by: { $0.key < $1.key }) {
      table.add(row(market.code, counts))
    }
    table.add(row("all", cases))
    return table.text(console)
  }
}
