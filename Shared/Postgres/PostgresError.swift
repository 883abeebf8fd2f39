/// What went wrong, without telling anyone's data.
///
/// `description` is safe for logs: kind, SQLSTATE, names from the schema and the first words of our own statement. What
/// the server said may quote row values, so it appears in `debugDescription` only.
public struct PostgresError: Error, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case serialization, deadlock
    case uniqueViolation, foreignKeyViolation, checkViolation, notNullViolation, exclusionViolation
    case insufficientPrivilege
    /// `statement_timeout`, or a cancel request.
    case cancelled
    /// `lock_timeout` or `NOWAIT`.
    case lockNotAvailable
    case connectionLost
    /// The connection broke while COMMIT was under way: the transaction may have committed or not.
    case commitOutcomeUnknown
    case poolExhausted, poolClosed
    /// The server refuses this login, role or database; trying again will not help.
    case connectionRefusedByPolicy
    /// The server is out of memory, disk or connections, or has an internal fault.
    case serverResources
    /// A result column is not of the type that the caller asked for.
    case decode
    case undefined
    /// The server no longer knows a prepared statement.
    case preparedStatementMissing
    case invalidData
    /// `RAISE EXCEPTION` of a trigger or function.
    case raised
    case programmer
    case other
  }

  public var kind: Kind
  public var sqlState: String?
  public var constraint: String?
  public var table: String?
  public var column: String?
  /// First words of our statement. It holds placeholders, never values.
  public var statement: String?
  /// Position of the failed statement inside `pipeline`.
  public var statementIndex: Int?
  /// Our own words, free of values.
  public var explanation: String?
  /// MESSAGE, DETAIL and so on of the server. May hold values: for `debugDescription` alone.
  var serverMessage: String?

  public init(
    kind: Kind, sqlState: String? = nil, statement: String? = nil, explanation: String? = nil
  ) {
    self.kind = kind
    self.sqlState = sqlState
    self.statement = statement
    self.explanation = explanation
  }

  /// The same transaction may succeed if it is simply run again, now.
  public var isRetriable: Bool {
    switch kind {
    case .serialization, .deadlock, .preparedStatementMissing: true
    default: false
    }
  }

  /// Not the fault of the work at hand: stall and try the same work later.
  public var isInfrastructure: Bool {
    switch kind {
    case .connectionLost, .commitOutcomeUnknown, .poolExhausted, .poolClosed, .connectionRefusedByPolicy,
      .serverResources:
      true
    default: false
    }
  }
}

extension PostgresError.Kind {
  public init(sqlState: String) {
    switch sqlState {
    case "40001": self = .serialization
    case "40P01": self = .deadlock
    case "23505": self = .uniqueViolation
    case "23503", "23001": self = .foreignKeyViolation
    case "23514", "44000": self = .checkViolation
    case "23502": self = .notNullViolation
    case "23P01": self = .exclusionViolation
    case "42501": self = .insufficientPrivilege
    case "57014": self = .cancelled
    case "55P03": self = .lockNotAvailable
    case "26000": self = .preparedStatementMissing
    case "3D000", "28000", "28P01": self = .connectionRefusedByPolicy
    case "57P01", "57P02", "57P03", "57P05", "25P03": self = .connectionLost
    case "42P01", "42703", "42883", "42704", "3F000": self = .undefined
    case "P0001": self = .raised
    default: self.init(sqlStateClass: sqlState.prefix(2))
    }
  }

  private init(sqlStateClass: Substring) {
    switch sqlStateClass {
    case "08": self = .connectionLost
    case "22", "23": self = .invalidData
    case "53", "54", "58", "XX": self = .serverResources
    case "0A", "25", "2B", "34", "3B", "42": self = .programmer
    default: self = .other
    }
  }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
  public var description: String {
    var text = "PostgreSQL: \(kind.rawValue)"
    if let sqlState { text += " [\(sqlState)]" }
    if let explanation { text += ": \(explanation)" }
    if let constraint { text += ", constraint \(constraint)" }
    if let table { text += ", table \(table)" }
    if let column { text += ", column \(column)" }
    if let statementIndex { text += ", statement \(statementIndex) of the pipeline" }
    if let statement { text += ", in “\(statement)”" }
    return text
  }

  public var debugDescription: String {
    guard let serverMessage else { return description }
    return "\(description); server: \(serverMessage)"
  }
}

extension PostgresError {
  /// At most six words and 60 characters, on one line.
  static func firstWords(of sql: String) -> String {
    var words = sql.utf8.prefix(400).split(maxSplits: 6) { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 || $0 == 0x0D }
    let isCut = words.count > 6
    if isCut { words.removeLast() }
    let text = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    if text.count > 60 { return text.prefix(59) + "…" }
    return isCut ? text + " …" : text
  }

  static func programmer(_ explanation: String, statement: String? = nil) -> PostgresError {
    PostgresError(kind: .programmer, statement: statement, explanation: explanation)
  }
}
