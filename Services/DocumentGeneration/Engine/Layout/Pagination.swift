/// Where strips of given heights stand when they flow over pages. It knows nothing of what they show.
struct Pagination {
  struct Strip {
    var height: Double
    var headHeight: Double?
    var keepsWithNext = false
  }

  struct Placed: Hashable {
    let index: Int
    let top: Double
    /// Where the repeated head stands, if this strip opens a page under one.
    let headTop: Double?
  }

  private let strips: [Strip]
  private let capacity: Double
  private var pages: [[Placed]] = [[]]
  private var filled = 0.0

  private init(_ strips: [Strip], capacity: Double) {
    self.strips = strips
    self.capacity = capacity
  }

  /// Tops count from the top of a page's body. Every strip must fit on a page of its own, with its head.
  static func pages(_ strips: [Strip], capacity: Double) -> [[Placed]] {
    var pagination = Pagination(strips, capacity: capacity)
    for index in strips.indices { pagination.place(index) }
    return pagination.pages
  }

  private mutating func place(_ index: Int) {
    let isFirstOnPage = pages[pages.count - 1].isEmpty
    if !isFirstOnPage, filled + chainHeight(from: index) > capacity { openPage() }
    let opensLaterPage = pages.count > 1 && pages[pages.count - 1].isEmpty
    let headTop = opensLaterPage && strips[index].headHeight != nil ? filled : nil
    if headTop != nil { filled += strips[index].headHeight ?? 0 }
    pages[pages.count - 1].append(Placed(index: index, top: filled, headTop: headTop))
    filled += strips[index].height
  }

  /// The strip and those it must not leave. A chain longer than a page is broken where it must.
  private func chainHeight(from index: Int) -> Double {
    var height = strips[index].height
    var last = index
    while strips[last].keepsWithNext, last + 1 < strips.count {
      last += 1
      height += strips[last].height
    }
    return height <= capacity ? height : strips[index].height
  }

  private mutating func openPage() {
    pages.append([])
    filled = 0
  }
}
