import ComplianceScreeningEngine
import Configuration
import WorkerRuntime

await ServiceProcess(name: "pabean-compliance-screening").run({ reader in
  reader.optional("PABEAN_DATA", .string, "the folder of reference data and knowledge")
}) { context, dataFolder in
  let data = try DataFolder(configured: dataFolder)
  let controls = try Controls(reference: ReferenceFolder(data.reference))
  let rescreening = ListRescreening(
    pool: context.pool, controls: controls, log: context.log, metrics: context.metrics)
  let learning = RiskLearning(pool: context.pool, log: context.log)
  return try StageWorker.service(
    ScreeningHandler(controls: controls), context,
    alongside: {
      async let learned: Void = learning.run()
      await rescreening.run()
      await learned
    })
}
