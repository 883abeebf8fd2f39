import Domain
import JSON

extension FieldReader {
  mutating func shipmentLines(currency: CurrencyCode?) -> [ShipmentLine] {
    guard let field = one(["lines", "items", "lineItems", "orderLines"]) else {
      log.refuse(
        "\(record.pointer)/lines", .missing, "The shipment has no lines.",
        "Send at least one line with sku, quantity and unitPrice.")
      return []
    }
    guard case .array(let elements) = field.value else {
      log.refuse(field.pointer, .invalid, "This is \(described(field.value)), not a list.", "Send a list of lines.")
      return []
    }
    guard elements.count <= ShipmentIntake.linesMax else {
      log.refuse(
        field.pointer, .invalid, "There are \(elements.count) lines.",
        "Send at most \(ShipmentIntake.linesMax); split the order into several shipments.")
      return []
    }
    var lines: [ShipmentLine] = []
    var numbers: Set<Int> = []
    for (index, element) in elements.enumerated() {
      let pointer = "\(field.pointer)/\(index)"
      guard case .object(let object) = element else {
        log.refuse(pointer, .invalid, "This is \(described(element)), not an object.", "Send one object per line.")
        continue
      }
      let line: ShipmentLine? = nested(object, pointer) { $0.shipmentLine(index: index, currency: currency) }
      guard let line else { continue }
      guard numbers.insert(line.number).inserted else {
        log.refuse(
          "\(pointer)/number", .conflicting, "Line number \(line.number) stands twice.", "Number each line once.")
        continue
      }
      lines.append(line)
    }
    return lines
  }

  private mutating func shipmentLine(index: Int, currency: CurrencyCode?) -> ShipmentLine? {
    let number = lineNumber(index: index)
    let sku = required("sku", "Send the SKU of the product.") {
      $0.text("sku", "itemNumber", "productCode", max: Limit.sku)
    }
    let unit = unitOfMeasure()
    let quantity = required("quantity", "Send how many.") { $0.quantity(unit: unit) }
    let price = required("unitPrice", "Send the price of one unit.") { $0.unitPrice(currency: currency) }
    let description = text("description", "title", "name", max: Limit.description)
    let weight = weightGrams("netWeight")
    let origin = country("origin", "countryOfOrigin")
    if let price, let quantity { checkAmount(price, quantity) }
    guard let number, let sku, let quantity, let unit, let price else { return nil }
    var line = ShipmentLine(number: number, sku: sku, quantity: quantity, unit: unit, unitPrice: price)
    line.description = description
    line.netWeightGrams = weight
    line.origin = origin
    return line
  }

  private mutating func lineNumber(index: Int) -> Int? {
    guard let field = one(["number", "lineNumber", "line", "lineNo"]) else { return index + 1 }
    guard let value = number(field) else { return nil }
    guard value > 0, value <= 1_000_000, value.scale == 0 else {
      log.refuse(field.pointer, .invalid, "\(value) is not a line number.", "Send a whole number from 1.")
      return nil
    }
    return Int(value.coefficient)
  }

  private mutating func quantity(unit: String?) -> Decimal? {
    guard let field = one(["quantity", "qty"]), let value = number(field) else { return nil }
    guard value > 0, value <= 1_000_000_000, value.scale <= 6 else {
      log.refuse(
        field.pointer, .invalid, "A quantity of \(value) is not possible.",
        "Send a quantity above zero with at most six decimals.")
      return nil
    }
    if let unit, value.scale > 0, UnitOfMeasure.counted.contains(unit) {
      log.refuse(
        field.pointer, .conflicting, "\(value) is not a whole number, but the unit \(unit) is counted.",
        "Send a whole number, or the unit that was measured, such as KGM or MTR.")
      return nil
    }
    return value
  }

  private mutating func unitOfMeasure() -> String? {
    guard let field = one(["unit", "uom", "unitOfMeasure", "unitCode"]) else { return "C62" }
    guard let text = text(field, max: 50) else { return nil }
    if let unit = UnitOfMeasure.code(text) { return unit }
    log.refuse(
      field.pointer, .invalid, "\(quoted(text)) is not a unit that we know.",
      "Send a UN/ECE Recommendation 20 code, such as C62 for pieces, KGM, LTR, MTR, PR or SET.")
    return nil
  }

  private mutating func unitPrice(currency: CurrencyCode?) -> Money? {
    guard let field = one(["unitPrice", "price", "unitValue"]) else { return nil }
    let stated = self.currency("currency")
    guard let money = money(field, currency: stated ?? currency) else { return nil }
    if let currency, money.currency != currency {
      log.refuse(
        field.pointer, .conflicting, "The price is in \(money.currency), the shipment in \(currency).",
        "Send all prices of a shipment in one currency.")
      return nil
    }
    guard money.minorUnits > 0 else {
      log.refuse(
        field.pointer, .invalid, "A price of \(money) is not possible.",
        "Send the price of one unit; for a free sample, the price it is usually sold at.")
      return nil
    }
    return money
  }

  private mutating func checkAmount(_ price: Money, _ quantity: Decimal) {
    let exact = price.amount * quantity
    let field = one(["amount", "total", "lineTotal", "totalPrice"])
    guard exact <= FieldReader.totalMax else {
      log.refuse(
        "\(record.pointer)/quantity", .invalid, "\(quantity) at \(price) is more than any shipment is worth.",
        "Check the quantity and the price.")
      return
    }
    let amount = Money(rounding: exact, price.currency)
    if let field, let stated = money(field, currency: price.currency), stated != amount {
      log.refuse(
        field.pointer, .conflicting, "The line says \(stated), but \(quantity) at \(price) is \(amount).",
        "Correct the quantity, the price or the amount.")
    }
  }

