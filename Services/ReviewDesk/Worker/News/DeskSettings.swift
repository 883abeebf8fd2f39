import Configuration
import Mail

/// What the desk reads beside the settings of every service: whether it writes letters, where it is found, and by which
/// provider people may sign in.
struct DeskSettings: Sendable {
  var dataFolder: String?
  /// Without a trailing slash.
  var publicAddress: String?
  var mail: MailSettings?
  /// Absent where nobody signs in by a provider.
  var provider: ProviderSettings?

  static func read(_ reader: inout ConfigurationReader) -> DeskSettings {
    let dataFolder = reader.optional("PABEAN_DATA", .string, "the folder of reference data and knowledge")
    let address = reader.optional(
      "PABEAN_PUBLIC_URL", .url(schemes: ["http", "https"]), "the address of the desk, for links in letters and news")
    let relay = reader.optional(
      "PABEAN_SMTP_URL", .mailRelay, "the mail server, as smtp://user:password@host:587 (or smtps://, smtp+plain://)")
    let sender = reader.optional("PABEAN_MAIL_FROM", .mailAddress, "the address that letters come from")
    let authorities = reader.optional(
      "PABEAN_SMTP_CA", .string, "a PEM file of the authorities that the mail server's certificate may come from")
    if relay != nil, sender == nil {
      reader.refuse("PABEAN_MAIL_FROM", "is not set, but PABEAN_SMTP_URL is", remedy: "set it like desk@example.com")
    }
    let mail = relay.flatMap { relay in
      sender.map { MailSettings(relay: relay, sender: $0, certificateAuthorities: authorities) }
    }
    let publicAddress = address.map { String($0.text.reversed().drop { $0 == "/" }.reversed()) }
    return DeskSettings(
      dataFolder: dataFolder, publicAddress: publicAddress, mail: mail,
      provider: ProviderSettings.read(&reader, publicAddress: publicAddress))
  }
}

struct MailSettings: Sendable {
  var relay: MailRelay
  var sender: MailAddress
  var certificateAuthorities: String?
}

extension SettingType where Value == MailRelay {
  static var mailRelay: Self {
    guard let placeholder = MailRelay("smtp+plain://localhost") else { preconditionFailure("a mail server") }
    return SettingType(
      expectation: "smtp://, smtps:// or smtp+plain://, with a user and a password only where there is TLS",
      placeholder: placeholder, isSecret: true, parse: { MailRelay($0) })
  }
}

extension SettingType where Value == MailAddress {
  static var mailAddress: Self {
    guard let placeholder = MailAddress("desk@localhost") else { preconditionFailure("an address") }
    return SettingType(
      expectation: "an e-mail address", placeholder: placeholder, parse: { MailAddress($0) })
  }
}
