import ClassifierEngine

/// `pabean train`: learns a tenant's precedents, or fits the classifier's confidence to the knowledge as it is now.
enum TrainCommand {
  static let command = Command(
    "train", "Learn a tenant's precedents, or fit the confidence to the knowledge", group: .installation,
    options: [
      Option("tenant", "SLUG", "learn the precedents of this tenant"),
      Option("beside", nil, "with --tenant: let it answer beside the one in force, to be compared"),
      Option("out", "FILE", "without --tenant: write the fitted confidence there, not beside the knowledge"), .actor,
    ],
    notes: """
      With --tenant, a classifier learns from the tenant's precedents on top of the knowledge. The newest fifth is held
      back; only if it gets more of them right than the classifier in force does it answer from then on, in every
      worker, without a restart. 'pabean models list' shows all; 'pabean models use' goes back.

      Without, the confidence is fitted to the knowledge, with no server.
      Halves of the knowledge are read by models built from the other half, plain and distorted; what they get right
      says how far a ranking is to be trusted. The same knowledge gives the same file. Nothing else needs training:
      the model itself is built from the knowledge at each start.
      """
  ) { arguments, console in
    if arguments.has("tenant") {
      if arguments.has("out") { throw UsageError("--out and --tenant exclude each other", command: "train") }
      return try await ModelCommands.train(arguments, console)
    }
    if arguments.has("beside") { throw UsageError("--beside needs --tenant", command: "train") }
    let (directory, knowledge) = try ClassifierFiles.knowledge()
    let path = arguments["out"] ?? "\(directory)/calibration.txt"
    try LocalFile.write(knowledge.fittedCalibration(), to: path)
    console.line("Fitted to \(knowledge.topics.count) codes and written to \(path).")
    return .success
  }
}
