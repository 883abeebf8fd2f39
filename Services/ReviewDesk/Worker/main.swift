import ComplianceScreeningEngine
import Configuration
import WorkerRuntime

await ServiceProcess(name: "pabean-review-desk").run({ reader in
  reader.optional("PABEAN_DATA", .string, "the folder of reference data and knowledge")
}) { context, dataFolder in
  let reference = try CodeReference(ReferenceFolder(DataFolder(configured: dataFolder).reference))
  return try ReviewDesk(context, reference).service
}
