import Glibc

/// Two pieces of work at the same time, where there are cores for it: the model is built once at start, in order that
/// the same knowledge gives the same model whatever the cores.
enum Parallel {
  static func both<First: Sendable, Second: Sendable>(
    _ first: @Sendable () -> First, with second: @Sendable () -> Second
  ) -> (First, Second) {
    withoutActuallyEscaping(first) { first in
      let errand = Errand(first)
      var thread = pthread_t()
      let isStarted =
        pthread_create(
          &thread, nil,
          { argument in
            Unmanaged<AnyErrand>.fromOpaque(argument!).takeUnretainedValue().run()
            return nil
          }, Unmanaged<AnyErrand>.passUnretained(errand).toOpaque()) == 0
      let result = second()
      if isStarted { pthread_join(thread, nil) } else { errand.run() }
      return (errand.result!, result)
    }
  }

  private class AnyErrand {
    func run() {}
  }

  /// Written by its thread alone, read after that has been joined.
  private final class Errand<Result: Sendable>: AnyErrand {
    private let work: @Sendable () -> Result
    private(set) var result: Result?

    init(_ work: @escaping @Sendable () -> Result) { self.work = work }
    override func run() { result = work() }
  }
}
