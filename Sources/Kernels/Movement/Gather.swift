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

/// result[r, i] = values[i / groupWidth][rows[order[cursor + first + r], i]]: gathers the examples of
/// a batch from a data set of bytes.
///
/// - Parameters:
///   - values: 256 values for each group of an example, in order.
///   - groupWidth: the bytes of a group.
///   - order: row numbers. Their writer checks each against the data set.
///   - first: the place of the slice's first example in the batch.
///   - width: the elements of a row, a multiple of `groupWidth`.
package func gatherRows(
  _ rows: View<UInt8>, values: FloatView, groupWidth: Int, order: View<Int32>, cursor: View<Int>,
  first: Int, to result: FloatView, count: Int, width: Int
) -> some Kernel {
  let (order, cursor) = (order.checked(count), cursor.checked(1))
  let groupCount = groupWidth == 0 ? 0 : width / groupWidth
  let (result, values) = (result.checked(count * width), values.checked(256 * groupCount))
  return PreparedLoop {
    let start = cursor[0] &+ first
    for row in 0..<count {
      let source = Int(order[start &+ row]) &* width
      for group in 0..<groupCount {
        let (place, table) = (group &* groupWidth, group &* 256)
        for index in place..<place &+ groupWidth {
          result[row &* width &+ index] = values[table &+ Int(rows[source &+ index])]
        }
      }
    }
  }
}
