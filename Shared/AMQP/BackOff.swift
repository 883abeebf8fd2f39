/// The waits between attempts: 0.5 s doubling to 30 s, each ±20 % so that a fleet does not come back in step.
struct BackOff {
  var first: Duration = .milliseconds(500)
  var longest: Duration = .seconds(30)
  var jitter = 0.2
  private var failures = 0

  init(first: Duration = .milliseconds(500), longest: Duration = .seconds(30), jitter: Double = 0.2) {
    self.first = first
    self.longest = longest
    self.jitter = jitter
  }

  mutating func next(using random: inout some RandomNumberGenerator) -> Duration {
    // 2^16 first waits exceed any sensible longest wait, and do not overflow.
    let doubled = first * Double(1 << min(failures, 16))
    failures += 1
    return min(doubled, longest) * Double.random(in: (1 - jitter)...(1 + jitter), using: &random)
  }

  mutating func reset() { failures = 0 }
}
