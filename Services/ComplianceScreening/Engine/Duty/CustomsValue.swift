import Domain

/// A sale's price in the market's currency, free on board and with freight and insurance.
struct CustomsValue {
  let fob: Decimal
  let cif: Decimal

  /// nil when something it needs is unknown; the working then names it.
  init?(_ sale: LandedCost.Sale, _ valuation: Valuation, _ converter: Converter, _ working: inout Working) {
    guard sale.goods.minorUnits > 0, sale.goods.minorUnits <= CustomsValue.minorUnitsMax else {
      working.unknown("customs value of \(sale.goods)")
      return nil
    }
    guard let goods = converter.local("Goods", sale.goods, &working),
      let charges = CustomsValue.charges(sale, goods, valuation, converter, &working)
    else { return nil }
    fob = goods
    cif = goods + charges
    if charges > 0 {
      working.note("Value with freight and insurance: \(goods) + \(charges) = \(cif) \(converter.currency)")
    }
  }

  /// Far above any parcel, and small enough that no step can leave 128 bits.
  static let minorUnitsMax: Int64 = 100_000_000_000_000

  private static func charges(
    _ sale: LandedCost.Sale, _ goods: Decimal, _ valuation: Valuation, _ converter: Converter,
    _ working: inout Working
  ) -> Decimal? {
    let defaults = valuation.defaults.filter { $0.applies(to: sale.origin, isDangerous: sale.isDangerous) }
    if sale.freight == nil, sale.insurance == nil,
      let both = defaults.first(where: { $0.kind == .freightAndInsurance })
    {
      return working.assumed("Freight and insurance", both, of: goods)
    }
    let freight = charge("freight", sale.freight, defaults.first { $0.kind == .freight }, goods, 0, converter, &working)
    guard let freight else { return nil }
    let insurance = charge(
      "insurance", sale.insurance, defaults.first { $0.kind == .insurance }, goods, freight, converter, &working)
    return insurance.map { freight + $0 }
  }

  private static func charge(
    _ name: String, _ stated: Money?, _ otherwise: DefaultCharge?, _ goods: Decimal, _ freight: Decimal,
    _ converter: Converter, _ working: inout Working
  ) -> Decimal? {
    if let stated, stated.minorUnits >= 0, stated.minorUnits <= minorUnitsMax {
      return converter.local(name.capitalised, stated, &working)
    }
    guard let otherwise else {
      working.unknown("\(name) from this origin")
      return nil
    }
    return working.assumed(
      name.capitalised, otherwise, of: otherwise.base == .goods ? goods : goods + freight)
  }
}

extension String {
  fileprivate var capitalised: String { prefix(1).uppercased() + dropFirst() }
}
