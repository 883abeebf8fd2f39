import CPostgreSQL

extension PostgresError {
  /// From an error result of the server, or of libpq itself when the connection broke.
  init(result: OpaquePointer, statement: String?) {
    func field(_ code: Character) -> String? {
      PQresultErrorField(result, Int32(code.asciiValue!)).map { String(cString: $0) }
    }
    let sqlState = field("C")
    // 'V' is the severity in English whatever lc_messages says.
    let isFatal = field("V") == "FATAL" || field("V") == "PANIC"
    let kind = sqlState.map { Kind(sqlState: $0) } ?? .connectionLost
    self.init(kind: isFatal ? .connectionLost : kind, sqlState: sqlState, statement: statement)
    constraint = field("n")
    table = field("t")
    column = field("c")
    serverMessage = String(cString: PQresultErrorMessage(result))
  }

  /// From a call of libpq that failed without a result.
  init(connection: OpaquePointer, statement: String?) {
    self.init(kind: .connectionLost, statement: statement)
    serverMessage = String(cString: PQerrorMessage(connection))
  }

  /// A login or setting that the server refuses now is refused next time too.
  var forbidsReconnecting: Bool { kind != .connectionLost && kind != .serverResources }

  var endsConnection: Bool { kind == .connectionLost || kind == .commitOutcomeUnknown }
}
