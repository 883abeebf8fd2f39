/// The bound values of one statement, in the arrays that libpq wants. Reused, so that binding allocates little.
struct ParameterBuffer {
  /// A statement with more placeholders is refused by the protocol itself.
  static let countMax = 65535

  private var bytes = PostgresBytes()
  private var offsets: [Int] = []
  private(set) var types: [UInt32] = []
  private(set) var lengths: [Int32] = []
  private(set) var formats: [Int32] = []
  private var isNull: [Bool] = []

  var count: Int32 { Int32(types.count) }

  mutating func fill(_ parameters: [any PostgresEncodable], for source: Session.Source) throws(PostgresError) {
    removeAll()
    guard parameters.count <= Self.countMax else {
      throw .programmer("\(parameters.count) parameters; bind an array instead", statement: source.firstWords)
    }
    for (index, parameter) in parameters.enumerated() {
      append(parameter)
      if let defect = bytes.defect {
        throw PostgresError(kind: .invalidData, statement: source.firstWords, explanation: "$\(index + 1): \(defect)")
      }
      guard types[index] != 0 else {
        throw .programmer("$\(index + 1) is an array of arrays", statement: source.firstWords)
      }
    }
  }

  private mutating func append<Value: PostgresEncodable>(_ value: Value) {
    let start = bytes.count
    types.append(Value.postgresType.oid)
    offsets.append(start)
    isNull.append(value.isPostgresNull)
    if !value.isPostgresNull { value.encode(into: &bytes) }
    if bytes.count - start > Int(Int32.max) { bytes.refuse("value is longer than 2 GiB") }
    lengths.append(Int32(truncatingIfNeeded: bytes.count - start))
    formats.append(1)
  }

  private mutating func removeAll() {
    bytes.removeAll()
    offsets.removeAll(keepingCapacity: true)
    types.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
    formats.removeAll(keepingCapacity: true)
    isNull.removeAll(keepingCapacity: true)
  }

  func withValues<R>(_ body: ([UnsafePointer<CChar>?]) -> R) -> R {
    bytes.storage.withUnsafeBytes { raw in
      // libpq takes a nil pointer for NULL, so an empty value at the very end needs an address too.
      let base = raw.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
      return body(
        zip(offsets, isNull).map { offset, isNull in
          isNull ? nil : (base + offset).assumingMemoryBound(to: CChar.self)
        })
    }
  }
}
