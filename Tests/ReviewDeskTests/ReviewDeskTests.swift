import TestSupport
import Testing

/// Tests over a desk with all workers beside it: one at a time in each suite, and few suites at a time.
@Suite("The review desk", .timeLimit(.minutes(5)), .database(from: Installation.template))
struct ReviewDeskTests {}
