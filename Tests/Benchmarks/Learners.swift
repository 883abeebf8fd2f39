import ClassifierEngine
import Domain
import FoundationEssentials
import Glibc
import JSON
import TestSupport

/// The classifier beside fastText and a linear support vector machine. All learn from the same names and examples of the
/// codes that e-commerce lives on, and are asked for the same held-back examples.
struct Learners: Sendable {
  private struct Learnt {
    var name: String
    var rightShare: Double
    /// One core's.
    var perSecond: Double
    var trainingSeconds: Double

    var text: String {
      "\(Report.text(rightShare * 100)) % right, \(Report.text(perSecond))/s, learnt in \(Report.text(trainingSeconds)) s"
    }
  }

  private let folder: String
  private let environment: PeerEnvironment
  private let market: Market
  private let examples: HeldOutExamples

  init(folder: String, environment: PeerEnvironment) throws {
    self.folder = folder
    self.environment = environment
    let knowledge = try Knowledge.load(directory: "\(Repository.root)/Services/Classifier/Knowledge")
    guard let market = Market("SG") else { throw Unmeasurable("no market") }
    self.market = market
    examples = HeldOutExamples(knowledge, every: 10, examplesMin: 40, market: market)
  }

  func measure(_ report: inout Report) async throws {
    mkdir("\(folder)/learners", 0o755)
    try write(trainingLines, to: trainingFile)
    try write(askedLines, to: askedFile)
    note("\(examples.training.topics.count) codes, \(examples.listings.count) held-back examples")
    let ours = own()
    note("ours: \(ours.text)")
    for peer in [fastText, supportVectorMachine] {
      do {
        compare(ours, try await peer(), &report)
      } catch {
        note("a peer could not be measured: \(error)")
      }
    }
  }

  private func compare(_ ours: Learnt, _ peer: Learnt, _ report: inout Report) {
    note("\(peer.name): \(peer.text)")
    report.add("classifier, first right", ours.rightShare * 100, "%", against: peer.name, peer.rightShare * 100)
    report.add("classifier, listings", ours.perSecond, "/s", against: peer.name, peer.perSecond)
    report.add("classifier, training", ours.trainingSeconds, "s", against: peer.name, peer.trainingSeconds)
  }

  // MARK: Ourselves

  private func own() -> Learnt {
    let start = ProcessUsage.processorSeconds(getpid()) ?? 0
    let model = ClassificationModel(knowledge: examples.training)
    let trained = (ProcessUsage.processorSeconds(getpid()) ?? 0) - start
    let evaluation = Evaluation(model: model, items: examples.listings, market: market)
    return Learnt(
      name: "ours", rightShare: evaluation.accuracy[6]?.top1 ?? 0, perSecond: evaluation.itemsPerSecond,
      trainingSeconds: trained)
  }

  // MARK: fastText

  private func fastText() async throws -> Learnt {
    let model = "\(folder)/learners/model"
    let training = try await timed(
      "fasttext",
      [
        "supervised", "-input", trainingFile, "-output", model, "-dim", "64", "-epoch", "25", "-lr", "0.5",
        "-wordNgrams", "2", "-minn", "2", "-maxn", "4", "-bucket", "500000", "-thread", "1",
      ])
    let one = "\(folder)/learners/one.txt"
    try write(Array(askedLines.prefix(1)), to: one)
    let loading = try await timed("fasttext", ["predict", "\(model).bin", one])
    let asking = try await timed("fasttext", ["predict", "\(model).bin", askedFile])
    let answers = asking.output.split(separator: "\n")
    let right = zip(answers, examples.listings).count { $0 == "__label__\($1.code.digits)" }
    return Learnt(
      name: "fastText", rightShare: Double(right) / Double(examples.listings.count),
      perSecond: Double(examples.listings.count) / max(asking.seconds - loading.seconds, 0.001),
      trainingSeconds: training.seconds)
  }

  /// The processor time of a program and its output.
  private func timed(_ program: String, _ arguments: [String]) async throws -> (seconds: Double, output: String) {
    let before = Learners.childrenSeconds()
    let result = try await Subprocess.run("/usr/bin/\(program)", arguments, deadline: .seconds(7200))
    guard result.succeeded else { throw Unmeasurable("\(program): \(result)") }
    return (Learners.childrenSeconds() - before, result.stdout)
  }

  private static func childrenSeconds() -> Double {
    var usage = rusage()
    getrusage(RUSAGE_CHILDREN.rawValue, &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  // MARK: scikit-learn

  private func supportVectorMachine() async throws -> Learnt {
    let result = try await Subprocess.run(
      environment.python, ["\(PeerEnvironment.sources)/linear_svm.py", trainingFile, askedFile],
      deadline: .seconds(7200))
    guard result.succeeded, let answer = try? JSONParser.parse(Array(result.stdout.utf8)),
      let right = answer["right"]?.doubleValue, let perSecond = answer["perSecond"]?.doubleValue,
      let training = answer["trainingSeconds"]?.doubleValue
    else { throw Unmeasurable("linear_svm.py: \(result)") }
    return Learnt(name: "linear SVM", rightShare: right, perSecond: perSecond, trainingSeconds: training)
  }

  // MARK: Files

  private var trainingFile: String { "\(folder)/learners/training.txt" }
  private var askedFile: String { "\(folder)/learners/asked.txt" }

  private var trainingLines: [String] {
    examples.training.topics.flatMap { topic in
      ([topic.title] + topic.names + topic.examples).map { Learners.line(topic.code, $0) }
    }
  }

  private var askedLines: [String] {
    examples.listings.map { listing in
      let product = listing.product
      let words =
        product.titles.map(\.text) + product.attributes.flatMap { [$0.name, $0.value] } + product.categoryPath
      return Learners.line(listing.code, words.joined(separator: " "))
    }
  }

  /// As fastText reads it; the letters in lower case, the marks apart.
  private static func line(_ code: HSCode, _ text: String) -> String {
    let letters = text.lowercased().map { $0.isLetter || $0.isNumber || $0 == "'" ? $0 : " " }
    return "__label__\(code.digits) \(String(letters).split(separator: " ").joined(separator: " "))"
  }

  private func write(_ lines: [String], to file: String) throws {
    try Array((lines.joined(separator: "\n") + "\n").utf8).withUnsafeBytes { bytes in
      try Data(bytes).write(to: URL(filePath: file))
    }
  }
}
