internal import Tensors

/// The order in which values of slices are joined: a binary tree of slice numbers.
///
/// The tree of n slices joins the tree of the first 2ᵏ slices with the tree of the rest, where 2ᵏ is
/// the greatest power of two below n. A block of 2ᵏ slices whose first number is a multiple of 2ᵏ is
/// therefore joined by itself, on whichever machine computes it.
package enum SliceTree {
  /// Returns the size of the first branch of a tree of `count` slices, which are at least two.
  static func firstBranch(_ count: Int) -> Int {
    1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
  }

  /// Returns the joined value of `slices`.
  package static func joined<Value>(
    _ slices: Range<Int>, _ value: (Int) -> Value, _ join: (Value, Value) -> Value
  ) -> Value {
    guard slices.count > 1 else { return value(slices.lowerBound) }
    let middle = slices.lowerBound + firstBranch(slices.count)
    return join(
      joined(slices.lowerBound..<middle, value, join),
      joined(middle..<slices.upperBound, value, join))
  }
}

/// result = Σ parts, element by element, with the parts in the order of ``SliceTree``.
///
/// The kernel adds the gradients of slices, and the gradients of a blob with several readers. The
/// result may be the first part.
///
/// - Parameter parts: at least one part.
package func elementwiseSum(
  of parts: [FloatView], to result: FloatView, count: Int
) -> some Kernel {
  PartSums(parts.map { $0.checked(count) }, to: result.checked(count), count: count)
}

/// Adds parts chunk by chunk. A chunk of the sums of all open branches stays in the cache.
private struct PartSums: Kernel {
  private static let chunk = 512

  private let parts: ContiguousArray<FloatView>
  private let result: FloatView
  private let count: Int
  /// The sum of the second branch at each depth of the tree.
  private let branches: ContiguousArray<FloatView>
  private let memory: [FloatStorage]

  init(_ parts: [FloatView], to result: FloatView, count: Int) {
    self.parts = ContiguousArray(parts)
    self.result = result
    self.count = count
    // A branch of one or two parts needs no memory.
    let depth = parts.count < 3 ? 0 : Int.bitWidth - (parts.count - 1).leadingZeroBitCount
    memory = (0..<depth).compactMap { _ in FloatStorage(count: min(PartSums.chunk, count)) }
    precondition(memory.count == depth, "no memory for a chunk of sums")
    branches = ContiguousArray(memory.map { FloatView($0) })
  }

  func run() {
    var start = 0
    while start < count {
      let length = min(PartSums.chunk, count &- start)
      add(0..<parts.count, from: start, length, to: result, at: start, depth: 0)
      start &+= length
    }
  }

  /// Writes the sum of some parts to `place` of `target`.
  private func add(
    _ range: Range<Int>, from start: Int, _ length: Int, to target: FloatView, at place: Int,
    depth: Int
  ) {
    let first = parts[range.lowerBound]
    switch range.count {
    case 1:
      for index in 0..<length { target[place &+ index] = first[start &+ index] }
    case 2:
      let second = parts[range.lowerBound &+ 1]
      for index in 0..<length {
        target[place &+ index] = first[start &+ index] + second[start &+ index]
      }
    default:
      let middle = range.lowerBound &+ SliceTree.firstBranch(range.count)
      add(range.lowerBound..<middle, from: start, length, to: target, at: place, depth: depth &+ 1)
      let branch = branches[depth]
      add(middle..<range.upperBound, from: start, length, to: branch, at: 0, depth: depth &+ 1)
      for index in 0..<length { target[place &+ index] += branch[index] }
    }
  }
}

/// result = Σ parts, for statistics that are sums over examples in double precision, with the parts
/// in the order of ``SliceTree``.
package func statisticSum(of parts: [DoubleView], to result: DoubleView) -> some Kernel {
  let parts = parts.map { $0.checked(result.count) }
  return PreparedLoop {
    for index in 0..<result.count {
      result[index] = SliceTree.joined(0..<parts.count, { parts[$0][index] }, +)
    }
  }
}
