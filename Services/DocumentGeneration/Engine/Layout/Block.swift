/// A strip of the page that is never cut in two.
struct Block {
  let height: Double
  /// The field to name when the strip is taller than a page.
  let field: String
  /// Drawn again above this block when it opens a new page.
  var repeatedHead: Head?
  /// Stays on the page of the block after it.
  var keepsWithNext = false
  let draw: (borrowing Canvas, _ top: Double) -> Void

  struct Head {
    let height: Double
    let draw: (borrowing Canvas, _ top: Double) -> Void
  }

  static func space(_ height: Double, keepsWithNext: Bool = false) -> Block {
    Block(height: height, field: "label", keepsWithNext: keepsWithNext) { _, _ in }
  }
}
