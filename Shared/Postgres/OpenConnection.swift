import CPostgreSQL
import Glibc

/// Connects, and blocks until that succeeded, failed or took too long.
///
/// `PQconnectdb` hides the SQLSTATE of a refused login; connecting step by step lets us ask for it in time.
func openConnection(_ configuration: PostgresConfiguration) throws(PostgresError) -> OpaquePointer {
  guard let connection = startConnecting(configuration) else {
    throw PostgresError(kind: .serverResources, explanation: "out of memory")
  }
  do {
    try finishConnecting(connection, within: .seconds(configuration.connectTimeoutSeconds))
  } catch {
    PQfinish(connection)
    throw error
  }
  PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
  // Notices would go to stderr otherwise.
  PQsetNoticeProcessor(connection, { _, _ in }, nil)
  return connection
}

private func startConnecting(_ configuration: PostgresConfiguration) -> OpaquePointer? {
  let keywords = configuration.connectionKeywords
  let names = keywords.map { strdup($0.0) } + [nil]
  let values = keywords.map { strdup($0.1) } + [nil]
  defer { for string in names + values { free(string) } }
  let connection = PQconnectStartParams(names.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 1)
  PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
  return connection
}

private func finishConnecting(_ connection: OpaquePointer, within limit: Duration) throws(PostgresError) {
  let deadline = ContinuousClock.now + limit
  var step = PGRES_POLLING_WRITING
  while PQstatus(connection) != CONNECTION_BAD {
    let events = step == PGRES_POLLING_READING ? POLLIN : POLLOUT
    var descriptor = pollfd(fd: PQsocket(connection), events: Int16(events), revents: 0)
    let left = (deadline - ContinuousClock.now).components
    let leftMilliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
    if leftMilliseconds <= 0 || poll(&descriptor, 1, Int32(leftMilliseconds)) == 0 {
      throw PostgresError(kind: .connectionLost, explanation: "cannot connect: no answer within \(limit)")
    }
    step = PQconnectPoll(connection)
    if step == PGRES_POLLING_OK { return }
    if step == PGRES_POLLING_FAILED { break }
  }
  throw connectError(connection)
}

private func connectError(_ connection: OpaquePointer) -> PostgresError {
  var error = PostgresError(connection: connection, statement: nil)
  error.explanation = "cannot connect"
  if let sqlState = sqlState(inVerbose: String(cString: PQerrorMessage(connection))) {
    error.sqlState = sqlState
    error.kind = PostgresError.Kind(sqlState: sqlState)
  }
  return error
}

/// A verbose message reads `FATAL:  28P01: password authentication failed …`, its first word translated.
private func sqlState(inVerbose message: String) -> String? {
  for part in message.split(separator: ": ") {
    let word = part.utf8.drop { $0 == UInt8(ascii: " ") }
    let isCode = word.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
    }
    if word.count == 5, isCode, word.contains(where: { $0 < UInt8(ascii: "A") }) {
      return String(decoding: word, as: UTF8.self)
    }
  }
  return nil
}
