package import Kernels
internal import Tensors

/// y = x/(1 − ratio) where the mask keeps x, and 0 elsewhere. x and y may be the same memory.
///
/// - Parameters:
///   - x: the input. Nil counts as 1 in every element.
///   - order: the indices of the elements, from which the mask is drawn.
package func dropout(
  _ mask: DropoutMask, of x: FloatView?, to y: FloatView, _ order: LogicalOrder
) -> some Kernel {
  let elements = MaskedElements(
    mask: mask, x: x?.checked(order.count), y: y.checked(order.count))
  return PreparedLoop {
    if let runs = order.runs {
      elements.run(order, runs)
    } else {
      elements.run(first: order.first, count: order.count)
    }
  }
}

/// Masks a matrix [rows, columns] in any memory order. x and y may be the same memory.
///
/// The mask is drawn for row-major indices.
package func dropout(
  _ mask: DropoutMask, of x: FloatView, to y: FloatView, rows: Int, columns: Int,
  order: ProductShape.Order
) -> some Kernel {
  let (x, y) = (x.checked(rows * columns), y.checked(rows * columns))
  if case .rowMajor = order {
    let elements = MaskedElements(mask: mask, x: x, y: y)
    return PreparedLoop { elements.run(first: 0, count: rows &* columns) }
  }
  return PreparedLoop {
    let stream = mask.current
    var words = SIMD4<UInt32>(repeating: 0)
    var index = 0
    for row in 0..<rows {
      for column in 0..<columns {
        if index & 3 == 0 { words = stream.words(at: index &>> 2) }
        let place = column &* rows &+ row
        y[place] = mask.apply(words, to: SIMD4(repeating: x[place]))[index & 3]
        index &+= 1
      }
    }
  }
}

/// The operands of a mask.
private struct MaskedElements: Sendable {
  let mask: DropoutMask
  let x: FloatView?
  let y: FloatView

  /// Masks `count` elements in row-major order that begin at index `first`.
  fileprivate func run(first: Int, count: Int) {
    let stream = mask.current
    var index = 0
    while index < count {
      let (block, lane) = ((first &+ index) &>> 2, (first &+ index) & 3)
      if lane == 0, index &+ 16 <= count {
        let words = stream.words(at: SIMD4(block, block &+ 1, block &+ 2, block &+ 3))
        for number in 0..<4 {
          let place = index &+ 4 &* number
          y.store(mask.apply(words[number], to: values(place)), place)
        }
        index &+= 16
      } else if lane == 0, index &+ 4 <= count {
        y.store(mask.apply(stream.words(at: block), to: values(index)), index)
        index &+= 4
      } else {
        // A slice begins or ends inside a block.
        keep(stream.words(at: block), lane, index)
        index &+= 1
      }
    }
  }

  @inline(__always)
  private func values(_ place: Int) -> SIMD4<Float> { x?.load4(place) ?? SIMD4(repeating: 1) }

  /// Masks one element with a lane of its block.
  @inline(__always)
  private func keep(_ words: SIMD4<UInt32>, _ lane: Int, _ place: Int) {
    let value = x.map { $0[place] } ?? 1
    y[place] = mask.apply(words, to: SIMD4(repeating: value))[lane]
  }

  /// Masks a tensor with adjacent channels, four channels at a time.
  ///
  /// If every channel begins with a block, the words of a block belong to four positions of one
  /// channel. Four channels of a position are adjacent in memory.
  fileprivate func run(_ order: LogicalOrder, _ runs: TensorLayout.Runs) {
    let (stream, positions, width) = (mask.current, runs.positions, runs.width)
    let isAligned = positions & 3 == 0
    // Otherwise a channel may begin in the last lane of a block.
    let blocksOfChannel = isAligned ? positions / 4 : (positions &+ 6) / 4
    order.forEachRun(runs) { index, memory in
      for number in 0..<blocksOfChannel {
        for channel in stride(from: 0, to: width, by: 4) {
          let starts =
            index &+ channel &* positions
            &+ SIMD4(0, positions, 2 &* positions, 3 &* positions)
          let words = stream.words(at: (starts &>> 2) &+ SIMD4(repeating: number))
          let place = memory &+ channel
          if isAligned, channel &+ 4 <= width {
            keepFourChannels(words, place &+ 4 &* number &* width, width)
            continue
          }
          for offset in 0..<min(4, width &- channel) {
            let start = starts[offset]
            let block = (start &>> 2) &+ number
            let (from, end) = (max(start, block &* 4), min(start &+ positions, block &* 4 &+ 4))
            for element in stride(from: from, to: end, by: 1) {
              keep(words[offset], element & 3, place &+ offset &+ (element &- start) &* width)
            }
          }
        }
      }
    }
  }

  /// Masks four channels of four positions. The positions are `stride` apart.
  @inline(__always)
  private func keepFourChannels(_ words: Philox.Blocks, _ place: Int, _ stride: Int) {
    y.store(mask.apply(words.first, to: values(place)), place)
    let second = place &+ stride
    y.store(mask.apply(words.second, to: values(second)), second)
    let third = second &+ stride
    y.store(mask.apply(words.third, to: values(third)), third)
    let fourth = third &+ stride
    y.store(mask.apply(words.fourth, to: values(fourth)), fourth)
  }
}
