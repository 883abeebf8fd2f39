/// What the classifier reads beside the settings of every worker.
struct ClassifierSettings: Sendable {
  var dataFolder: String?
  var opinions: SecondOpinions.Settings?
}
