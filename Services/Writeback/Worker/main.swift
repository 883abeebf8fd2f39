import HTTP
import Observability
import WorkerRuntime
import WritebackEngine

await ServiceProcess(name: "pabean-writeback").run({ reader in WritebackSettings.read(&reader) }) { context, settings in
  let carrier = Carrier(
    client: HTTPClient(policy: .allowing(settings.allowedNetworks)), publisher: context.publisher,
    fileDrop: settings.fileDropFolder.map { FileDropFolder(path: $0) })
  let handler = WritebackHandler(
    carrier: carrier, ladder: DeliveryLadder(), documentAddress: settings.documentAddress)
  let retries = DeliveryRetries(
    pool: context.pool, carrier: carrier, ladder: DeliveryLadder(), documentAddress: settings.documentAddress,
    deliveries: context.metrics.counter(
      "pabean_webhook_deliveries_total", "Deliveries tried again.", labels: ["outcome"]),
    log: context.log)
  return try StageWorker.service(handler, context, alongside: { await retries.run() })
}
