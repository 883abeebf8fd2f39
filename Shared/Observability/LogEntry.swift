import JSON

/// One event on its way to a line.
struct LogEntry {
  /// Keys that metadata cannot replace.
  static let ownKeys: Set<String> = ["ts", "level", "service", "msg", "trace_id", "span_id"]

  let microsecondsSince1970: Int64
  let level: LogLevel
  let service: String
  let message: String
  let trace: TraceContext?
  let metadata: [String: LogValue]

  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("ts", .string(Timestamp.text(microsecondsSince1970: microsecondsSince1970))),
      ("level", .string(level.rawValue)), ("service", .string(service)), ("msg", .string(message)),
    ]
    if let trace {
      members.append(("trace_id", .string(trace.traceID.hex)))
      members.append(("span_id", .string(trace.spanID.hex)))
    }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      members.append((Self.ownKeys.contains(key) ? "\(key)_" : key, value.json))
    }
    return .object(JSONObject(members))
  }

  var text: String {
    let time = Timestamp.text(microsecondsSince1970: microsecondsSince1970).dropFirst(11).dropLast(4)
    let name = level.rawValue.uppercased()
    let padding = String(repeating: " ", count: max(0, 8 - name.count))
    let pairs = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value.json.text)" }.joined()
    let traced = trace.map { " trace_id=\($0.traceID.hex)" } ?? ""
    return "\(time) \(name)\(padding) \(service): \(message)\(pairs)\(traced)"
  }
}
