import Domain

/// The controls on where goods come from and whose they are; they hold in every market.
struct PartyControls {
  let product: Product
  let lists: [PartyScreen]
  let embargo: Embargo

  init(_ product: Product, lists: [PartyScreen], embargo: Embargo) {
    self.product = product
    self.lists = lists
    self.embargo = embargo
  }

  var findings: [Finding] { embargoes + deniedParties }

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

  /// A likeness of names is not an identity, so a hit asks a person and never prohibits by itself.
  private var deniedParties: [Finding] {
    let names = [
      ("/supplier/name", product.supplier?.name), ("/manufacturer/name", product.manufacturer?.name),
      ("/brand", product.brand),
    ]
    return names.flatMap { field, name in
      (name.map { name in lists.flatMap { $0.hits(name) } } ?? []).map { hit in
        ScreenerRule.deniedParty.finding(
          .review,
          "The name resembles '\(hit.entry.name)' (\(hit.list.id) \(hit.entry.id), likeness \(hit.permille) of 1000).",
          [Observation(field: field, text: String((name ?? "").prefix(80)))], source: hit.list.source,
          roles: [.complianceLead])
      }
    }
  }
}
