/// Shows what is being done, and what came of it, one line each.
struct Steps: Sendable {
  let console: Console

  func run<R: Sendable>(
    _ name: String, _ body: (_ progress: (String) -> Void) async throws -> (R, String)
  ) async throws -> R {
    let began = ContinuousClock.now
    let label = name + String(repeating: " ", count: max(1, 10 - name.count))
    console.progress("  \(console.dim("·")) \(label) \(console.dim("…"))")
    do {
      let (result, text) = try await body { console.progress("  \(console.dim("·")) \(label) \(console.dim($0))") }
      console.clearProgress()
      let seconds = Duration.text(ContinuousClock.now - began)
      console.line("  \(console.green("✓")) \(label) \(text)  \(console.dim(seconds))")
      return result
    } catch {
      console.clearProgress()
      console.line("  \(console.red("✗")) \(label)")
      throw error
    }
  }
}

extension Duration {
  /// With one decimal, in the largest unit that is not zero.
  static func text(_ duration: Duration) -> String {
    let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    if seconds < 60 { return "\(Int(seconds * 10) / 10).\(Int(seconds * 10) % 10) s" }
    let minutes = Int(seconds) / 60
    if minutes < 60 { return "\(minutes) min" }
    return minutes < 2880 ? "\(minutes / 60) h" : "\(minutes / 1440) days"
  }
}
