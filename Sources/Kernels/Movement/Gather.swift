/// result[r] = rows[order[cursor + first + r]]: the examples of a batch, gathered from a data set.
///
/// The order is a whole epoch's; the cursor says where the batch begins in it.
package struct Gather: Kernel {
  private let rows: FloatView
  private let order: View<Int32>
  private let cursor: View<Int>
  private let first: Int
  private let result: FloatView
  private let count: Int
  private let width: Int

  /// - Parameters:
  ///   - order: row numbers, each checked against the data set by whoever writes them.
  ///   - first: the place of the slice's first example in the batch.
  ///   - width: elements a row.
  package init(
    _ rows: FloatView, order: View<Int32>, cursor: View<Int>, first: Int, to result: FloatView,
    count: Int, width: Int
  ) {
    self.rows = rows
    self.order = order.checked(count)
    self.cursor = cursor.checked(1)
    self.first = first
    self.result = result.checked(count * width)
    self.count = count
    self.width = width
  }

  package func run() {
    let start = cursor[0] &+ first
    for row in 0..<count {
      let source = Int(order[start &+ row]) &* width
      result.copy(width, of: rows, from: source, to: row &* width)
    }
  }
}
