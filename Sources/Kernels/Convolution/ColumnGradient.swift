internal import Tensors

extension ConvolutionShape {
  /// Whether a gradient is made of products of matrices.
  ///
  /// Where channels come last, oneDNN's own gradients compute empty parts of vectors over the input's channels too.
  /// Products, whose vectors go over channels and elements of the window together, do not, but their columns have to be
  /// gathered, which counts the less the more outputs read them. Of 25 shapes that were measured they took 3 to 12 %
  /// less time within these bounds (20 to 50 channels, 5x5: 159 for 137 GFLOP/s), and up to 14 % more outside.
  var usesColumns: Bool {
    let vectors = (inputChannels + TensorLayout.blockWidth - 1) / TensorLayout.blockWidth
    let taps = window.axes.map(\.kernel).reduce(1, *)
    return canUseColumns && inputChannels * 3 <= vectors * TensorLayout.blockWidth * 2
      && outputChannels >= 2 * inputChannels && taps >= 9 && taps * inputChannels <= 2048
  }

  private var canUseColumns: Bool {
    direction != .forward && KernelLibrary.hasWideBlocks && groups == 1
      && inputLayout == .channelsLast && outputLayout == .channelsLast
      && inputChannels >= TensorLayout.blockWidth
  }

  /// A gradient by columns, be it the fastest or not; nil if none can be.
  package func columnGradient() throws(KernelError) -> (any PrimitiveImplementation)? {
    canUseColumns ? try ColumnGradient(self) : nil
  }
}

/// A gradient of a convolution as products of matrices through oneDNN's matmul.
///
/// With the columns X of the images (``ImageColumns``) a convolution is Y = X·Wᵀ + b. The gradient of its weights is
/// ∂W = ∂Yᵀ·X; that of its input is the columns ∂X = ∂Y·W, added up. Products are of some positions at a time, whose
/// columns stay in the processor's cache.
final class ColumnGradient: PrimitiveImplementation {
  /// Elements of the columns of a chunk: half of a megabyte.
  private static let columnLimit = 1 << 17

  private let shape: ConvolutionShape
  private let columns: ImageColumns
  private let chunks: Chunks
  /// Of a chunk, and of the last one.
  private let products: [MatMul]
  /// From W, row-major, to a matrix of the columns' order: [out, kernel…, in].
  private let weights: Box

  init(_ shape: ConvolutionShape) throws(KernelError) {
    self.shape = shape
    columns = ImageColumns(shape.window, channels: shape.inputChannels, examples: shape.examples)
    let (depth, width) = (columns.rowLength, shape.outputChannels)
    chunks = Chunks(
      columns.positionCount, unit: columns.lineLength,
      limit: columns.isIdentity ? .max : ColumnGradient.columnLimit / depth)
    var products: [MatMul] = []
    for positions in chunks.lengths {
      var product = ProductShape(rows: positions, depth: width, columns: depth)
      if shape.direction == .backwardWeights {
        product = ProductShape(rows: width, depth: positions, columns: depth, left: .columnMajor)
        product.accumulates = true
      }
      products.append(try MatMul(shape: product))
    }
    self.products = products
    let (inputs, kernel) = (shape.inputChannels, shape.window.axes.map(\.kernel))
    let elements = kernel.reduce(1, *)
    weights = Box([
      Box.Axis(width, source: depth, target: depth),
      Box.Axis(elements, source: 1, target: inputs),
      Box.Axis(inputs, source: elements, target: 1),
    ])
  }

  var name: String { "columns, \(products[0].name)" }

  var packing: (any WeightPacking)? {
    shape.direction == .backwardData ? ColumnPacking(box: weights, count: shape.weightCount) : nil
  }

  /// Where the columns of a chunk, a gradient of weights in their order, and what products need lie in scratch memory.
  private var parts: (columns: Range<Int>, weights: Range<Int>, products: Range<Int>) {
    func part(after end: Int, _ count: Int) -> Range<Int> {
      let start = (end + 15) / 16 * 16
      return start..<start + count
    }
    let isOfWeights = shape.direction == .backwardWeights
    let first = part(after: 0, columns.isIdentity ? 0 : chunks.length * columns.rowLength)
    let second = part(after: first.upperBound, isOfWeights ? shape.weightCount : 0)
    return (first, second, part(after: second.upperBound, products.map(\.scratchCount).max() ?? 0))
  }

  var scratchCount: Int { parts.products.upperBound }

