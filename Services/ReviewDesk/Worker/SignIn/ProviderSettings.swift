import Configuration
import Domain
import ReviewDeskEngine

/// How people sign in by a provider of their organisation. Absent unless it is configured.
struct ProviderSettings: Sendable {
  static let callbackPath = "/sign-in/provider/callback"

  var issuer: String
  var clientID: String
  var secret: Secret
  /// Whose people the provider speaks for: it says nothing about anybody else's.
  var tenants: Set<TenantID>
  /// Where the provider sends browsers back to, as it is registered there.
  var callback: String

  /// - Parameter publicAddress: of the desk, without a trailing slash.
  static func read(_ reader: inout ConfigurationReader, publicAddress: String?) -> ProviderSettings? {
    let issuer = reader.optional(
      "PABEAN_OIDC_ISSUER", .url(schemes: ["https", "http"]), "the OpenID Connect provider that people may sign in by")
    let (id, secret, tenants) = (
      "how the provider knows the desk", "what the desk shows the provider",
      "the tenants whose people the provider speaks for"
    )
    guard let issuer else {
      // Without a provider they are not needed, and whoever sets them means one.
      let isGiven = [
        "CLIENT_ID": reader.optional("PABEAN_OIDC_CLIENT_ID", .string, id) != nil,
        "CLIENT_SECRET": reader.optional("PABEAN_OIDC_CLIENT_SECRET", .secret, secret) != nil,
        "TENANTS": reader.optional("PABEAN_OIDC_TENANTS", .list(of: .tenant), tenants) != nil,
      ]
      for name in isGiven.filter(\.value).keys.sorted() {
        reader.refuse(
          "PABEAN_OIDC_\(name)", "says nothing without PABEAN_OIDC_ISSUER",
          remedy: "set PABEAN_OIDC_ISSUER to the provider's address, or remove it")
      }
      return nil
    }
    let settings = ProviderSettings(
      issuer: issuer.text, clientID: reader.required("PABEAN_OIDC_CLIENT_ID", .string, id),
      secret: reader.required("PABEAN_OIDC_CLIENT_SECRET", .secret, secret),
      tenants: Set(reader.required("PABEAN_OIDC_TENANTS", .list(of: .tenant), tenants)),
      callback: (publicAddress ?? "") + callbackPath)
    requireSecure(issuer.text, "PABEAN_OIDC_ISSUER", &reader)
    if let publicAddress {
      requireSecure(publicAddress, "PABEAN_PUBLIC_URL", &reader)
    } else {
      reader.refuse(
        "PABEAN_PUBLIC_URL", "is not set, but PABEAN_OIDC_ISSUER is",
        remedy: "set it to the address of the desk, to which the provider sends browsers back")
    }
    return settings
  }

  private static func requireSecure(_ address: String?, _ name: String, _ reader: inout ConfigurationReader) {
    guard let address, !SecureAddress.allows(address) else { return }
    reader.refuse(
      name, "carries secrets in the clear", remedy: "use https, or http on this machine, and no user in the address")
  }
}

extension SettingType where Value == TenantID {
  static var tenant: Self {
    guard let placeholder = TenantID("tenant") else { preconditionFailure("a tenant") }
    return SettingType(expectation: "a tenant's short name", placeholder: placeholder, parse: { TenantID($0) })
  }
}
