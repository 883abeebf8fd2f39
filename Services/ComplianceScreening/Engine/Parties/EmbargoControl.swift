import Domain

/// What the embargo says of where goods come from and where they go.
public struct EmbargoControl: Sendable {
  private let embargo: Embargo

  public init(_ embargo: Embargo) { self.embargo = embargo }

  /// A place that a submission names.
  private struct Place {
    var field: String
    var country: CountryCode?
    var address: String?

    init(_ field: String, _ country: CountryCode?) {
      self.field = field
      self.country = country
    }

    init(_ field: String, _ party: Party?) {
      self.field = "\(field)/\(party?.country == nil ? "address" : "country")"
      country = party?.country
      address = party?.address
    }
  }

  public func findings(_ product: Product) -> [Finding] {
    let places = [
      Place("/origin", product.origin), Place("/supplier", product.supplier),
      Place("/manufacturer", product.manufacturer),
    ]
    return embargo.entries.compactMap { entry in
      let fields = covered(places, by: entry)
      guard !fields.isEmpty else { return nil }
      // That a firm sits there does not say that the goods come from there.
      let effect = fields.contains { $0.field == "/origin" } ? entry.effect : min(entry.effect, .review)
      return finding(.embargo, effect, entry.summary, fields, entry)
    }
  }

  /// Of a shipment's parties, and of the country that it leaves.
  public func findings(_ shipment: Shipment) -> [Finding] {
    let from = [Place("/seller", shipment.seller), Place("/exportCountry", shipment.exportCountry)]
    let to = [
      Place("/consignee", shipment.consignee), Place("/notifyParty", shipment.notifyParty),
    ]
    return embargo.entries.flatMap { entry -> [Finding] in
      let (left, bound) = (covered(from, by: entry), covered(to, by: entry))
      var findings: [Finding] = []
      if !left.isEmpty { findings.append(finding(.embargo, entry.effect, entry.summary, left, entry)) }
      if !bound.isEmpty, let toThere = entry.toThere {
        findings.append(finding(.embargoedDestination, toThere.effect, toThere.summary, bound, entry))
      }
      return findings
    }
  }

  private func covered(_ places: [Place], by entry: Embargo.Entry) -> [Place] {
    places.filter { entry.covers($0.country, address: $0.address) }
  }

  private func finding(
    _ rule: ScreenerRule, _ effect: Finding.Effect, _ summary: String, _ places: [Place], _ entry: Embargo.Entry
  ) -> Finding {
    rule.finding(
      effect, summary,
      places.map { place in
        let words = entry.regions.isEmpty ? nil : place.address
        return Observation(field: place.field, text: words ?? place.country?.code ?? entry.country.code)
      }, source: entry.source, roles: [.complianceLead])
  }
}
