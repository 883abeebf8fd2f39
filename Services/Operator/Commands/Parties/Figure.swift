import JSON

/// A measured number, written with as many decimals as it is good for.
enum Figure {
  static func json(_ value: Double, decimals: Int = 4) -> JSONValue { .number(text(value, decimals: decimals)) }

  static func text(_ value: Double, decimals: Int = 4) -> String {
    var unit = 1.0
    for _ in 0..<decimals { unit *= 10 }
    let digits = String(Int((abs(value) * unit).rounded()))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
    let sign = value < 0 && digits.contains(where: { $0 != "0" }) ? "-" : ""
    return decimals == 0 ? sign + padded : "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
  }
}
