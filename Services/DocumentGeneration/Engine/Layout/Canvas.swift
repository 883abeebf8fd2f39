import CPango
import Domain

/// A PDF being drawn, page after page. It owns the Cairo surface and context and releases them.
struct Canvas: ~Copyable {
  static let width = 595.276
  static let height = 841.890

  private let surface: OpaquePointer
  private let cairo: OpaquePointer
  private let output: Output

  private final class Output {
    var bytes: [UInt8] = []
  }

  init() {
    let output = Output()
    let write: cairo_write_func_t = { closure, data, length in
      guard let closure else { return cairo_status_t(CPangoStatusSuccess) }
      let output = Unmanaged<Output>.fromOpaque(closure).takeUnretainedValue()
      output.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
      return cairo_status_t(CPangoStatusSuccess)
    }
    // The canvas holds the output, and finishes the surface before it lets go of it.
    let closure = Unmanaged.passUnretained(output).toOpaque()
    guard let surface = cairo_pdf_surface_create_for_stream(write, closure, Canvas.width, Canvas.height),
      let cairo = cairo_create(surface)
    else { fatalError("Cairo returns error objects and no null") }
    self.surface = surface
    self.cairo = cairo
    self.output = output
  }

  deinit {
    cairo_destroy(cairo)
    cairo_surface_finish(surface)
    cairo_surface_destroy(surface)
    withExtendedLifetime(output) {}
  }

  func setMetadata(title: String, author: String, subject: String, createdAt: Instant) {
    set(CPangoMetadataTitle, title)
    set(CPangoMetadataAuthor, author)
    set(CPangoMetadataSubject, subject)
    set(CPangoMetadataCreator, "Pabean")
    // Cairo would write the time of day, and the bytes would differ at each run.
    set(CPangoMetadataCreateDate, Canvas.seconds(createdAt))
  }

  private static func seconds(_ instant: Instant) -> String { "\(instant.description.prefix(19))Z" }

  private func set(_ metadata: Int, _ text: String) {
    cairo_pdf_surface_set_metadata(surface, cairo_pdf_metadata_t(metadata), text)
  }

  func show(_ layout: OpaquePointer, _ ink: Ink, x: Double, y: Double) {
    guard let iterator = pango_layout_get_iter(layout), let text = pango_layout_get_text(layout) else { return }
    defer { pango_layout_iter_free(iterator) }
    let units = Double(CPangoUnitsPerPoint)
    var runs: [GlyphRun] = []
    repeat {
      // The end of a line is a step of its own, without a run.
      guard let run = pango_layout_iter_get_run_readonly(iterator) else { continue }
      var extents = PangoRectangle()
      pango_layout_iter_get_run_extents(iterator, nil, &extents)
      let baseline = y + Double(pango_layout_iter_get_baseline(iterator)) / units
      runs.append(
        GlyphRun(
          UnsafePointer<CPangoRun>(run).pointee, text: text, x: x + Double(extents.x) / units, baseline: baseline))
    } while pango_layout_iter_next_run(iterator) != 0
    use(ink)
    // In the order of the text, which in a right-to-left line is not that of the iterator.
    for run in runs.sorted(by: { $0.offset < $1.offset }) { show(run) }
  }

  private func show(_ run: GlyphRun) {
    cairo_set_scaled_font(cairo, run.font)
    run.text.withUnsafeBytes { text in
      cairo_show_text_glyphs(
        cairo, text.assumingMemoryBound(to: CChar.self).baseAddress, Int32(text.count), run.glyphs,
        Int32(run.glyphs.count), run.clusters, Int32(run.clusters.count), 0)
    }
  }

  func rule(from x: Double, to end: Double, y: Double, width: Double, _ ink: Ink) {
    use(ink)
    cairo_set_line_width(cairo, width)
    cairo_move_to(cairo, x, y)
    cairo_line_to(cairo, end, y)
    cairo_stroke(cairo)
  }

  /// Draws with the origin moved to a point and turned, in radians.
  func turned(aroundX x: Double, y: Double, by angle: Double, _ draw: (borrowing Canvas) -> Void) {
    cairo_save(cairo)
    cairo_translate(cairo, x, y)
    cairo_rotate(cairo, angle)
    draw(self)
    cairo_restore(cairo)
  }

  func endPage() { cairo_show_page(cairo) }

  func finish(createdAt: Instant) throws(DocumentError) -> [UInt8] {
    cairo_surface_finish(surface)
    for status in [cairo_status(cairo), cairo_surface_status(surface)]
    where status != cairo_status_t(CPangoStatusSuccess) {
      throw DocumentError.rendering(reason: String(cString: cairo_status_to_string(status)))
    }
    return Canvas.withPrefixedDate(output.bytes, createdAt)
  }

  /// Cairo 1.16 writes dates without the `D:` that the PDF standard asks for. Two of the spaces before the entry make
  /// room for it, so that no offset in the file changes. Text of others cannot match: its brackets are escaped.
  private static func withPrefixedDate(_ bytes: [UInt8], _ instant: Instant) -> [UInt8] {
    let digits = seconds(instant).filter { $0.isNumber }
    let written = Array("\n   /CreationDate (\(digits)Z)".utf8)
    let wanted = Array("\n /CreationDate (D:\(digits)Z)".utf8)
    let starts = stride(from: bytes.count - written.count, through: 0, by: -1)
    guard let start = starts.first(where: { bytes[$0...].starts(with: written) }) else { return bytes }
    return bytes[..<start] + wanted + bytes[(start + written.count)...]
  }

  private func use(_ ink: Ink) { cairo_set_source_rgb(cairo, ink.red, ink.green, ink.blue) }
}
