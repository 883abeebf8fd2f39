import JSON

/// An ISO 4217 code that is in use.
public struct CurrencyCode: Hashable, Sendable, CustomStringConvertible {
  public let code: String

  public init?(_ text: String) {
    guard CurrencyCode.active.contains(text) else { return nil }
    code = text
  }

  public var description: String { code }

  public var minorUnitDigits: Int {
    if CurrencyCode.withoutMinorUnit.contains(code) { return 0 }
    return CurrencyCode.withThreeDigits.contains(code) ? 3 : 2
  }

  private static let withoutMinorUnit: Set<String> = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
    "XPF",
  ]
  private static let withThreeDigits: Set<String> = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
  private static let active: Set<String> = Set(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC
    CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR
    ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
    MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE
    SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER
    ZAR ZMW ZWG
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}

extension CurrencyCode: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self = try json.decode("an ISO 4217 currency such as USD") { $0.stringValue.flatMap { CurrencyCode($0) } }
  }

  public var json: JSONValue { .string(code) }
}
