package import Kernels

/// One recorded piece of work, before memory and implementation are decided.
package struct Operation: Sendable {
  /// Who does the work, and on what part of the batch.
  package enum Scope: Sendable, Equatable {
    /// Once for every slice, on its rows.
    case slice
    /// Once for the whole batch, cut into `tiles` parts of its result that workers share.
    case joint(tiles: Int)
  }

  package enum Work: Sendable {
    case product(ProductRequest)
    case nonlinearity(Nonlinearity)
    case primitive(PrimitiveRequest)
    /// Anything else: makes the kernel once the operands are bound.
    case kernel(@Sendable (Binding) throws(KernelError) -> any Kernel)
  }

  /// As `dlrun plan` prints it: "softmax".
  package let name: String
  /// The layers that recorded it, each once: several where it is fused.
  package let layers: [String]
  package let reads: [Slot]
  package let writes: [Slot]
  package let scope: Scope
  package let work: Work
  /// True for a sum over the batch that nobody needs before the last gradient is known: such joint steps are put off
  /// to the end, where they meet in one stage.
  package let isDeferred: Bool
  /// True for a joint step on parameters alone: all of them come first, and slices do not wait for each other later.
  package var isPreparation = false
  /// True for a part of the backward direction.
  package var isBackward = false
  /// True for one pass over memory that costs little beside what it follows: ``Recomputation`` may run it again.
  package var isRepeatable = false
  /// True where it computes again what was given up.
  package var isRepeat = false

  /// Its layers, as they are printed: "conv1+relu1".
  package var layer: String { layers.joined(separator: "+") }
}

/// A primitive whose extents follow from the number of examples.
package struct PrimitiveRequest: Sendable {
  /// In the order that the shape documents.
  package let operands: [Slot]
  /// True where a nonlinearity of the result can be part of the primitive. The result is then the last operand.
  package var canFuse = false
  package var nonlinearity: Nonlinearity?
  /// True for the sum of all operands but the last, which is the result.
  package var isSum = false
  /// The work on so many examples.
  package let shape: @Sendable (_ examples: Int, Nonlinearity?) -> any PrimitiveShape
  /// The same with one operand more, before the result, that is added to it; nil if it cannot be.
  package var shapeWithAddend: (@Sendable (_ examples: Int, Nonlinearity?) -> any PrimitiveShape)?

  /// The same with the nonlinearity of what was its result, which goes to `result`.
  func fusing(_ function: Nonlinearity, to result: Slot) -> PrimitiveRequest {
    var request = PrimitiveRequest(
      operands: operands.dropLast() + [result], canFuse: canFuse, shape: shape)
    request.nonlinearity = function
    return request
  }

  /// The same with `addend` added to what was its result, which goes to `result`; nil if it cannot be.
  func adding(_ addend: Slot, to result: Slot) -> PrimitiveRequest? {
    guard nonlinearity == nil, let shape = shapeWithAddend else { return nil }
    return PrimitiveRequest(
      operands: operands.dropLast() + [addend, result], canFuse: canFuse, shape: shape)
  }
}

