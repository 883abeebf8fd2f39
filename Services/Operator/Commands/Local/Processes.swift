import Configuration

/// What every process that we start inherits from us.
enum Processes {
  static var searchPath: String {
    Configuration.Environment.process().variables["PATH"]
      ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
  }
}
