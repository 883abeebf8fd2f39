import ClassifierEngine

/// `pabean train`: fits the classifier's confidence to the knowledge as it is now.
enum TrainCommand {
  static let command = Command(
    "train", "Fit the classifier's confidence to the knowledge", group: .installation,
    options: [Option("out", "FILE", "write it there; calibration.txt beside the knowledge when absent")],
    notes: """
      Halves of the knowledge are read by models built from the other half, plain and distorted; what they get right
      says how far a ranking is to be trusted. The same knowledge gives the same file. Nothing else needs training:
      the model itself is built from the knowledge at each start.
      """
  ) { arguments, console in
    let (directory, knowledge) = try ClassifierFiles.knowledge()
    let path = arguments["out"] ?? "\(directory)/calibration.txt"
    try LocalFile.write(knowledge.fittedCalibration(), to: path)
    console.line("Fitted to \(knowledge.topics.count) codes and written to \(path).")
    return .success
  }
}
