import Domain

/// Everything the desk knows about one product, over all its markets.
public struct ProductFile: Sendable {
  public struct Revision: Hashable, Sendable {
    public var number: Int64
    public var receivedAt: Instant

    public init(number: Int64, receivedAt: Instant) {
      self.number = number
      self.receivedAt = receivedAt
    }
  }

  /// A line of a shipment that waits for this product, or waited.
  public struct Use: Hashable, Sendable {
    public var shipmentID: ShipmentID
    public var reference: String
    public var market: Market
    public var state: ShipmentState
    public var line: Int
    public var status: String

    public init(
      shipmentID: ShipmentID, reference: String, market: Market, state: ShipmentState, line: Int, status: String
    ) {
      self.shipmentID = shipmentID
      self.reference = reference
      self.market = market
      self.state = state
      self.line = line
      self.status = status
    }
  }

  public var product: Product
  /// The newest first.
  public var revisions: [Revision]
  /// Of the newest revision.
  public var matrix: MarketMatrix
  public var rolesAsked: [Market: [ReviewerRole]] = [:]
  public var uses: [Use] = []
  public var documents: [(market: Market, document: CaseDocument)] = []
  public var precedents: [KnownPrecedent] = []
  /// The newest first.
  public var trail: [TrailEntry] = []
  public var isTrailCut = false

  public init(product: Product, revisions: [Revision], matrix: MarketMatrix) {
    self.product = product
    self.revisions = revisions
    self.matrix = matrix
  }
}

/// A precedent as people see it.
public struct KnownPrecedent: Hashable, Sendable {
  public var id: UniqueID
  public var market: Market
  public var title: String
  public var code: HSCode
  public var outcome: Precedent.Outcome
  public var decidedAt: Instant
  /// Where a person entered it, who and why; else a decision left it.
  public var entered: Note?
  /// Since when it speaks for nothing any more.
  public var withdrawnAt: Instant?
  public var withdrawn: Note?

  public struct Note: Hashable, Sendable {
    public var by: Actor
    public var because: String

    public init(by: Actor, because: String) {
      self.by = by
      self.because = because
    }
  }

  public init(
    id: UniqueID, market: Market, title: String, code: HSCode, outcome: Precedent.Outcome, decidedAt: Instant
  ) {
    self.id = id
    self.market = market
    self.title = title
    self.code = code
    self.outcome = outcome
    self.decidedAt = decidedAt
  }
}

extension CaseState {
  /// What a case waits for; nil when it waits for nothing.
  func waitsFor(_ roles: [ReviewerRole]) -> Phrase? {
    switch self {
    case .opened: "the classifier"
    case .classified: "the screening"
    case .awaitingDecision:
      roles.isEmpty ? "a person's decision" : "the decision of \(Phrase.list(roles.map(\.phrase)))"
    case .awaitingInformation: "the supplier's answer"
    case .decided: "its decision record"
    case .documented: "write-back"
    case .undeliverable: "a person: it could not be delivered"
    case .conflicted: "a person: the ERP holds another value"
    case .writtenBack, .superseded: nil
    }
  }
}
