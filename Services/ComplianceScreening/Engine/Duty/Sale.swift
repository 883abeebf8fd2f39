import Domain

extension LandedCost {
  /// What is known of a sale: its price free on board, and whatever else was stated. What is not stated is taken from the market's
  /// rules, or is unknown.
  public struct Sale: Hashable, Sendable {
    public var goods: Money
    public var freight: Money?
    public var insurance: Money?
    public var origin: CountryCode?
    /// A parcel when nobody says.
    public var consignment: ConsignmentKind?
    public var isDangerous = false
    public var quantities: [QuantityUnit: Decimal]
    /// Units of the market's currency for one of the goods' currency, in place of the market's table.
    public var exchangeRate: Decimal?
    /// In place of the tariff's rate.
    public var dutyRate: DutyRate?
    /// A percentage in place of the tax's rate.
    public var taxRate: Decimal?
    /// Whether the seller charges the market's tax on low-value goods.
    public var sellerIsRegistered: Bool?

    public init(
      goods: Money, freight: Money? = nil, insurance: Money? = nil, origin: CountryCode? = nil,
      consignment: ConsignmentKind? = nil, quantities: [QuantityUnit: Decimal] = [:]
    ) {
      self.goods = goods
      self.freight = freight
      self.insurance = insurance
      self.origin = origin
      self.consignment = consignment
      self.quantities = quantities
    }
  }
}