  func kernel(_ operands: [FloatView], scratch: FloatView?) throws(KernelError) -> any Kernel {
    let parts = parts
    let isOfWeights = shape.direction == .backwardWeights
    let images = operands[isOfWeights ? 0 : 2].checked(columns.imageCount)
    guard let scratch = scratchCount == 0 ? images[0..<0] : scratch?.checked(scratchCount) else {
      throw KernelError("a convolution without its scratch memory")
    }
    let outputGradient = operands[isOfWeights ? 1 : 0].checked(
      columns.positionCount * shape.outputChannels)
    let memory = columns.isIdentity ? nil : scratch[parts.columns]
    let gradient = scratch[parts.weights]
    let product = [
      outputGradient, isOfWeights ? memory ?? images : operands[1].checked(shape.weightCount),
      isOfWeights ? gradient : memory ?? images,
    ]
    var kernels: [PrimitiveKernel] = []
    for implementation in products {
      kernels.append(
        try implementation.primitiveKernel(product, scratch: scratch[parts.products]))
    }
    let chunked = ChunkedProduct(
      columns: columns, chunks: chunks, kernels: kernels, isOfWeights: isOfWeights, images: images,
      memory: memory, outputGradient: outputGradient, width: shape.outputChannels)
    if isOfWeights {
      return KernelSequence([
        fill(gradient, with: 0), chunked,
        boxCopy(weights.reversed, from: gradient, to: operands[2].checked(shape.weightCount)),
      ])
    }
    return memory == nil ? chunked : KernelSequence([fill(images, with: 0), chunked])
  }
}

/// Products with the columns of images, a chunk of positions at a time.
private struct ChunkedProduct: Kernel {
  let columns: ImageColumns
  let chunks: Chunks
  /// Of a chunk, and of the last one.
  let kernels: [PrimitiveKernel]
  /// Whether columns are the right operand; they are the result otherwise.
  let isOfWeights: Bool
  /// x or ∂x.
  let images: FloatView
  /// Of the columns of a chunk; nil if they are the images themselves.
  let memory: FloatView?
  let outputGradient: FloatView
  /// Channels of ∂y.
  let width: Int

  func run() {
    for chunk in 0..<chunks.count {
      let positions = chunks.range(chunk)
      let kernel = chunk == chunks.count &- 1 ? kernels[kernels.count &- 1] : kernels[0]
      kernel.move(MatMul.Place.left, to: rows(positions, of: outputGradient, width))
      if let memory {
        if isOfWeights { columns.gather(positions, of: images, to: memory) }
      } else {
        kernel.move(
          isOfWeights ? MatMul.Place.right : MatMul.Place.result,
          to: rows(positions, of: images, columns.rowLength))
      }
      kernel.run()
      if let memory, !isOfWeights { columns.scatter(positions, of: memory, addingTo: images) }
    }
  }

  private func rows(_ rows: Range<Int>, of matrix: FloatView, _ length: Int) -> FloatView {
    matrix[rows.lowerBound &* length..<rows.upperBound &* length]
  }
}

/// Positions in chunks of one length, of which the last may be shorter.
private struct Chunks: Sendable {
  let total: Int
  /// Positions of each but the last.
  let length: Int

  /// - Parameters:
  ///   - unit: positions that stay together where `limit` has room for them.
  ///   - limit: the most positions of a chunk, if that is one at least.
  init(_ total: Int, unit: Int, limit: Int) {
    let unit = unit <= limit ? unit : 1
    let units = (total + unit - 1) / unit
    let unitLimit = max(1, limit / unit)
    let count = (units - 1) / unitLimit + 1
    self.total = total
    length = min(total, ((units - 1) / count + 1) * unit)
  }

  var count: Int { (total - 1) / length + 1 }

  func range(_ chunk: Int) -> Range<Int> {
    chunk &* length..<min((chunk &+ 1) &* length, total)
  }

  /// The lengths that there are: of all but the last, and of the last.
  var lengths: [Int] {
    let last = range(count - 1).count
    return last == length ? [length] : [length, last]
  }
}

/// Turns row-major weights into a matrix of the columns' order.
private struct ColumnPacking: WeightPacking {
  let box: Box
  let count: Int

  var operand: Int { 1 }

  func isAlike(_ other: any WeightPacking) -> Bool { (other as? ColumnPacking)?.box == box }

  func kernel(from plain: FloatView, to packed: FloatView) -> any Kernel {
    boxCopy(box, from: plain, to: packed)
  }
}
