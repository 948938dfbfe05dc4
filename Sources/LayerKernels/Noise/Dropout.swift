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
      if lane == 0, index &+ 64 <= count {
        let words = stream.words(from: block).inOrder
        keep(words.0, at: index)
        keep(words.1, at: index &+ 16)
        keep(words.2, at: index &+ 32)
        keep(words.3, at: index &+ 48)
        index &+= 64
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

  /// Masks sixteen elements.
  @inline(__always)
  private func keep(_ words: SIMD16<UInt32>, at place: Int) {
    y.store(mask.apply(words, to: x?.load16(place) ?? SIMD16(repeating: 1)), place)
  }

  /// Masks one element with a lane of its block.
  @inline(__always)
  private func keep(_ words: SIMD4<UInt32>, _ lane: Int, _ place: Int) {
    let value = x.map { $0[place] } ?? 1
    y[place] = mask.apply(words, to: SIMD4(repeating: value))[lane]
  }

  /// Masks a tensor with adjacent channels, sixteen channels at a time.
  ///
  /// If every channel begins with a block, the words of a block belong to four positions of one
  /// channel. Sixteen channels of a position are adjacent in memory.
  fileprivate func run(_ order: LogicalOrder, _ runs: TensorLayout.Runs) {
    let (stream, positions, width) = (mask.current, runs.positions, runs.width)
    let isAligned = positions & 3 == 0
    // Otherwise a channel may begin in the last lane of a block.
    let blocksOfChannel = isAligned ? positions / 4 : (positions &+ 6) / 4
    order.forEachRun(runs) { index, memory in
      for number in 0..<blocksOfChannel {
        for channel in stride(from: 0, to: width, by: 16) {
          let start = index &+ channel &* positions
          let place = memory &+ channel
          if isAligned, channel &+ 16 <= width {
            let words = stream.words(from: start &>> 2 &+ number, step: positions &>> 2)
            keepSixteenChannels(words, place &+ 4 &* number &* width, width)
            continue
          }
          var blocks = SIMD16<Int>(repeating: 0)
          for offset in 0..<16 {
            blocks[offset] = (start &+ offset &* positions) &>> 2 &+ number
          }
          let words = stream.words(at: blocks)
          for offset in 0..<min(16, width &- channel) {
            let (start, block) = (start &+ offset &* positions, blocks[offset] &* 4)
            let (from, end) = (max(start, block), min(start &+ positions, block &+ 4))
            for element in stride(from: from, to: end, by: 1) {
              keep(words[offset], element & 3, place &+ offset &+ (element &- start) &* width)
            }
          }
        }
      }
    }
  }

  /// Masks sixteen channels of four positions. The positions are `stride` apart.
  @inline(__always)
  private func keepSixteenChannels(_ words: Philox.Blocks, _ place: Int, _ stride: Int) {
    keep(words.first, at: place)
    keep(words.second, at: place &+ stride)
    keep(words.third, at: place &+ 2 &* stride)
    keep(words.fourth, at: place &+ 3 &* stride)
  }
}
