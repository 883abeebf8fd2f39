/// How far something is, in one glance.
enum ProgressBar {
  static func text(_ done: Int, of total: Int, width: Int = 24) -> String {
    let share = total == 0 ? width : min(width, done * width / total)
    return String(repeating: "█", count: share) + String(repeating: "░", count: width - share) + " \(done)/\(total)"
  }
}
