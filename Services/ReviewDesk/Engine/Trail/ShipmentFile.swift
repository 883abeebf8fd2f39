import Domain

/// Everything the desk knows about one shipment.
public struct ShipmentFile: Sendable {
  public struct Line: Sendable {
    public var line: ShipmentLine
    public var caseID: CaseID?
    public var state: CaseState?
    public var roles: [ReviewerRole] = []
    /// `waiting`, `cleared` or `rejected`.
    public var status: String
    public var code: HSCode?
    public var isDecided = false
    /// Duty and taxes as if the line were sent by itself; nil while it has no code.
    public var landed: DutyEstimate?

    public init(line: ShipmentLine, caseID: CaseID?, status: String) {
      self.line = line
      self.caseID = caseID
      self.status = status
    }
  }

  public var id: ShipmentID
  public var shipment: Shipment
  public var state: ShipmentState
  public var holdReason: String?
  public var receivedAt: Instant
  public var lines: [Line] = []
  public var documents: [CaseDocument] = []
  public var deliveries: [CaseDelivery] = []
  public var trail: [TrailEntry] = []
  public var isTrailCut = false

  public init(id: ShipmentID, shipment: Shipment, state: ShipmentState, holdReason: String?, receivedAt: Instant) {
    self.id = id
    self.shipment = shipment
    self.state = state
    self.holdReason = holdReason
    self.receivedAt = receivedAt
  }

  /// One sentence: what the shipment waits for, or what became of it; the reason why it is held follows.
  var standing: Phrase {
    switch state {
    case .waiting:
      let waiting = lines.filter { $0.status == "waiting" }.count
      return lines.count == 1 ? "It waits for its line." : "It waits for \(waiting) of its \(lines.count) lines."
    case .ready: return "Every line is cleared; its documents are being drawn."
    case .documented: return "Its documents are drawn; it waits for write-back."
    case .writtenBack: return "It was written back."
    case .held:
      if holdReason != nil { return "It is held:" }
      let rejected = lines.filter { $0.status == "rejected" }.map { "\($0.line.number)" }
      return rejected.count == 1
        ? "It is held by line \(rejected[0])." : "It is held by lines \(rejected.joined(separator: ", "))."
    case .undeliverable: return "Its outcome could not be delivered."
    }
  }
}

/// One shipment in the list of them.
public struct ShipmentEntry: Hashable, Sendable {
  public var id: ShipmentID
  public var reference: String
  public var market: Market
  public var state: ShipmentState
  public var receivedAt: Instant
  public var lines: Int64
  public var cleared: Int64
  public var rejected: Int64

  public init(
    id: ShipmentID, reference: String, market: Market, state: ShipmentState, receivedAt: Instant, lines: Int64,
    cleared: Int64, rejected: Int64
  ) {
    self.id = id
    self.reference = reference
    self.market = market
    self.state = state
    self.receivedAt = receivedAt
    self.lines = lines
    self.cleared = cleared
    self.rejected = rejected
  }
}
