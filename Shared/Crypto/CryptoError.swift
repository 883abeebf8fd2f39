/// Why a key could not be made from what was given. Operations on a key that exists do not fail.
public enum CryptoError: Error, Hashable, Sendable {
  case invalidKey(String)
}
