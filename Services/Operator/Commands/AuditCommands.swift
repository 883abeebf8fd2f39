import Crypto
import Domain
import Maintenance
import Merkle

/// `pabean audit …`: the key that seals the log, and what the log proves.
enum AuditCommands {
  private static let publicKey = Option(
    "public-key", "FILE", "whom to trust: the public key that sealed, or several", repeats: true)

  static let key = Command(
    "audit key", "Make the key that seals the audit log", group: .installation,
    operands: [Operand("create", "what to do with it"), Operand("FILE", "the new file, for PABEAN_AUDIT_KEY")],
    notes: """
      The private key is readable by its owner alone and belongs in no database and no backup of one. FILE.pub is for
      everyone who verifies: keep a copy where nobody who can change the database can change it.
      """
  ) { arguments, console in
    guard arguments.operands[0] == "create" else {
      throw UsageError("'\(arguments.operands[0])' is not possible; 'create' is", command: "audit key")
    }
    let path = arguments.operands[1]
    do throws(AuditFileError) {
      _ = try AuditKeyFile.create(at: path)
    } catch {
      throw Failure("\(error)", remedy: "a key is never replaced; give another name")
    }
    console.line("\(path)      seals: for PABEAN_AUDIT_KEY of 'pabean maintain'")
    console.line("\(path).pub  verifies: for 'pabean audit verify --public-key'")
    return .success
  }

  static let verify = Command(
    "audit verify", "Recompute the audit log and compare it with what was sealed", group: .repair,
    options: [
      .tenant, publicKey,
      Option("checkpoint", "FILE", "a checkpoint that was kept elsewhere, to find out a log that was cut or forged"),
      Option("save", "FILE", "write the newest checkpoint there, to be kept elsewhere"),
    ],
    notes: "Ends with 1 when something was changed, removed, inserted, reordered or moved. --save needs one tenant."
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let keys = try publicKeys(arguments)
    return try await settings.withDatabase { pool in
      let verifier = AuditVerifier(pool: pool, environment: settings.environment, trusted: keys)
      let tenants = try arguments["tenant"].map { [try tenant($0)] }
      var isIntact = true
      let all = if let tenants { tenants } else { try await verifier.tenants() }
      for tenant in all {
        let report = try await verifier.verify(
          tenant, against: try arguments["checkpoint"].map { try AuditVerifier.keptCheckpoint(at: $0) })
        console.line("\(report)")
        isIntact = isIntact && report.isIntact
        if let path = arguments["save"], report.isIntact, all.count == 1 { try report.saveHead(to: path) }
      }
      return isIntact ? .success : .failure
    }
  }

  static let export = Command(
    "audit export", "Write sealed entries with what proves them", group: .repair,
    options: [
      Option("tenant", "SLUG", "whose", isRequired: true),
      Option("case", "ID", "the case, or shipment; without it the whole log"),
      Option("out", "FILE", "where to write", isRequired: true),
    ],
    notes: "Whoever has the public key checks the file without the database: 'pabean audit check'."
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let subject = try arguments["case"].map { text throws(UsageError) in
      guard let id = UniqueID(text) else { throw UsageError("'\(text)' is not an id", command: "audit export") }
      return id
    }
    let tenant = try tenant(arguments.required("tenant"))
    let path = arguments.required("out")
    let count = try await settings.withDatabase { pool in
      try await AuditExporter(pool: pool, environment: settings.environment).export(tenant, subject: subject, to: path)
    }
    console.line("\(path): \(count) entries")
    return .success
  }

  static let check = Command(
    "audit check", "Check an export, without any database", group: .repair,
    operands: [Operand("FILE", "what 'pabean audit export' wrote")],
    options: [
      Option("public-key", "FILE", "whom to trust: the public key that sealed", isRequired: true, repeats: true)
    ]
  ) { arguments, console in
    let path = arguments.operands[0]
    let export = try AuditExport.read(path)
    let keys = try publicKeys(arguments)
    do throws(AuditExportFault) {
      let signed = try export.check(trusted: keys)
      console.line("\(path): \(export.entries.count) entries are as they were sealed in \(signed.origin)")
      console.line("  the log had \(signed.size) entries and the root \(signed.root)")
      if export.unsealedCount > 0 { console.line("  \(export.unsealedCount) entries were too new to be in it") }
      return .success
    } catch {
      console.complain("\(path) proves nothing: \(error)")
      return .failure
    }
  }

  private static func publicKeys(_ arguments: Arguments) throws -> [Ed25519PublicKey] {
    try arguments.list("public-key").map { try AuditKeyFile.publicKey(at: $0) }
  }

  private static func tenant(_ text: String) throws(UsageError) -> TenantID {
    guard let tenant = TenantID(text) else { throw UsageError("'\(text)' is not a tenant's name") }
    return tenant
  }
}
