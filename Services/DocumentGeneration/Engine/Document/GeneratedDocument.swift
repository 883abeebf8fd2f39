import Crypto

/// A finished file and its hash.
public struct GeneratedDocument: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable { case commercialInvoice, packingList }
  public enum Format: String, Sendable, CaseIterable { case pdf, json }

  public let kind: Kind
  public let format: Format
  public let name: String
  public let bytes: [UInt8]
  /// In lower-case hexadecimal.
  public let sha256: String

  public var mediaType: String {
    switch format {
    case .pdf: "application/pdf"
    case .json: "application/json"
    }
  }

  init(kind: Kind, format: Format, number: String, bytes: [UInt8]) {
    self.kind = kind
    self.format = format
    self.name = "\(kind.fileStem)-\(GeneratedDocument.fileSafe(number)).\(format.rawValue)"
    self.bytes = bytes
    self.sha256 = SHA256.hash(bytes).hex
  }

  /// A number such as `INV/2026/7` must not name a folder.
  private static func fileSafe(_ number: String) -> String {
    String(number.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "-" })
  }
}

extension GeneratedDocument.Kind {
  var title: String {
    switch self {
    case .commercialInvoice: "Commercial invoice"
    case .packingList: "Packing list"
    }
  }

  var fileStem: String {
    switch self {
    case .commercialInvoice: "commercial-invoice"
    case .packingList: "packing-list"
    }
  }
}
