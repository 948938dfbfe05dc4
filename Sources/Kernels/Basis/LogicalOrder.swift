package import Tensors

/// The row-major index, within the whole batch, of every element in a slice's memory.
///
/// Kernels draw random numbers by this index. The numbers therefore depend neither on the layout of
/// the tensor nor on the slices of the batch.
public struct LogicalOrder: Sendable, Equatable {
  /// The row-major index of the slice's first element.
  public let first: Int
  public let count: Int
  /// The order of the elements in memory. Nil if memory has the row-major order.
  public let runs: TensorLayout.Runs?

  /// Makes the order of one slice.
  ///
  /// - Parameters:
  ///   - shape: the shape of the whole batch.
  ///   - examples: the examples of the slice.
  package init(_ shape: Shape, layout: TensorLayout = .plain, examples: Range<Int>) {
    let width = shape.example.count
    first = examples.lowerBound * width
    count = examples.count * width
    let runs = layout == .plain ? nil : layout.runs(shape, examples: examples.count)
    self.runs = runs.flatMap { $0.width == 1 || $0.positions <= 1 ? nil : $0 }
  }

  /// Makes the order of row-major elements that begin at index `first`.
  package init(first: Int, count: Int) {
    self.first = first
    self.count = count
    runs = nil
  }

  /// Calls `body` for each block of adjacent channels.
  ///
  /// `body` receives the index of the block's first element and the place of this element in
  /// memory.
  @inlinable @inline(__always)
  public func forEachRun(_ runs: TensorLayout.Runs, _ body: (_ index: Int, _ place: Int) -> Void) {
    let count = runs.width &* runs.positions
    for number in 0..<runs.examples &* runs.blocks {
      body(first &+ number &* count, number &* count)
    }
  }

  /// Calls `body` with the place and the index of every element, in the order of memory.
  @inlinable @inline(__always)
  public func forEachElement(_ body: (_ place: Int, _ index: Int) -> Void) {
    guard let runs else {
      for place in 0..<count { body(place, first &+ place) }
      return
    }
    forEachRun(runs) { index, start in
      var place = start
      for position in 0..<runs.positions {
        for channel in 0..<runs.width {
          body(place, index &+ channel &* runs.positions &+ position)
          place &+= 1
        }
      }
    }
  }
}
