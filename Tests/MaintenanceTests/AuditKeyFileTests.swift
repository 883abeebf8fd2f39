import Crypto
import Glibc
import TestSupport
import Testing

@testable import Maintenance

@Suite("The key that seals")
struct AuditKeyFileTests {
  @Test("a new key is its owner's alone, and its public half is beside it")
  func create() throws {
    let folder = try TemporaryFolder()
    let publicKey = try AuditKeyFile.create(at: folder["key"])
    #expect(try mode(folder["key"]) == 0o600)
    #expect(try mode(folder["key.pub"]) == 0o644)
    #expect(try AuditKeyFile.privateKey(at: folder["key"]).publicKey == publicKey)
    #expect(try AuditKeyFile.publicKey(at: folder["key.pub"]) == publicKey)
  }

  @Test("a key is never replaced")
  func exclusive() throws {
    let folder = try TemporaryFolder()
    let publicKey = try AuditKeyFile.create(at: folder["key"])
    #expect(throws: AuditFileError.unwritable(folder["key"], errno: EEXIST)) {
      try AuditKeyFile.create(at: folder["key"])
    }
    #expect(try AuditKeyFile.publicKey(at: folder["key.pub"]) == publicKey)
  }

  @Test("a key that everyone can read is not used")
  func tooOpen() throws {
    let folder = try TemporaryFolder()
    _ = try AuditKeyFile.create(at: folder["key"])
    chmod(folder["key"], 0o644)
    #expect(throws: AuditFileError.open(folder["key"])) { try AuditKeyFile.privateKey(at: folder["key"]) }
    // As a container gets its secrets.
    chmod(folder["key"], 0o440)
    _ = try AuditKeyFile.privateKey(at: folder["key"])
  }

  @Test("the key that secrets.sh invents is one, and is invented once")
  func inventedForContainers() async throws {
    let folder = try TemporaryFolder()
    func invent() async throws -> Ed25519PublicKey {
      let run = try await Subprocess.run("\(Repository.root)/infra/docker/secrets.sh", [folder["secrets"]])
      #expect(run.succeeded, "\(run)")
      chmod(folder["secrets/audit_key"], 0o440)
      let key = try AuditKeyFile.privateKey(at: folder["secrets/audit_key"]).publicKey
      #expect(try AuditKeyFile.publicKey(at: folder["secrets/audit_key.pub"]) == key)
      return key
    }
    #expect(try await invent() == invent())
  }

  @Test("what is no key is named")
  func notAKey() throws {
    let folder = try TemporaryFolder()
    try AuditFile.create(folder["key"], mode: 0o600, content: "hello\n")
    #expect(throws: AuditFileError.notAKey(folder["key"])) { try AuditKeyFile.privateKey(at: folder["key"]) }
    #expect(throws: AuditFileError.notAKey(folder["key"])) { try AuditKeyFile.publicKey(at: folder["key"]) }
    #expect(throws: AuditFileError.unreadable(folder["none"], errno: ENOENT)) {
      try AuditKeyFile.privateKey(at: folder["none"])
    }
  }

  private func mode(_ path: String) throws -> mode_t {
    var status = stat()
    guard stat(path, &status) == 0 else { throw AuditFileError.unreadable(path, errno: errno) }
    return status.st_mode & 0o777
  }
}
