import CLinux
import Glibc

/// A thread for a loop that blocks in the kernel, which the threads of Swift tasks must not do.
enum DedicatedThread {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// The name is cut to 15 bytes by the kernel's rule.
  static func start(named name: String, _ run: @escaping @Sendable () -> Void) {
    let body: @Sendable () -> Void = {
      _ = String(name.prefix(15)).withCString { pthread_setname_np(pthread_self(), $0) }
      run()
    }
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(Body(body)).toOpaque()
    let result = pthread_create(
      &thread, nil,
      { argument in
        // The pointer is the one retained above; a thread's argument is never null.
        Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, argument)
    precondition(result == 0, "no thread can be started: \(String(cString: strerror(result)))")
    pthread_detach(thread)
  }
}
