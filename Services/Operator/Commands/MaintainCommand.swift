import Maintenance

/// `pabean maintain`: the service beside the stages. It reads its environment as the workers do.
enum MaintainCommand {
  static let command = Command(
    "maintain", "Send what was left, seal the audit log, gather parked messages", group: .installation,
    options: [
      Option("check", nil, "only check the configuration"),
      Option("print-config", nil, "print the configuration without its secrets"),
    ],
    notes: """
      Runs until it is told to stop; any number may run. PABEAN_AUDIT_KEY names the file of the key that seals the
      audit log ('pabean audit key create FILE'); without it the log is not sealed.
      """, isLongRunning: true
  ) { arguments, _ in
    await MaintenanceService.runProcess(
      arguments: ["check", "print-config"].filter { arguments.has($0) }.map { "--\($0)" })
  }
}
