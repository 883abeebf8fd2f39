import Domain
import Names

/// The controls on where goods come from and whose they are; they hold in every market.
struct PartyControls {
  let product: Product
  let lists: [PartyScreen]
  let embargo: Embargo
  let date: CalendarDate
  let cleared: PartyClearances
  let required: RequiredLists

  init(
    _ product: Product, lists: [PartyScreen], embargo: Embargo, on date: CalendarDate, cleared: PartyClearances = .none,
    required: RequiredLists = .named([])
  ) {
    self.required = required
    self.cleared = cleared
    self.product = product
    self.lists = lists
    self.embargo = embargo
    self.date = date
  }

  var findings: [Finding] { embargoes + listed }

  /// What the lists say.
  var listed: [Finding] { deniedParties + staleLists + required.missing(from: lists) }

  private var embargoes: [Finding] { EmbargoControl(embargo).findings(product) }

  private var deniedParties: [Finding] {
    let parties = [
      PartyInRole(.supplier, product.supplier), PartyInRole(.manufacturer, product.manufacturer),
      PartyInRole(.brand, product.brand.map { Party(name: $0) }),
    ]
    return parties.compactMap { $0 }.flatMap { $0.findings(in: lists, except: cleared, on: date) }
  }

  private var staleLists: [Finding] { lists.flatMap { $0.staleness(on: date) } }
}