  /// Far below what 64 bits of minor units hold.
  private static let totalMax = Decimal(1_000_000_000_000)

  mutating func checkTotals(
    _ lines: [ShipmentLine], freight: Money?, insurance: Money?, currency: CurrencyCode?
  ) {
    let goodsField = one(["goodsTotal", "subtotal", "totalGoodsValue", "goodsValue"])
    let totalField = one(["total", "totalAmount", "grandTotal", "invoiceTotal", "totalValue"])
    let sum = lines.reduce(Decimal.zero) { total, line in
      let exact = line.unitPrice.amount * line.quantity
      return total + (exact <= FieldReader.totalMax ? exact.rounded(places: places(line), .halfUp) : 0)
    }
    guard let currency, log.issues.isEmpty else { return }
    guard sum <= FieldReader.totalMax else {
      log.refuse(
        "\(record.pointer)/lines", .invalid, "The lines add up to \(sum) \(currency).", "Check quantities and prices.")
      return
    }
    let goods = Money(rounding: sum, currency)
    let extras = [freight, insurance].compactMap { $0?.amount }.reduce(.zero, +)
    if let goodsField, let stated = money(goodsField, currency: currency), stated != goods {
      refuseTotal(goodsField, stated, "the lines add up to \(goods)")
    }
    if let totalField, let stated = money(totalField, currency: currency), stated != goods,
      stated.amount != goods.amount + extras
    {
      let whole = extras.isZero ? "" : ", with freight and insurance \(sum + extras) \(currency)"
      refuseTotal(totalField, stated, "the lines add up to \(goods)\(whole)")
    }
  }

  private func places(_ line: ShipmentLine) -> Int { line.unitPrice.currency.minorUnitDigits }

  private mutating func refuseTotal(_ field: RawRecord.Field, _ stated: Money, _ found: String) {
    log.refuse(
      field.pointer, .conflicting, "The total is \(stated), but \(found).",
      "Correct the total or the lines, or leave the total out.")
  }

  mutating func packages(lines: [ShipmentLine]) -> [Package] {
    guard let field = one(["packages", "parcels", "cartons"]) else { return [] }
    guard case .array(let elements) = field.value, elements.count <= ShipmentIntake.packagesMax else {
      log.refuse(
        field.pointer, .invalid, "This is not a list of up to \(ShipmentIntake.packagesMax) packages.",
        "Send a list of packages.")
      return []
    }
    let numbers = Set(lines.map(\.number))
    let linesAreRead = log.issues.isEmpty
    var packages: [Package] = []
    for (index, element) in elements.enumerated() {
      let pointer = "\(field.pointer)/\(index)"
      guard case .object(let object) = element else {
        log.refuse(pointer, .invalid, "This is \(described(element)), not an object.", "Send one object per package.")
        continue
      }
      let package = nested(object, pointer) { $0.package(index: index, numbers: linesAreRead ? numbers : nil) }
      if packages.contains(where: { $0.mark == package.mark }) {
        log.refuse(
          "\(pointer)/mark", .conflicting, "The mark \(quoted(package.mark)) stands twice.",
          "Give each package its own mark.")
      }
      packages.append(package)
    }
    if log.issues.isEmpty { checkPacking(packages, lines, field.pointer) }
    return packages
  }

  private mutating func package(index: Int, numbers: Set<Int>?) -> Package {
    let mark = text("mark", "marks", "number", "id", max: Limit.code) ?? String(index + 1)
    let field = one(["lineNumbers", "lines", "contents"])
    let entries = field?.value.arrayValue ?? field.map { [$0.value] } ?? []
    var lineNumbers: [Int] = []
    var seen: Set<Int> = []
    for entry in entries.prefix(ShipmentIntake.linesMax) {
      guard let number = entry.numeral.flatMap({ Int($0) }), numbers?.contains(number) ?? true else {
        log.refuse(
          field?.pointer ?? record.pointer, .invalid, "\(described(entry)) is not the number of a line.",
          "Name lines by their numbers.")
        continue
      }
      if seen.insert(number).inserted { lineNumbers.append(number) }
    }
    if entries.isEmpty {
      log.refuse(
        "\(record.pointer)/lineNumbers", .missing, "The package \(quoted(mark)) names no line.",
        "Send the numbers of the lines that it holds.")
    }
    let gross = weightGrams("grossWeight") ?? weightGrams("weight")
    let dimensions = text("dimensions", "size", max: Limit.code)
    return Package(mark: mark, lineNumbers: lineNumbers, grossWeightGrams: gross, dimensions: dimensions)
  }

  private mutating func checkPacking(_ packages: [Package], _ lines: [ShipmentLine], _ pointer: String) {
    let packed = Set(packages.flatMap(\.lineNumbers))
    let unpacked = lines.map(\.number).filter { !packed.contains($0) }
    if !unpacked.isEmpty {
      log.refuse(
        pointer, .missing, "Nothing holds line \(unpacked.prefix(20).map(String.init).joined(separator: ", ")).",
        "Name every line in a package, or leave the packages out.")
    }
    let net = lines.compactMap(\.netWeightGrams)
    let gross = packages.compactMap(\.grossWeightGrams)
    guard net.count == lines.count, gross.count == packages.count else { return }
    let (netTotal, grossTotal) = (net.reduce(.zero, +), gross.reduce(.zero, +))
    if netTotal > grossTotal {
      log.refuse(
        pointer, .conflicting, "The lines weigh \(netTotal) g net, the packages only \(grossTotal) g gross.",
        "Check the weights: a line's weight is that of its whole quantity.")
    }
  }
}
