import TestSupport
import Testing

/// Tests over a desk with all workers beside it, one installation at a time.
@Suite("The review desk", .serialized, .timeLimit(.minutes(5)), .database(from: Installation.template))
struct ReviewDeskTests {}
