import Crypto

/// The key that seals the audit log, in a file and nowhere else: whoever can change the database cannot sign.
public enum AuditKeyFile {
  /// Makes a new key. The public one, for those who verify, gets the same name with `.pub`.
  public static func create(at path: String) throws(AuditFileError) -> Ed25519PublicKey {
    let key = Ed25519PrivateKey.generate()
    try AuditFile.create(path, mode: 0o600, content: key.pem)
    try AuditFile.create("\(path).pub", mode: 0o644, content: key.publicKey.pem)
    return key.publicKey
  }

  public static func privateKey(at path: String) throws(AuditFileError) -> Ed25519PrivateKey {
    // Where a container's secrets are mounted there are no others, and nobody can choose the owner.
    if !path.hasPrefix("/run/secrets/"), try AuditFile.isOpenToOthers(path) { throw .open(path) }
    let pem = try AuditFile.text(path)
    do throws(CryptoError) {
      return try Ed25519PrivateKey(pem: pem)
    } catch {
      throw .notAKey(path)
    }
  }

  public static func publicKey(at path: String) throws(AuditFileError) -> Ed25519PublicKey {
    let pem = try AuditFile.text(path)
    do throws(CryptoError) {
      return try Ed25519PublicKey(pem: pem)
    } catch {
      throw .notAKey(path)
    }
  }
}
