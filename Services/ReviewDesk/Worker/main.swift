import WorkerRuntime

await ServiceProcess(name: "pabean-review-desk").run({ _ in }) { context, _ in
  try ReviewDesk(context).service
}
