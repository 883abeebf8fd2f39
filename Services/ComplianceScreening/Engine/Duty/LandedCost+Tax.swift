import Domain

extension LandedCost {
  func excise(_ entry: Entry, _ duty: Duty?, _ working: inout Working) -> Decimal? {
    // A regime without tax is one without excise: goods that bear excise are left out of it by their prefixes.
    if case .exempt = entry.regime.tax { return working.setExcise(0) }
    var sum: Decimal = 0
    for excise in taxation.excises {
      for line in excise.finerLines(than: entry.code, on: entry.date) {
        working.unknown("whether \(excise.name) is due: goods of \(line.prefix) bear it")
        return nil
      }
      guard let line = excise.line(for: entry.code, on: entry.date) else { continue }
      guard let rate = line.rate else {
        working.unknown("\(excise.name) rate of \(entry.code.dotted)" + (line.note.map { " (\($0))" } ?? ""))
        return nil
      }
      var base = entry.customsValue
      if excise.base == .customsValueAndDuty, rate.percent != nil {
        guard let duty else {
          working.unknown("\(excise.name), because its base contains the duty")
          return nil
        }
        base = base + inBase(duty)
      }
      guard let exact = working.amount(excise.name, rate, of: base, entry.sale.quantities) else { return nil }
      let paid = taxation.rounding.tax(exact)
      working.rounded(excise.name, exact, to: paid)
      sum = sum + paid
    }
    return working.setExcise(sum)
  }

  func fees(_ entry: Entry, _ working: inout Working) -> Fees? {
    var fees = Fees(due: 0, inTaxBase: 0)
    for fee in entry.regime.fees where fee.validity.contains(entry.date) {
      guard let amount = fee.amount(for: entry.customsValue) else {
        working.unknown(fee.name)
        return nil
      }
      working.note("\(fee.name): \(amount) \(currency)" + (fee.isDue ? "" : ", in the tax base alone"))
      if fee.isDue { fees.due = fees.due + amount }
      if fee.isInTaxBase { fees.inTaxBase = fees.inTaxBase + amount }
    }
    working.fees = fees.due
    return fees
  }

  func tax(
    _ entry: Entry, _ duty: Duty?, _ excise: Decimal?, _ fees: Fees?, _ working: inout Working
  ) -> Decimal? {
    if let stated = entry.sale.taxRate, entry.regime.tax == .exempt {
      working.note("The stated tax rate of \(stated) % is not used: \(entry.regime.name) has its own rule")
    }
    if let saleTax = entry.regime.saleTax { return saleTax.charged(entry.sale, entry.fob, taxation, &working) }
    if case .exempt = entry.regime.tax {
      working.exempt("Tax", entry.regime)
      working.tax = 0
      return 0
    }
    guard let tax = taxation.tax else {
      working.unknown("import tax")
      return nil
    }
    guard let percent = percent(tax, entry, &working),
      let base = base(tax, entry, duty, excise, fees, &working)
    else { return nil }
    let exact = base.share(percent)
    let paid = taxation.rounding.tax(exact)
    working.share(tax.name, percent, of: base, exact: exact)
    working.rounded(tax.name, exact, to: paid)
    working.tax = paid
    return paid
  }

  private func percent(_ tax: ImportTax, _ entry: Entry, _ working: inout Working) -> Decimal? {
    if let stated = entry.sale.taxRate {
      working.note("\(tax.name): \(stated) %, as stated")
      return stated
    }
    if case .flat(let general, let byPrefix) = entry.regime.tax {
      return byPrefix.longestMatch(for: entry.code, on: entry.date)?.rate.percent ?? general
    }
    guard let rate = tax.rate(for: entry.code, on: entry.date) else {
      working.unknown("\(tax.name) rate of \(entry.code.dotted) on \(entry.date)")
      return nil
    }
    if let note = rate.note { working.note("\(tax.name): \(note)") }
    return rate.percent
  }

  private func base(
    _ tax: ImportTax, _ entry: Entry, _ duty: Duty?, _ excise: Decimal?, _ fees: Fees?, _ working: inout Working
  ) -> Decimal? {
    guard let excise, let fees else {
      working.unknown("\(tax.name), because its base contains what is not known")
      return nil
    }
    let base = entry.customsValue + excise + fees.inTaxBase
    if tax.dutyInBase == .notIncluded { return base }
    guard let duty else {
      working.unknown("\(tax.name), because its base contains the duty")
      return nil
    }
    return base + inBase(duty)
  }

  func prepayments(_ entry: Entry, _ duty: Duty?, _ working: inout Working) {
    guard let duty else { return }
    let base = entry.customsValue + inBase(duty)
    for prepayment in entry.regime.prepayments {
      for rate in prepayment.rates {
        let amount = taxation.rounding.tax(base.share(rate.percent))
        working.prepaid("\(prepayment.name), \(rate.condition): \(base) × \(rate.percent) % = \(amount) \(currency)")
      }
    }
  }
}

extension SaleTax {
  fileprivate func charged(
    _ sale: LandedCost.Sale, _ goods: Decimal, _ taxation: Taxation, _ working: inout Working
  ) -> Decimal {
    let exact = goods.share(percent)
    let paid = taxation.rounding.tax(exact)
    guard sale.sellerIsRegistered ?? isAssumed else {
      working.note("\(name): none at the border; a registered seller charges \(percent) % of \(goods) = \(paid)")
      working.tax = 0
      return 0
    }
    let isTaken = sale.sellerIsRegistered == nil ? ", taking the seller to be registered" : ""
    working.share("\(name), charged with the price\(isTaken)", percent, of: goods, exact: exact)
    working.rounded(name, exact, to: paid)
    working.tax = paid
    return paid
  }
}
