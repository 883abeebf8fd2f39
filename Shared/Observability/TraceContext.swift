/// W3C Trace Context, level 1: which trace and span some work belongs to.
public struct TraceContext: Hashable, Sendable {
  public let traceID: TraceID
  public let spanID: SpanID
  public let isSampled: Bool
  /// What other vendors asked to pass on, checked and otherwise untouched.
  public let state: String

  /// The context of the running task, for log lines.
  @TaskLocal public static var current: TraceContext?

  public init(traceID: TraceID, spanID: SpanID, isSampled: Bool = true, state: String = "") {
    self.traceID = traceID
    self.spanID = spanID
    self.isSampled = isSampled
    self.state = state
  }

  /// A new trace.
  public static func root(isSampled: Bool = true) -> TraceContext {
    var random = SystemRandomNumberGenerator()
    return root(isSampled: isSampled, using: &random)
  }

  public static func root(isSampled: Bool = true, using random: inout some RandomNumberGenerator) -> TraceContext {
    TraceContext(traceID: .random(using: &random), spanID: .random(using: &random), isSampled: isSampled)
  }

  /// The same trace with a new span.
  public func child() -> TraceContext {
    var random = SystemRandomNumberGenerator()
    return child(using: &random)
  }

  public func child(using random: inout some RandomNumberGenerator) -> TraceContext {
    TraceContext(traceID: traceID, spanID: .random(using: &random), isSampled: isSampled, state: state)
  }

  // MARK: Headers

  /// Nil when the `traceparent` is not valid: then a new trace begins. A `tracestate` that is not valid is dropped.
  public init?(traceparent: String, tracestate: String? = nil) {
    let bytes = Array(traceparent.utf8)
    let dash = UInt8(ascii: "-")
    guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
      let version = LowercaseHex.value(bytes[0..<2]), version != 0xff,
      let high = LowercaseHex.value(bytes[3..<19]), let low = LowercaseHex.value(bytes[19..<35]),
      let span = LowercaseHex.value(bytes[36..<52]), let flags = LowercaseHex.value(bytes[53..<55]),
      let traceID = TraceID(high: high, low: low), let spanID = SpanID(span)
    else { return nil }
    // Later versions may append fields; version 0 has none.
    guard bytes.count == 55 || (version > 0 && bytes[55] == dash) else { return nil }
    self.init(
      traceID: traceID, spanID: spanID, isSampled: flags & 1 == 1,
      state: tracestate.flatMap(TraceState.normalized) ?? "")
  }

  public var traceparent: String { "00-\(traceID.hex)-\(spanID.hex)-\(isSampled ? "01" : "00")" }

  /// Nil when there is nothing to send.
  public var tracestate: String? { state.isEmpty ? nil : state }
}

/// 16 bytes, not all zero.
public struct TraceID: Hashable, Sendable, CustomStringConvertible {
  private let high: UInt64
  private let low: UInt64

  public init?(high: UInt64, low: UInt64) {
    guard high != 0 || low != 0 else { return nil }
    self.high = high
    self.low = low
  }

  public static func random(using random: inout some RandomNumberGenerator) -> TraceID {
    while true {
      if let id = TraceID(high: random.next(), low: random.next()) { return id }
    }
  }

  public var hex: String { LowercaseHex.text(high) + LowercaseHex.text(low) }
  public var description: String { hex }
}

/// 8 bytes, not all zero.
public struct SpanID: Hashable, Sendable, CustomStringConvertible {
  private let value: UInt64

  public init?(_ value: UInt64) {
    guard value != 0 else { return nil }
    self.value = value
  }

  public static func random(using random: inout some RandomNumberGenerator) -> SpanID {
    while true {
      if let id = SpanID(random.next()) { return id }
    }
  }

  public var hex: String { LowercaseHex.text(value) }
  public var description: String { hex }
}

/// Trace Context allows lower case only.
private enum LowercaseHex {
  static func value(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    return value
  }

  static func text(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
