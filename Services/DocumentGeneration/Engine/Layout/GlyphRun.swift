import CPango

/// A stretch of shaped text in one font and one direction, and the text each part of it stands for.
///
/// Pango's own renderer would draw it as well, but not so that the text can be read back: the parts of a Khmer or
/// Burmese word stand at several heights, which readers take for several lines, and right-to-left text arrives letter by
/// letter. Here a word of a complex script is one cluster, which Cairo writes with its text beside it (`ActualText`).
/// Right-to-left words follow each other in the order of the text, and the letters within a word go from left to right,
/// as readers expect who put them in order themselves.
struct GlyphRun {
  /// Where the run starts in the text of its layout.
  let offset: Int
  /// Borrowed from the layout.
  let font: OpaquePointer
  private(set) var glyphs: [cairo_glyph_t] = []
  private(set) var clusters: [cairo_text_cluster_t] = []
  private(set) var text: [UInt8] = []

  /// `text` is that of the whole layout; `x` and `baseline` say where the run starts, in points.
  init(_ run: CPangoRun, text: UnsafePointer<CChar>, x: Double, baseline: Double) {
    let shaped = ShapedRun(run, text: text)
    offset = shaped.offset
    font = pango_cairo_font_get_scaled_font(run.item.pointee.font)
    let positions = shaped.positions(x: x, baseline: baseline)
    for part in shaped.partsInReadingOrder {
      append(shaped.text(of: part), positions[part.glyphs].compactMap(\.self))
    }
  }

  /// Text without a glyph, such as a zero-width space, joins the cluster before it.
  private mutating func append(_ bytes: [UInt8], _ visible: [cairo_glyph_t]) {
    text += bytes
    glyphs += visible
    if visible.isEmpty, let last = clusters.indices.last {
      clusters[last].num_bytes += Int32(bytes.count)
    } else {
      clusters.append(cairo_text_cluster_t(num_bytes: Int32(bytes.count), num_glyphs: Int32(visible.count)))
    }
  }
}
