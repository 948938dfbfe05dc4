/// result[r] = rows[order[cursor + first + r]]: the examples of a batch, gathered from a data set.
///
/// The order is a whole epoch's; the cursor says where the batch begins in it.
///
/// - Parameters:
///   - order: row numbers. Their writer checks each against the data set.
///   - first: the place of the slice's first example in the batch.
///   - width: elements a row.
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
