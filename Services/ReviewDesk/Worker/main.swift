import ComplianceScreeningEngine
import WorkerRuntime

await ServiceProcess(name: "pabean-review-desk").run({ reader in DeskSettings.read(&reader) }) { context, settings in
  let data = try DataFolder(configured: settings.dataFolder)
  let controls = try ControlsInForce(ReferenceFolder(data.reference))
  return try ReviewDesk(context, settings, controls: controls, data: data).service
}