/// A matrix product whose extents follow from the number of examples.
package struct ProductRequest: Sendable {
  package enum Kind: Sendable {
    /// result[n, columns] = left[n, depth] · right[depth, columns]: n counts the examples' rows.
    case examples(depth: Int, columns: Int, right: ProductShape.Order)
    /// result[rows, columns] = left[n, rows]ᵀ · right[n, columns]: a weight gradient, a sum over the examples.
    case gradient(rows: Int, columns: Int)
    /// A product that no example has a part in.
    case matrix(ProductShape)
  }

  package let kind: Kind
  package let left: Slot
  package let right: Slot
  package let bias: Slot?
  /// True where the right operand is a parameter that nothing changes while the plan is there.
  package var isRightConstant = false
  package var result: Slot
  package var nonlinearity: Nonlinearity?

  /// The part that `tile` of `tiles` computes of the product of `examples` examples: columns of a product that counts
  /// examples, rows of any other.
  func shape(examples: Int, tile: Int, tiles: Int) -> ProductShape {
    switch kind {
    case .examples(let depth, let columns, let right):
      let part = ProductRequest.extent(of: columns, tile: tile, tiles: tiles).count
      let isPart = part < columns
      return ProductShape(
        rows: examples, depth: depth, columns: part, right: right,
        rightPitch: isPart && right == .rowMajor ? columns : nil,
        resultPitch: isPart ? columns : nil, isRightConstant: isRightConstant,
        hasBias: bias != nil, nonlinearity: nonlinearity)
    case .gradient(let rows, let columns):
      return ProductShape(
        rows: ProductRequest.extent(of: rows, tile: tile, tiles: tiles).count, depth: examples,
        columns: columns, left: .columnMajor, leftPitch: rows)
    case .matrix(var shape):
      if shape.left == .columnMajor { shape.leftPitch = shape.rows }
      shape.rows = ProductRequest.extent(of: shape.rows, tile: tile, tiles: tiles).count
      return shape
    }
  }

  /// The rows, or columns, of the result that `tile` computes: blocks of 16, shared out as evenly as they go. There
  /// are at least as many blocks as tiles, so that no tile is empty.
  package static func extent(of count: Int, tile: Int, tiles: Int) -> Range<Int> {
    let blocks = (count + 15) / 16
    let (start, end) = (blocks * tile / tiles * 16, blocks * (tile + 1) / tiles * 16)
    return start..<min(count, end)
  }

  /// The operands of `tile`, from the whole tensors.
  func operands(_ binding: Binding) -> ProductOperands {
    let (left, result) = (binding.floats(left), binding.floats(result))
    let (rows, columns, firstOfRow): (Int, Int, Int)
    switch kind {
    case .examples(let depth, let columns, let order):
      let part = ProductRequest.extent(of: columns, tile: binding.tile, tiles: binding.tiles)
      let right = binding.floats(right)
      let first = part.lowerBound * (order == .rowMajor ? 1 : depth)
      return ProductOperands(
        left: left, right: right[first..<right.count],
        bias: bias.map { binding.floats($0)[part] },
        result: result[part.lowerBound..<result.count])
    case .gradient(let gradientRows, let gradientColumns):
      (rows, columns, firstOfRow) = (gradientRows, gradientColumns, 1)
    case .matrix(let shape):
      (rows, columns, firstOfRow) = (shape.rows, shape.columns, shape.leftStrides.row)
    }
    let tileRows = ProductRequest.extent(of: rows, tile: binding.tile, tiles: binding.tiles)
    return ProductOperands(
      left: left[tileRows.lowerBound * firstOfRow..<left.count], right: binding.floats(right),
      bias: nil,
      result: result[tileRows.lowerBound * columns..<tileRows.upperBound * columns])
  }
}

/// The operands of one operation in one slice, or in one tile of a joint step.
package struct Binding {
  /// Which of the batch's examples the operation sees.
  package let examples: Range<Int>
  package let tile: Int
  package let tiles: Int
  let resolveFloats: (Slot) -> FloatView
  let resolveDoubles: (Slot) -> DoubleView
  let resolveAllFloats: (Slot) -> [FloatView]
  let resolveAllDoubles: (Slot) -> [DoubleView]

  /// The slice's rows, or in a joint step the whole tensor.
  package func floats(_ slot: Slot) -> FloatView { resolveFloats(slot) }
  package func doubles(_ slot: Slot) -> DoubleView { resolveDoubles(slot) }

  /// Every slice's own tensor, in the order of the slices.
  package func allFloats(_ slot: Slot) -> [FloatView] { resolveAllFloats(slot) }
  package func allDoubles(_ slot: Slot) -> [DoubleView] { resolveAllDoubles(slot) }
}
