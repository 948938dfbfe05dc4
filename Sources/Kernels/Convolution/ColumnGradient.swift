internal import Tensors

extension ConvolutionShape {
  /// True if matrix products compute this gradient.
  ///
  /// With channels last, oneDNN's own gradients compute partly empty vectors over the input
  /// channels. Products have vectors over channels and window elements together, and therefore fill
  /// them. But products first gather columns, whose cost falls with the number of outputs that read
  /// them.
  ///
  /// Measured on 25 shapes: within these bounds products took 3 to 12 % less time. With 20 to 50
  /// channels and a 5x5 kernel they reached 159 GFLOP/s instead of 137. Outside these bounds they
  /// took up to 14 % more time.
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

  /// Returns the gradient by columns, even if it is not the fastest. Nil if the shape does not
  /// allow it.
  package func columnGradient() throws(KernelError) -> (any PrimitiveImplementation)? {
    canUseColumns ? try ColumnGradient(self) : nil
  }
}

/// Computes a gradient of a convolution as matrix products with oneDNN's matmul.
///
/// With the columns X of the images (``ImageColumns``) a convolution is Y = X·Wᵀ + b. The gradient
/// of its weights is ∂W = ∂Yᵀ·X. The gradient of its input is the sum of the columns ∂X = ∂Y·W. A
/// product covers a chunk of positions, whose columns stay in the processor's cache.
final class ColumnGradient: PrimitiveImplementation {
  /// The elements of the columns of a chunk, half a megabyte.
  private static let columnLimit = 1 << 17

  private let shape: ConvolutionShape
  private let columns: ImageColumns
  private let chunks: Chunks
  /// The product of a chunk, and the product of a shorter last chunk.
  private let products: [MatMul]
  /// Copies row-major W to a matrix in the order of the columns: [out, kernel…, in].
  private let weights: CopyRegion

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
    weights = CopyRegion([
      CopyRegion.Axis(width, source: depth, target: depth),
      CopyRegion.Axis(elements, source: 1, target: inputs),
      CopyRegion.Axis(inputs, source: elements, target: 1),
    ])
  }

  var name: String { "columns, \(products[0].name)" }

  var packing: (any WeightPacking)? {
    shape.direction == .backwardData
      ? ColumnPacking(region: weights, count: shape.weightCount) : nil
  }

  /// The scratch ranges of a chunk's columns, of a weight gradient in column order, and of the
  /// products.
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
      throw KernelError("a convolution lacks its scratch memory")
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
    let chunked = chunkedProduct(
      columns, chunks, kernels, isOfWeights: isOfWeights, images: images, memory: memory,
      outputGradient: outputGradient, width: shape.outputChannels)
    if isOfWeights {
      return KernelSequence([
        fill(gradient, with: 0), chunked,
        regionCopy(weights.reversed, from: gradient, to: operands[2].checked(shape.weightCount)),
      ])
    }
    return memory == nil ? chunked : KernelSequence([fill(images, with: 0), chunked])
  }
}

/// Multiplies with the columns of images, one chunk of positions at a time.
///
/// - Parameters:
///   - kernels: the kernel of a chunk, and the kernel of a shorter last chunk.
///   - isOfWeights: true if the columns are the right operand. Otherwise they are the result.
///   - images: x or ∂x.
///   - memory: the columns of a chunk. Nil if the images themselves are the columns.
///   - width: the channels of ∂y.
private func chunkedProduct(
  _ columns: ImageColumns, _ chunks: Chunks, _ kernels: [PrimitiveKernel], isOfWeights: Bool,
  images: FloatView, memory: FloatView?, outputGradient: FloatView, width: Int
) -> some Kernel {
  @Sendable @inline(__always)
  func rows(_ rows: Range<Int>, of matrix: FloatView, _ length: Int) -> FloatView {
    matrix[rows.lowerBound &* length..<rows.upperBound &* length]
  }
  return PreparedLoop {
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
}

/// Positions in chunks of equal length. The last chunk may be shorter.
private struct Chunks: Sendable {
  let total: Int
  /// The positions of every chunk but the last.
  let length: Int

  /// Divides `total` positions into chunks.
  ///
  /// - Parameters:
  ///   - unit: the positions that stay together if `limit` allows it.
  ///   - limit: the most positions of a chunk. A chunk has at least one.
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

  /// The distinct lengths: that of all chunks but the last, and that of the last.
  var lengths: [Int] {
    let last = range(count - 1).count
    return last == length ? [length] : [length, last]
  }
}

/// Copies row-major weights to a matrix in the order of the columns.
private struct ColumnPacking: WeightPacking {
  let region: CopyRegion
  let count: Int

  var operand: Int { 1 }

  func isAlike(_ other: any WeightPacking) -> Bool { (other as? ColumnPacking)?.region == region }

  func kernel(from plain: FloatView, to packed: FloatView) -> any Kernel {
    regionCopy(region, from: plain, to: packed)
  }
}
