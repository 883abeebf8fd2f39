import WorkerRuntime

await ServiceProcess(name: "pabean-review-desk").run({ reader in DeskSettings.read(&reader) }) { context, settings in
  try ReviewDesk(context, settings).service
}
