import CRabbitMQ

/// Memory of the C library for the strings and tables of one frame; recycled before the next.
final class WirePool {
  private let pool: UnsafeMutablePointer<amqp_pool_t>

  init() {
    pool = .allocate(capacity: 1)
    init_amqp_pool(pool, 4096)
  }

  deinit {
    empty_amqp_pool(pool)
    pool.deallocate()
  }

  /// Every value made so far becomes invalid.
  func recycle() { recycle_amqp_pool(pool) }

  func bytes(_ text: String) -> amqp_bytes_t {
    var text = text
    return text.withUTF8 { bytes(UnsafeRawBufferPointer($0)) }
  }

  func bytes(_ source: UnsafeRawBufferPointer) -> amqp_bytes_t {
    if source.isEmpty { return amqp_empty_bytes }
    let copy = allocate(source.count)
    copy.copyMemory(from: source.baseAddress!, byteCount: source.count)
    return amqp_bytes_t(len: source.count, bytes: copy)
  }

  func table(_ table: FieldTable) -> amqp_table_t {
    if table.isEmpty { return amqp_empty_table }
    let entries = allocate(table.count * MemoryLayout<amqp_table_entry_t>.stride)
      .bindMemory(to: amqp_table_entry_t.self, capacity: table.count)
    for (index, (name, value)) in table.enumerated() {
      (entries + index).initialize(to: amqp_table_entry_t(key: bytes(name), value: field(value)))
    }
    return amqp_table_t(num_entries: Int32(table.count), entries: entries)
  }

  private func array(_ values: [FieldValue]) -> amqp_array_t {
    if values.isEmpty { return amqp_array_t(num_entries: 0, entries: nil) }
    let entries = allocate(values.count * MemoryLayout<amqp_field_value_t>.stride)
      .bindMemory(to: amqp_field_value_t.self, capacity: values.count)
    for (index, value) in values.enumerated() { (entries + index).initialize(to: field(value)) }
    return amqp_array_t(num_entries: Int32(values.count), entries: entries)
  }

  private func field(_ value: FieldValue) -> amqp_field_value_t {
    var field = amqp_field_value_t()
    func set(_ kind: amqp_field_value_kind_t) { field.kind = UInt8(kind.rawValue) }
    switch value {
    case .string(let text):
      set(AMQP_FIELD_KIND_UTF8)
      field.value.bytes = bytes(text)
    case .int(let number):
      set(AMQP_FIELD_KIND_I64)
      field.value.i64 = number
    case .bool(let flag):
      set(AMQP_FIELD_KIND_BOOLEAN)
      field.value.boolean = flag ? 1 : 0
    case .double(let number):
      set(AMQP_FIELD_KIND_F64)
      field.value.f64 = number
    case .table(let nested):
      set(AMQP_FIELD_KIND_TABLE)
      field.value.table = table(nested)
    case .array(let values):
      set(AMQP_FIELD_KIND_ARRAY)
      field.value.array = array(values)
    case .bytes(let raw):
      set(AMQP_FIELD_KIND_BYTES)
      field.value.bytes = raw.withUnsafeBytes(bytes)
    case .timestamp(let seconds):
      set(AMQP_FIELD_KIND_TIMESTAMP)
      field.value.u64 = UInt64(bitPattern: seconds)
    case .void:
      set(AMQP_FIELD_KIND_VOID)
    }
    return field
  }

  private func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
    guard let memory = amqp_pool_alloc(pool, byteCount) else { fatalError("out of memory") }
    return memory
  }
}

// What the C library decoded lies in its own buffers until the next frame: these copy it out.

extension String {
  init(_ bytes: amqp_bytes_t) {
    self.init(decoding: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
  }
}

extension FieldValue {
  init(_ field: amqp_field_value_t) {
    let value = field.value
    switch amqp_field_value_kind_t(UInt32(field.kind)) {
    case AMQP_FIELD_KIND_BOOLEAN: self = .bool(value.boolean != 0)
    case AMQP_FIELD_KIND_I8: self = .int(Int64(value.i8))
    case AMQP_FIELD_KIND_U8: self = .int(Int64(value.u8))
    case AMQP_FIELD_KIND_I16: self = .int(Int64(value.i16))
    case AMQP_FIELD_KIND_U16: self = .int(Int64(value.u16))
    case AMQP_FIELD_KIND_I32: self = .int(Int64(value.i32))
    case AMQP_FIELD_KIND_U32: self = .int(Int64(value.u32))
    case AMQP_FIELD_KIND_I64: self = .int(value.i64)
    case AMQP_FIELD_KIND_U64: self = .int(Int64(bitPattern: value.u64))
    case AMQP_FIELD_KIND_F32: self = .double(Double(value.f32))
    case AMQP_FIELD_KIND_F64: self = .double(value.f64)
    case AMQP_FIELD_KIND_DECIMAL: self = .double(Self.double(value.decimal))
    case AMQP_FIELD_KIND_UTF8: self = Self.text(value.bytes)
    case AMQP_FIELD_KIND_BYTES: self = .bytes(Self.raw(value.bytes))
    case AMQP_FIELD_KIND_TIMESTAMP: self = .timestamp(Int64(bitPattern: value.u64))
    case AMQP_FIELD_KIND_TABLE: self = .table(FieldTable(value.table))
    case AMQP_FIELD_KIND_ARRAY:
      let entries = UnsafeBufferPointer(start: value.array.entries, count: Int(value.array.num_entries))
      self = .array(entries.map { FieldValue($0) })
    default: self = .void
    }
  }

  /// A long string may hold anything; what is not UTF-8 stays bytes.
  private static func text(_ bytes: amqp_bytes_t) -> FieldValue {
    let source = UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len)
    return String(validating: source, as: UTF8.self).map(FieldValue.string) ?? .bytes(Array(source))
  }

  private static func raw(_ bytes: amqp_bytes_t) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len))
  }

  private static func double(_ decimal: amqp_decimal_t) -> Double {
    (0..<decimal.decimals).reduce(Double(decimal.value)) { value, _ in value / 10 }
  }
}

extension FieldTable {
  init(_ table: amqp_table_t) {
    let entries = UnsafeBufferPointer(start: table.entries, count: Int(table.num_entries))
    self.init(entries.lazy.map { (String($0.key), FieldValue($0.value)) }, uniquingKeysWith: { _, last in last })
  }
}
