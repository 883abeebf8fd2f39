import CPango

/// Text shaped and broken into lines, ready to draw. It owns one Pango layout and releases it.
final class TextLayout {
  let field: String
  private let layout: OpaquePointer
  private let ink: Ink
  private(set) var width: Double
  private(set) var height: Double
  private(set) var baseline: Double

  /// Takes over the caller's reference.
  init(adopting layout: OpaquePointer, field: String, ink: Ink) {
    self.layout = layout
    self.field = field
    self.ink = ink
    (width, height, baseline) = TextLayout.measure(layout)
  }

  deinit { g_object_unref(UnsafeMutableRawPointer(layout)) }

  /// Breaks the text to lines of at most this width, if it is wider.
  func wrap(to widthMax: Double) {
    guard width > widthMax else { return }
    set(widthMax)
    if pango_layout_get_direction(layout, 0) == PangoDirection(CPangoDirectionRightToLeft) {
      // Lines that begin at the right share a right edge, but the text as a whole stands at the left of its column.
      set(min(widthMax, width + 0.01))
    }
    width = widthMax
  }

  /// Cuts the text to one line of at most this width, with an ellipsis: for what stands in full elsewhere.
  func cut(to widthMax: Double) {
    pango_layout_set_ellipsize(layout, PangoEllipsizeMode(CPangoEllipsizeEnd))
    if width > widthMax { set(widthMax) }
  }

  private func set(_ widthMax: Double) {
    pango_layout_set_width(layout, Int32(widthMax * Double(CPangoUnitsPerPoint)))
    (width, height, baseline) = TextLayout.measure(layout)
  }

  func draw(on canvas: borrowing Canvas, x: Double, y: Double) {
    canvas.show(layout, ink, x: x, y: y)
  }

  private static func measure(_ layout: OpaquePointer) -> (Double, Double, Double) {
    var width: Int32 = 0
    var height: Int32 = 0
    pango_layout_get_size(layout, &width, &height)
    let units = Double(CPangoUnitsPerPoint)
    return (Double(width) / units, Double(height) / units, Double(pango_layout_get_baseline(layout)) / units)
  }
}
