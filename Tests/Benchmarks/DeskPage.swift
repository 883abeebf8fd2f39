/// A page of the desk as reviewers open it.
struct DeskPage: Sendable {
  enum Way: Sendable {
    case look(@Sendable (DeskTargets.Tenant, Int) -> String)
    /// The next case is taken, looked at, and decided or passed on.
    case decide
  }

  var name: String
  /// It is to be there within the time that the desk's goal sets.
  var isTimed = false
  var way: Way

  static let next = DeskPage("next case, taken", isTimed: false) { _, _ in "/next" }
  static let shown = DeskPage("next case, shown", isTimed: true) { _, _ in "" }

  private init(_ name: String, isTimed: Bool, _ path: @escaping @Sendable (DeskTargets.Tenant, Int) -> String) {
    (self.name, self.isTimed, way) = (name, isTimed, .look(path))
  }

  private init(_ name: String, _ way: Way) { (self.name, self.way) = (name, way) }

  /// Each as often as it stands here.
  static let all: [DeskPage] = queue + cases + others

  private static let queue: [DeskPage] =
    [
      DeskPage("queue, first page", isTimed: true) { _, _ in "/queue?q=" },
      DeskPage("queue, first page", isTimed: true) { _, _ in "/queue?q=" },
      DeskPage("queue, deep page", isTimed: true) { "/queue?cursor=\($0.cursors[$1 % $0.cursors.count])" },
      filter("market", ["SG", "TH", "PH", "TL"]),
      filter("role", ["broker", "compliance", "compliance-lead", "finance", "logistics", "legal"]),
      filter("lane", ["exception", "manual"]),
      filter("state", ["awaiting-decision", "awaiting-information", "undeliverable", "conflicted"]),
      filter("kind", ["tooVague", "lowConfidence", "belowAutoClear", "finding", "trigger", "fourEyes"]),
      filter("chapter", ["61", "85", "33", "01"]), filter("hours", ["24", "600", "1500", "2100"]),
      filter("assigned", ["me"]),
      DeskPage("queue, four filters", isTimed: true) { _, lot in
        "/queue?market=\(["SG", "MY"][lot % 2])&role=broker&kind=finding&lane=\(["manual", "exception"][lot / 2 % 2])"
      },
      DeskPage("queue, deep in a filter", isTimed: true) {
        "/queue?role=compliance&kind=finding&cursor=\($0.cursors[$1 % $0.cursors.count])"
      },
      DeskPage("search, a SKU", isTimed: true) { "/queue?q=\($0.skus[$1 % $0.skus.count])" },
      DeskPage("search, a rare word", isTimed: true) { "/queue?q=model%20\(5000 + $1 % 800)" },
      DeskPage("search, a common word", isTimed: true) { _, lot in "/queue?q=\(["cotton", "steel", "model"][lot % 3])"
      },
      DeskPage("search and filter", isTimed: true) { _, _ in "/queue?q=cotton&market=SG" },
      DeskPage("saved view", isTimed: true) { _, _ in "/queue?view=TH%20manual&market=TH&lane=manual" },
    ]

  private static func filter(_ name: String, _ values: [String]) -> DeskPage {
    DeskPage("queue by \(name)", isTimed: true) { _, lot in "/queue?\(name)=\(values[lot % values.count])" }
  }

  private static let cases: [DeskPage] =
    Array(repeating: DeskPage("case", isTimed: true) { "/cases/\($0.cases[$1 % $0.cases.count])" }, count: 6)
    + Array(repeating: DeskPage("decision", .decide), count: 2)

  private static let others: [DeskPage] = [
    DeskPage("product", isTimed: false) { "/products/\($0.skus[$1 % $0.skus.count])" },
    DeskPage("shipments", isTimed: false) { _, _ in "/shipments" },
    DeskPage("shipment", isTimed: false) { "/shipments/\($0.shipments[$1 % $0.shipments.count])" },
    DeskPage("dashboard", isTimed: false) { _, _ in "/dashboard" },
    DeskPage("second looks", isTimed: false) { _, _ in "/quality" },
    DeskPage("precedents", isTimed: false) { _, _ in "/knowledge/precedents" },
    floor, floor,
  ]

  /// The least that the server does.
  static let floor = DeskPage("health", isTimed: false) { _, _ in "/healthz" }
}
