/// What is known of the code of one product: what a person of the tenant decided, what became of an earlier submission, or
/// what an authority ruled. The classifier follows it or avoids it.
public struct Precedent: Hashable, Sendable {
  public enum Outcome: String, Sendable, CaseIterable {
    /// Somebody agreed with the code.
    case approved
    /// Somebody put this code in the place of another.
    case corrected
    /// Somebody refused this code.
    case rejected
  }

  public enum Source: String, Sendable, CaseIterable { case decision, submission, ruling }

  /// Of a decision, the id of that.
  public var id: UniqueID
  public var source: Source
  /// Who gave a ruling; empty otherwise.
  public var authority: String
  /// By which whoever gave it finds it; empty where it has none.
  public var reference: String
  public var description: ProductDescription
  public var code: HSCode
  public var decidedAt: Instant
  public var outcome: Outcome
  public var market: Market
  /// Why it was refused, or what the ruling says; empty where nothing is said.
  public var reason: String

  public init(
    id: UniqueID, source: Source = .decision, authority: String = "", reference: String = "",
    description: ProductDescription, code: HSCode, decidedAt: Instant, outcome: Outcome, market: Market,
    reason: String = ""
  ) {
    self.id = id
    self.source = source
    self.authority = authority
    self.reference = reference
    self.description = description
    self.code = code
    self.decidedAt = decidedAt
    self.outcome = outcome
    self.market = market
    self.reason = reason
  }
}

/// What of a product says what it is, as the text that precedents keep.
public struct ProductDescription: Hashable, Sendable {
  public var title: String
  /// As `wide > narrow`.
  public var category: String
  /// As `name: value; …`, materials first.
  public var attributes: String

  public init(title: String, category: String = "", attributes: String = "") {
    self.title = title
    self.category = category
    self.attributes = attributes
  }

  public init(_ product: Product) {
    title = product.titles.map(\.text).joined(separator: " / ")
    category = product.categoryPath.joined(separator: " > ")
    let materials = (product.materials + product.ingredients).map { component in
      "material: \(component.name)\(component.percent.map { " \($0) %" } ?? "")"
    }
    attributes = (materials + product.attributes.map { "\($0.name): \($0.value)" }).joined(separator: "; ")
  }
}
