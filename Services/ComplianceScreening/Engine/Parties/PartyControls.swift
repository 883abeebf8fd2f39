import Domain
import Names

/// The controls on where goods come from and whose they are; they hold in every market.
struct PartyControls {
  let product: Product
  let lists: [PartyScreen]
  let embargo: Embargo
  let date: CalendarDate
  let cleared: PartyClearances

  init(
    _ product: Product, lists: [PartyScreen], embargo: Embargo, on date: CalendarDate, cleared: PartyClearances = .none
  ) {
    self.cleared = cleared
    self.product = product
    self.lists = lists
    self.embargo = embargo
    self.date = date
  }

  var findings: [Finding] { embargoes + listed }

  /// What the lists say.
  var listed: [Finding] { deniedParties + staleLists }

  private var embargoes: [Finding] {
    let countries = [
      ("/origin", product.origin), ("/supplier/country", product.supplier?.country),
      ("/manufacturer/country", product.manufacturer?.country),
    ]
    return embargo.entries.compactMap { entry in
      let fields = countries.filter { $0.1 == entry.country }.map(\.0)
      guard !fields.isEmpty else { return nil }
      return ScreenerRule.embargo.finding(
        fields.contains("/origin") ? entry.effect : min(entry.effect, .review), entry.summary,
        fields.map { Observation(field: $0, text: entry.country.code) }, source: entry.source,
        roles: [.complianceLead])
    }
  }

  private var deniedParties: [Finding] {
    let parties = [
      PartyInRole(.supplier, product.supplier), PartyInRole(.manufacturer, product.manufacturer),
      PartyInRole(.brand, product.brand.map { Party(name: $0) }),
    ]
    return parties.compactMap { $0 }.flatMap { $0.findings(in: lists, except: cleared, on: date) }
  }

  private var staleLists: [Finding] { lists.flatMap { $0.staleness(on: date) } }
}
