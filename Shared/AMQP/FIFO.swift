/// A queue on an array: amortised constant time at both ends.
struct FIFO<Element> {
  private var elements: [Element?] = []
  private var head = 0

  var count: Int { elements.count - head }
  var isEmpty: Bool { count == 0 }
  var first: Element? { isEmpty ? nil : elements[head] }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func popFirst() -> Element? {
    if isEmpty { return nil }
    defer { compact() }
    let element = elements[head]
    elements[head] = nil
    head += 1
    return element
  }

  mutating func removeAll() { self = FIFO() }

  private mutating func compact() {
    if isEmpty {
      elements.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 64, head > count {
      elements.removeFirst(head)
      head = 0
    }
  }
}
