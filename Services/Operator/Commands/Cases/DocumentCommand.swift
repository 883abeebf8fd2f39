import Domain
import Glibc
import Postgres
import Store

enum DocumentCommand {
  static let save = Command(
    "document save", "Write the documents of a shipment or a case to files", group: .work,
    options: [
      Option("shipment", "REFERENCE", "the invoice and packing list of a shipment"),
      Option("case", "ID", "the decision record of a case"), Option("to", "FOLDER", "where to; here when absent"),
      .tenant,
    ]
  ) { arguments, console in
    guard arguments.has("shipment") != arguments.has("case") else {
      throw UsageError("name either --shipment REFERENCE or --case ID", command: "document save")
    }
    let settings = try OperatorSettings.load()
    let documents = try await settings.withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      return try await pool.transaction(as: tenant, readOnly: true) { tx in
        let subject = try subject(arguments, tx)
        return try (DocumentStore.list(of: [subject], tx)[subject] ?? []).compactMap {
          try DocumentStore.find($0.id, tx)
        }
      }
    }
    guard !documents.isEmpty else {
      throw Failure("no documents are issued yet", remedy: "a shipment is documented once all its lines are cleared")
    }
    let folder = arguments["to"] ?? "."
    try LocalFile.makeFolder(folder)
    for document in documents {
      let path = "\(folder)/\(safe(document.name))"
      try LocalFile.write(document.bytes, to: path)
      console.line(path)
    }
    return .success
  }

  private static func subject(_ arguments: Arguments, _ tx: borrowing Transaction) throws -> UniqueID {
    if let reference = arguments["shipment"] {
      guard let id = try ShipmentStore.find(reference: reference, tx) else {
        throw Failure("there is no shipment '\(reference)'")
      }
      return id.value
    }
    guard let id = CaseID(arguments["case"] ?? "") else { throw UsageError("--case needs the id of a case") }
    return id.value
  }

  /// A reference may hold anything; a file's name may not.
  private static func safe(_ name: String) -> String {
    let clean = String(name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" })
    return clean.hasPrefix(".") ? "_" + clean : clean
  }
}
