import Crypto
import Domain
import Glibc
import JSON
import Merkle
import Postgres
import Store
import TestSupport
import Testing

@testable import Maintenance

@Suite("Exports that prove themselves", .timeLimit(.minutes(3)))
struct ExportTests {
  @Test("a case's entries with their proofs are checked without the database", .database(from: Installation.template))
  func caseExport() async throws {
    try await AuditFixture.open { audit in
      let file = try TemporaryFolder()
      try await audit.append(0..<95)
      try await audit.seal()
      try await audit.append(95..<130)
      try await audit.seal()
      try await audit.append(130..<145)
      let count = try await audit.exporter.export(audit.acme, subject: AuditFixture.subject(4), to: file["case.json"])
      #expect(count == 13)
      let export = try AuditExport.read(file["case.json"])
      #expect(export.entries.count == 13)
      #expect(export.unsealedCount == 2)
      let signed = try export.check(trusted: [audit.key.publicKey])
      #expect(signed.size == 130)
      #expect(signed.origin == "pabean/live/acme")
      let numbers = try export.entries.map {
        try JSONParser.parse(Array($0.content.utf8))["data"]?["number"]?.integerValue
      }
      #expect(numbers == stride(from: 4, to: 130, by: 10).map { Int64($0) })
    }
  }

  @Test("the whole log is checked by its root", .database(from: Installation.template))
  func wholeExport() async throws {
    try await AuditFixture.open { audit in
      let file = try TemporaryFolder()
      try await audit.append(0..<23)
      try await audit.seal()
      #expect(try await audit.exporter.export(audit.acme, subject: nil, to: file["all.json"]) == 23)
      var export = try AuditExport.read(file["all.json"])
      #expect(try export.check(trusted: [audit.key.publicKey]).size == 23)
      export.entries.removeLast()
      #expect(throws: AuditExportFault.incomplete) { try export.check(trusted: [audit.key.publicKey]) }
    }
  }

  @Test("whatever is changed in an export, it proves nothing any more", .database(from: Installation.template))
  func changedExport() async throws {
    try await AuditFixture.open { audit in
      let file = try TemporaryFolder()
      try await audit.append(0..<40)
      try await audit.append(0..<10, of: audit.other)
      try await audit.seal()
      _ = try await audit.exporter.export(audit.acme, subject: AuditFixture.subject(4), to: file["case.json"])
      let export = try AuditExport.read(file["case.json"])
      let keys = [audit.key.publicKey]
      func fault(_ change: (inout AuditExport) -> Void) -> AuditExportFault? {
        var changed = export
        change(&changed)
        do throws(AuditExportFault) {
          _ = try changed.check(trusted: keys)
          return nil
        } catch {
          return error
        }
      }
      #expect(fault { _ in } == nil)
      #expect(fault { $0.entries[1].content = $0.entries[1].content.replacing("ana", with: "eve") } == .notProved(14))
      #expect(fault { $0.entries[1].index = 15 } == .notProved(15))
      #expect(fault { $0.entries[1].proof?[0] = MerkleHash.leaf("x") } == .notProved(14))
      #expect(fault { $0.entries[1].proof = nil } == .notProved(14))
      #expect(fault { $0.entries[1] = $0.entries[0] } == .notInOrder(4))
      #expect(fault { $0.subject = AuditFixture.subject(5) } == .foreign(4))
      #expect(fault { $0.tenant = audit.other } == .checkpoint(.unknownKey(["pabean/live/acme+\(keyID(export))"])))
      #expect(
        fault { $0.checkpoint = $0.checkpoint.replacing("\n40\n", with: "\n41\n") } == .checkpoint(.invalidSignature))
      // The key inside is for convenience; anyone could put in another with which all is well.
      let stranger = Ed25519PrivateKey.generate().publicKey
      #expect(throws: AuditExportFault.self) { try export.check(trusted: [stranger]) }
    }
  }

  private func keyID(_ export: AuditExport) -> String {
    let note = try? SignedNote(parsing: export.checkpoint)
    return Hex.encode(note?.signatures.first?.keyID ?? [])
  }

  @Test(
    "a program in another language, which knows the format alone, comes to the same verdicts",
    .database(from: Installation.template))
  func independentVerifier() async throws {
    try await AuditFixture.open { audit in
      let file = try TemporaryFolder()
      try await audit.append(0..<77)
      try await audit.seal()
      _ = try await audit.exporter.export(audit.acme, subject: AuditFixture.subject(7), to: file["case.json"])
      _ = try await audit.exporter.export(audit.acme, subject: nil, to: file["all.json"])
      let script = "\(Repository.root)/Tests/MaintenanceTests/Verifier/verify_export.py"
      for name in ["case.json", "all.json"] {
        let result = try await Subprocess.run("/usr/bin/python3", [script, file[name]])
        #expect(result.stdout == "ok pabean/live/acme 77 \(name == "all.json" ? 77 : 7)\n", "\(result)")
      }
      let text = String(decoding: try AuditFile.bytes(file["case.json"]), as: UTF8.self)
      try AuditFile.create(file["bad.json"], mode: 0o600, content: text.replacing("case-opened", with: "case-closed"))
      let result = try await Subprocess.run("/usr/bin/python3", [script, file["bad.json"]])
      #expect(!result.succeeded)
      #expect(result.stdout == "")
    }
  }

  @Test("a log that was changed is not exported as if it were proved", .database(from: Installation.template))
  func changedLog() async throws {
    try await AuditFixture.open { audit in
      let file = try TemporaryFolder()
      try await audit.append(0..<10)
      try await audit.seal()
      try await audit.tamper("UPDATE audit_leaf SET leaf_hash = sha256('x') WHERE leaf_index = 2")
      await #expect(throws: AuditExporter.Failure.notIntact) {
        try await audit.exporter.export(audit.acme, subject: AuditFixture.subject(4), to: file["case.json"])
      }
      await #expect(throws: AuditExporter.Failure.noEntries(AuditFixture.subject(99))) {
        try await audit.exporter.export(audit.acme, subject: AuditFixture.subject(99), to: file["case.json"])
      }
      await #expect(throws: AuditExporter.Failure.nothingSealed(audit.other)) {
        try await audit.exporter.export(audit.other, subject: nil, to: file["case.json"])
      }
      #expect(access(file["case.json"], F_OK) != 0)
    }
  }
}

/// Gone with the value.
final class TemporaryFolder {
  private let path: String

  init() throws {
    var template = Array("/tmp/pabean-audit-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw AuditFileError.unwritable("/tmp", errno: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    guard let directory = opendir(path) else { return }
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      unlink("\(path)/\(name)")
    }
    closedir(directory)
    rmdir(path)
  }

  subscript(name: String) -> String { "\(path)/\(name)" }
}
