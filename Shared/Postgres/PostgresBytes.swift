import Glibc

/// Append-only buffer of values in PostgreSQL's binary format.
public struct PostgresBytes: Sendable {
  private(set) var storage: [UInt8] = []
  /// Why the value being encoded cannot be sent. The sender turns it into an error before the server sees anything.
  private(set) var defect: String?

  public init() {}

  public var count: Int { storage.count }

  public mutating func append(byte: UInt8) {
    storage.append(byte)
  }

  public mutating func append<T: FixedWidthInteger>(integer: T) {
    withUnsafeBytes(of: integer.bigEndian) { storage.append(contentsOf: $0) }
  }

  public mutating func append(bytes: some Collection<UInt8>) {
    storage.append(contentsOf: bytes)
  }

  /// PostgreSQL cannot store U+0000 in text.
  public mutating func append(text: String) {
    var text = text
    text.withUTF8 { utf8 in
      guard let base = utf8.baseAddress else { return }
      if memchr(base, 0, utf8.count) != nil { refuse("text contains a NUL character") }
      storage.append(contentsOf: utf8)
    }
  }

  /// Marks the value as one that cannot be sent. The reason must not contain the value.
  public mutating func refuse(_ reason: String) {
    if defect == nil { defect = reason }
  }

  /// Appends what `body` appends, preceded by its length in four bytes.
  mutating func appendLengthPrefixed(_ body: (inout PostgresBytes) -> Void) {
    let start = storage.count
    append(integer: Int32(0))
    body(&self)
    let length = storage.count - start - 4
    guard length <= Int(Int32.max) else { return refuse("value is longer than 2 GiB") }
    overwrite(at: start, with: Int32(length))
  }

  mutating func overwrite(at offset: Int, with integer: Int32) {
    withUnsafeBytes(of: integer.bigEndian) { bytes in
      for (index, byte) in bytes.enumerated() { storage[offset + index] = byte }
    }
  }

  mutating func removeAll() {
    // One huge value must not pin its memory to the connection for ever.
    storage.removeAll(keepingCapacity: storage.capacity <= 1 << 20)
    defect = nil
  }
}
