import Glibc

/// The end of a process whose connections and tasks still have threads.
public enum ProcessEnd {
  /// Without the exit handlers of the C library: they free what those threads are using, OpenSSL's locks above all, and
  /// a clean end becomes a crash.
  public static func now(_ code: Int32) -> Never {
    fflush(nil)
    _exit(code)
  }
}
