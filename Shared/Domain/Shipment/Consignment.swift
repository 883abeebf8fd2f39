/// What a shipment says about one product in it; what is absent is not known.
public struct Consignment: Hashable, Sendable {
  public var kind: ConsignmentKind?
  /// In pieces.
  public var quantity: Decimal?
  /// Of the whole shipment.
  public var value: Money?

  public init(kind: ConsignmentKind? = nil, quantity: Decimal? = nil, value: Money? = nil) {
    self.kind = kind
    self.quantity = quantity
    self.value = value
  }
}

extension Shipment {
  /// One product in it, over all the lines that have it.
  public func consignment(of sku: String) -> Consignment {
    let own = lines.filter { $0.sku == sku }
    let counted = own.allSatisfy { $0.unit == "C62" }
    return Consignment(
      kind: consignmentKind, quantity: counted ? own.map(\.quantity).reduce(0, +) : nil,
      value: Money(rounding: lines.map(\.amount.amount).reduce(0, +), currency))
  }

  /// Post and couriers carry parcels; what else is carried is declared in full. Unsaid, it is not known.
  private var consignmentKind: ConsignmentKind? {
    switch transportMode {
    case nil: nil
    case "post", "courier": .parcel
    default: .formal
    }
  }
}
