/// Decodes the chunked transfer coding (RFC 9112, section 7.1), strictly: no extensions, no trailers.
struct ChunkedBody {
  private enum State {
    case size(digits: Int, value: Int)
    /// Between the size and its newline.
    case sizeNewline(size: Int)
    case data(remaining: Int)
    case dataReturn
    case dataNewline
    case lastReturn
    case lastNewline
    case complete
  }

  /// More would not fit any limit.
  private static let sizeDigitsMax = 8

  private var state = State.size(digits: 0, value: 0)

  var isComplete: Bool {
    if case .complete = state { true } else { false }
  }

  /// Appends the data in the bytes to the body and returns how many bytes belonged to the body.
  mutating func decode(
    _ bytes: ArraySlice<UInt8>, into body: inout [UInt8], limit: Int
  ) throws(Rejection) -> Int {
    var index = bytes.startIndex
    while index < bytes.endIndex, !isComplete {
      if case .data(let remaining) = state {
        let count = min(remaining, bytes.endIndex - index)
        body.append(contentsOf: bytes[index..<index + count])
        index += count
        state = count == remaining ? .dataReturn : .data(remaining: remaining - count)
      } else {
        try advance(bytes[index], room: limit - body.count)
        index += 1
      }
    }
    return index - bytes.startIndex
  }

  private mutating func advance(_ byte: UInt8, room: Int) throws(Rejection) {
    let isReturn = byte == UInt8(ascii: "\r")
    let isNewline = byte == UInt8(ascii: "\n")
    switch state {
    case .size(let digits, let value):
      if let digit = byte.hexDigitValue, digits < Self.sizeDigitsMax {
        state = .size(digits: digits + 1, value: value << 4 | Int(digit))
      } else if isReturn && digits > 0 {
        guard value <= room else { throw Rejection.bodyTooLarge }
        state = .sizeNewline(size: value)
      } else {
        throw .badRequest("The size of a chunk must be a short hexadecimal number without extensions.")
      }
    case .sizeNewline(let size) where isNewline: state = size == 0 ? .lastReturn : .data(remaining: size)
    case .dataReturn where isReturn: state = .dataNewline
    case .dataNewline where isNewline: state = .size(digits: 0, value: 0)
    case .lastReturn where isReturn: state = .lastNewline
    case .lastNewline where isNewline: state = .complete
    default: throw .badRequest("A chunk must end in a newline, and the last one must have no trailers.")
    }
  }
}

extension Rejection {
  static let bodyTooLarge = Rejection(status: 413, detail: "The body is larger than is accepted here.")
}
