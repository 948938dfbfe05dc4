package import Kernels
package import Tensors

/// What layers and solvers record their work into: tensors, and kernels in the order of their computation.
///
/// Recording computes nothing. ``Plan`` decides memory and implementations from the whole record.
package struct PlanBuilder: Sendable {
  /// Examples in a batch; 0 for a plan that sees none (an update).
  package let batchSize: Int
  /// Slices that the batch is cut into.
  package let sliceCount: Int
  package private(set) var slots: [SlotDescription] = []
  package private(set) var operations: [Operation] = []
  /// True where no parameter changes while the plan is there, so that each may be kept in a layout of its own.
  package let hasConstantParameters: Bool
  /// Where tensors that wait for the backward direction take more bytes than this, what is cheap is computed again
  /// instead of being kept; below it, time is dearer than memory.
  package var keptLimit = 1 << 27
  /// Who is recording, for printing.
  package var layer = ""
  /// True while the backward direction is recorded.
  package var isBackward = false

  package init(batchSize: Int, sliceCount: Int, hasConstantParameters: Bool = false) {
    precondition(sliceCount >= 1 && (batchSize == 0 || sliceCount <= batchSize), "empty slices")
    self.batchSize = batchSize
    self.sliceCount = sliceCount
    self.hasConstantParameters = hasConstantParameters
  }

  /// The examples of slice `index`: slices differ by at most one example.
  package func examples(ofSlice index: Int) -> Range<Int> {
    batchSize * index / sliceCount..<batchSize * (index + 1) / sliceCount
  }

  // MARK: Tensors

  private mutating func add(_ slot: SlotDescription) -> Slot {
    slots.append(slot)
    return Slot(index: slots.count - 1)
  }

  /// A tensor whose first axis counts the examples of the batch.
  package mutating func batchSlot(
    _ name: String, _ shape: Shape, layout: TensorLayout = .plain
  ) -> Slot {
    add(
      SlotDescription(name: name, shape: shape, extent: .batch, element: .float, layout: layout))
  }

  /// One tensor that all slices see, in the plan's memory.
  package mutating func sharedSlot(_ name: String, _ shape: Shape) -> Slot {
    add(SlotDescription(name: name, shape: shape, extent: .shared, element: .float))
  }

  /// Memory that lives longer than the plan.
  ///
  /// - Parameter view: nil to estimate a plan before there is the memory.
  package mutating func externalSlot(_ name: String, _ shape: Shape, _ view: FloatView?) -> Slot {
    add(
      SlotDescription(
        name: name, shape: shape, extent: .shared, element: .float, isExternal: true,
        external: view))
  }

  /// `count` sums over examples in double precision: a slice's part, and the batch's total, which is kept after the
  /// plan has run. `sum` records the addition.
  package mutating func statistics(
    _ name: String, count: Int
  ) -> (part: Slot, total: Slot) {
    let total = add(
      SlotDescription(
        name: name, shape: Shape([count]), extent: .shared, element: .double, isKept: true))
    guard sliceCount > 1 else { return (total, total) }
    return (partialStatistics("\(name) part", count: count), total)
  }

  /// A slice's part of a `total` that ``statistics(_:count:)`` made; the total itself if the batch is one slice.
  package func part(ofStatistics total: Slot) -> Slot {
    guard sliceCount > 1 else { return total }
    let part = Slot(index: total.index + 1)
    precondition(slots[part.index].element == .double, "a total of statistics has no part")
    return part
  }

  /// `count` sums in double precision of every slice's own; `Binding.allDoubles` gives them to a joint kernel.
  package mutating func partialStatistics(_ name: String, count: Int) -> Slot {
    add(
      SlotDescription(
        name: name, shape: Shape([count]), extent: .slice, element: .double))
  }

  /// Keeps the tensor's values until somebody has read them after the run.
  package mutating func keep(_ slot: Slot) {
    slots[slot.index].isKept = true
    slots[slot.index].isContiguous = true
  }

  package func shape(of slot: Slot) -> Shape { slots[slot.index].shape }
  package func layout(of slot: Slot) -> TensorLayout { slots[slot.index].layout }

  // MARK: Operations

  /// Records a kernel that every slice runs on its rows.
  package mutating func record(
    _ name: String, reads: [Slot], writes: [Slot],
    _ makeKernel: @escaping @Sendable (Binding) throws(KernelError) -> any Kernel
  ) {
    append(name, reads, writes, .slice, .kernel(makeKernel))
  }

  /// Records a kernel that runs once for the whole batch, after all slices have come this far.
  ///
  /// - Parameters:
  ///   - tiles: how many parts of the result may be computed by different workers.
  ///   - isDeferred: true for a sum over the batch that nothing before the end of the plan reads.
  ///   - isPreparation: true for what follows from parameters, which comes first unless the plan changes them.
  package mutating func recordJoint(
    _ name: String, reads: [Slot], writes: [Slot], tiles: Int = 1, isDeferred: Bool = false,
    isPreparation: Bool = false,
    _ makeKernel: @escaping @Sendable (Binding) throws(KernelError) -> any Kernel
  ) {
    append(
      name, reads, writes, .joint(tiles: tiles), .kernel(makeKernel), isDeferred: isDeferred,
      isPreparation: isPreparation)
  }

  /// y = f(x), example by example; fused into the product that makes x, where that is the operation before.
  package mutating func nonlinearity(_ function: Nonlinearity, from x: Slot, to y: Slot) {
    // Fused, y takes the place of x.
    if slots[x.index].isContiguous { slots[y.index].isContiguous = true }
    append(function.description, [x], [y], .slice, .nonlinearity(function))
  }

  /// Records a primitive that every slice runs on its rows.
  ///
  /// - Parameters:
  ///   - operands: in the order that the shape documents, each among `reads` or `writes`.
  ///   - shape: the work on so many examples.
  package mutating func primitive(
    _ name: String, reads: [Slot], writes: [Slot], operands: [Slot],
    shape: @escaping @Sendable (_ examples: Int) -> any PrimitiveShape
  ) {
    append(
      name, reads, writes, .slice,
      .primitive(PrimitiveRequest(operands: operands, shape: { examples, _ in shape(examples) })))
  }

  /// y = x convolved with the weights, + bias; the sum of y and another tensor, and a nonlinearity, become part of it
  /// where they follow.
  ///
  /// - Parameter shape: of so many examples, with this nonlinearity.
  package mutating func convolution(
    _ x: Slot, _ weights: Slot, bias: Slot?, to y: Slot,
    shape: @escaping @Sendable (_ examples: Int, Nonlinearity?) -> ConvolutionShape
  ) {
    let reads = [x, weights] + (bias.map { [$0] } ?? [])
    var request = PrimitiveRequest(operands: reads + [y], canFuse: true, shape: shape)
    if shape(1, nil).canAdd {
      request.shapeWithAddend = { examples, nonlinearity in
        var sum = shape(examples, nonlinearity)
        sum.hasAddend = true
        return sum
      }
    }
    append("convolution", reads, [y], .slice, .primitive(request))
  }

  /// y = Σ parts, element by element, all in the layout of y; part of a convolution that makes one of two.
  package mutating func elementSum(_ parts: [Slot], to y: Slot) {
    let width = slots[y.index].shape.example.count
    var request = PrimitiveRequest(operands: parts + [y], canFuse: true) { examples, nonlinearity in
      SumShape(count: examples * width, nonlinearity: nonlinearity)
    }
    request.isSum = true
    append("sum", parts, [y], .slice, .primitive(request))
  }

  /// Records a primitive of the operands `reads` and `result`, in this order; a nonlinearity of the result that follows
  /// becomes part of it.
  ///
  /// - Parameters:
  ///   - isRepeatable: true for one pass over memory, which may run again instead of its result being kept.
  ///   - shape: the work on so many examples, with this nonlinearity.
  package mutating func fusible(
    _ name: String, reads: [Slot], to result: Slot, isRepeatable: Bool = false,
    shape: @escaping @Sendable (_ examples: Int, Nonlinearity?) -> any PrimitiveShape
  ) {
    append(
      name, reads, [result], .slice,
      .primitive(PrimitiveRequest(operands: reads + [result], canFuse: true, shape: shape)),
      isRepeatable: isRepeatable)
  }

  /// ∂weights = the sum over all examples of what `shape` makes of x and ∂y, slices added in their order.
  package mutating func convolutionGradient(
    _ x: Slot, _ dy: Slot, to result: Slot,
    shape: @escaping @Sendable (_ examples: Int) -> ConvolutionShape
  ) {
    sumOverSlices(result) { builder, part in
      builder.primitive(
        "convolution gradient", reads: [x, dy], writes: [part], operands: [x, dy, part],
        shape: shape)
    }
  }

  /// result = x, in the layout that its slot has.
  package mutating func reorder(_ x: Slot, to result: Slot) {
    // The result's shape: x may be the view of a tensor of another.
    let (shape, from, to) = (shape(of: result), layout(of: x), layout(of: result))
    primitive("reorder", reads: [x], writes: [result], operands: [x, result]) { examples in
      ReorderShape(axes: [examples] + shape.axes.dropFirst(), from: from, to: to)
    }
  }

  /// result[n, columns] = left[n, depth] · right[depth, columns] + bias[columns], n counting the examples.
  ///
  /// Where every slice would read much of weights again, this is a joint step: one product of the whole batch, cut
  /// into tiles of its columns. Otherwise each slice makes the product of its examples.
  package mutating func product(
    _ left: Slot, _ right: Slot, order: ProductShape.Order, depth: Int, columns: Int,
    bias: Slot? = nil, to result: Slot
  ) {
    let request = ProductRequest(
      kind: .examples(depth: depth, columns: columns, right: order), left: left, right: right,
      bias: bias,
      isRightConstant: hasConstantParameters && slots[right.index].isExternal, result: result)
    let isJoint =
      sliceCount > 1 && !hasConstantParameters
      && depth * columns >= PlanBuilder.jointProductCount
    let tiles = max(1, min(sliceCount, columns / PlanBuilder.tileColumns))
    append(
      "product", [left, right] + (bias.map { [$0] } ?? []), [result],
      isJoint ? .joint(tiles: tiles) : .slice, .product(request))
  }

  /// result[rows, columns] = left[n, rows]ᵀ · right[n, columns], summed over all examples of the batch.
  ///
  /// Where a slice's copy of the result would cost more than it saves, this is a joint step: one product over the
  /// whole batch, cut into tiles of its rows. Otherwise each slice makes its part, and the parts are added in order.
  package mutating func gradientProduct(
    _ left: Slot, _ right: Slot, rows: Int, columns: Int, to result: Slot
  ) {
    var request = ProductRequest(
      kind: .gradient(rows: rows, columns: columns), left: left, right: right, bias: nil,
      result: result)
    guard sliceCount > 1, rows * columns >= PlanBuilder.jointGradientCount else {
      sumOverSlices(result) { builder, part in
        request.result = part
        builder.append("gradient", [left, right], [part], .slice, .product(request))
      }
      return
    }
    let tiles = PlanBuilder.tiles(
      multiplications: Double(rows) * Double(columns) * Double(batchSize), rows: rows)
    append(
      "gradient", [left, right], [result], .joint(tiles: tiles), .product(request), isDeferred: true
    )
  }

  /// result = left · right, matrices in which no axis counts examples: a step of a solver, cut into tiles of the
  /// result's rows.
  package mutating func matrixProduct(
    _ left: Slot, _ right: Slot, _ shape: ProductShape, to result: Slot
  ) {
    let request = ProductRequest(
      kind: .matrix(shape), left: left, right: right, bias: nil, result: result)
    let tiles = PlanBuilder.tiles(
      multiplications: Double(shape.rows) * Double(shape.depth) * Double(shape.columns),
      rows: shape.rows)
    append("product", [left, right], [result], .joint(tiles: tiles), .product(request))
  }

  /// result[c] = Σ x[r, c] over all rows of all examples.
  package mutating func columnSum(_ x: Slot, rowsPerExample: Int, columns: Int, to result: Slot) {
    sumOverSlices(result) { builder, part in
      builder.record("column sum", reads: [x], writes: [part]) { binding in
        ColumnSum(
          of: binding.floats(x), rows: binding.examples.count * rowsPerExample, columns: columns,
          to: binding.floats(part))
      }
    }
  }

  /// Adds the slices' parts of a statistic.
  package mutating func sum(_ part: Slot, to total: Slot) {
    guard part != total else { return }
    recordJoint("sum of slices", reads: [part], writes: [total]) { binding in
      StatisticSum(of: binding.allDoubles(part), to: binding.doubles(total))
    }
  }

  /// Σ parts, in their order: the gradient of a tensor with several readers.
  package mutating func sum(_ parts: [Slot], to result: Slot) {
    let work: @Sendable (Binding) -> any Kernel = { binding in
      let result = binding.floats(result)
      return Sum(of: parts.map(binding.floats), to: result, count: result.count)
    }
    if case .shared = slots[result.index].extent, sliceCount > 1 {
      recordJoint("sum", reads: parts, writes: [result], isDeferred: true, work)
    } else {
      record("sum", reads: parts, writes: [result], work)
    }
  }

  /// Records what makes a slice's part of `result`, and the sum of the parts where there are several.
  package mutating func sumOverSlices(
    _ result: Slot, _ recordPart: (inout PlanBuilder, Slot) -> Void
  ) {
    guard sliceCount > 1 else {
      recordPart(&self, result)
      return
    }
    let description = slots[result.index]
    let part = add(
      SlotDescription(
        name: "\(description.name) part", shape: description.shape, extent: .slice,
        element: .float))
    recordPart(&self, part)
    recordJoint("sum of slices", reads: [part], writes: [result], isDeferred: true) { binding in
      Sum(
        of: binding.allFloats(part), to: binding.floats(result), count: description.shape.count)
    }
  }

  private mutating func append(
    _ name: String, _ reads: [Slot], _ writes: [Slot], _ scope: Operation.Scope,
    _ work: Operation.Work, isDeferred: Bool = false, isPreparation: Bool = false,
    isRepeatable: Bool = false
  ) {
    if scope != .slice {
      for slot in reads + writes { slots[slot.index].isContiguous = true }
    }
    operations.append(
      Operation(
        name: name, layers: [layer], reads: reads, writes: writes, scope: scope, work: work,
        isDeferred: isDeferred, isPreparation: isPreparation, isBackward: isBackward,
        isRepeatable: isRepeatable))
  }

  // MARK: Rules

  /// From this many elements on, a weight gradient is a joint step (where there are several slices).
  private static let jointGradientCount = 16_384

  /// From this many elements of the right operand on, the product of all examples is a joint step (where there are
  /// several slices).
  private static let jointProductCount = 131_072

  /// The least columns of such a product's tile.
  private static let tileColumns = 128

  /// One tile for every twelve million multiplications (about 130 µs of one core), at most sixteen, of at least sixteen
  /// rows. Smaller ones are no less work to share, and oneDNN is slower in them.
  private static func tiles(multiplications: Double, rows: Int) -> Int {
    let wanted = Int(min(16, max(1, (multiplications / 12e6).rounded())))
    return max(1, min(wanted, rows / 16))
  }
}
