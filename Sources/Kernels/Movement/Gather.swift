/// result[r] = rows[order[cursor + first + r]]: gathers the examples of a batch from a data set.
///
/// The order covers a whole epoch. The cursor is the place where the batch begins in it.
///
/// - Parameters:
///   - order: row numbers. Their writer checks each against the data set.
///   - first: the place of the slice's first example in the batch.
///   - width: the elements of a row.
package func gatherRows(
  _ rows: FloatView, order: View<Int32>, cursor: View<Int>, first: Int, to result: FloatView,
  count: Int, width: Int
) -> some Kernel {
  let (order, cursor) = (order.checked(count), cursor.checked(1))
  let result = result.checked(count * width)
  return PreparedLoop {
    let start = cursor[0] &+ first
    for row in 0..<count {
      let source = Int(order[start &+ row]) &* width
      result.copy(width, of: rows, from: source, to: row &* width)
    }
  }
}
