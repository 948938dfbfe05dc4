package import Kernels
package import Tensors

/// Records the work of layers and solvers: tensors, and kernels in the order of computation.
///
/// Recording does not compute anything. ``Plan`` chooses memory and implementations from the whole
/// record.
package struct PlanBuilder: Sendable {
  /// The number of examples in a batch. 0 for a plan without examples (an update).
  package let batchSize: Int
  /// The number of slices of the batch.
  package let sliceCount: Int
  package private(set) var slots: [SlotDescription] = []
  package private(set) var operations: [Operation] = []
  /// True if no parameter changes during the life of the plan. Then the plan may keep each
  /// parameter in the layout that a kernel chooses.
  package let hasConstantParameters: Bool
  /// The byte limit for tensors kept for the backward pass. Above the limit, cheap results are
  /// computed again instead of being kept. Below it, speed is more important than memory.
  package var keptLimit = 1 << 27
  /// The layer that is recording, for printing.
  package var layer = ""
  /// True while the backward pass is recorded.
  package var isBackward = false

  package init(batchSize: Int, sliceCount: Int, hasConstantParameters: Bool = false) {
    precondition(sliceCount >= 1 && (batchSize == 0 || sliceCount <= batchSize), "empty slices")
    self.batchSize = batchSize
    self.sliceCount = sliceCount
    self.hasConstantParameters = hasConstantParameters
  }

  /// The examples of slice `index`. The sizes of slices differ by at most one example.
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
      SlotDescription(name: name, shape: shape, extent: .rows, element: .float, layout: layout))
  }

  /// A tensor in the plan's memory that all slices see.
  package mutating func sharedSlot(_ name: String, _ shape: Shape) -> Slot {
    add(SlotDescription(name: name, shape: shape, extent: .shared, element: .float))
  }

  /// A tensor in memory that outlives the plan.
  ///
  /// - Parameter view: the memory. Nil to estimate a plan before its memory exists.
  package mutating func externalSlot(_ name: String, _ shape: Shape, _ view: FloatView?) -> Slot {
    add(
      SlotDescription(
        name: name, shape: shape, extent: .shared, element: .float, lifetime: .external(view)))
  }

  /// Adds `count` sums over examples in double precision. Returns a tensor for the part of each
  /// slice, and one for the total of the batch.
  ///
  /// The total is kept after a run. `sum` records the addition.
  package mutating func statistics(
    _ name: String, count: Int
  ) -> (part: Slot, total: Slot) {
    let total = add(
      SlotDescription(
        name: name, shape: Shape([count]), extent: .shared, element: .double, lifetime: .run))
    guard sliceCount > 1 else { return (total, total) }
    return (partialStatistics("\(name) part", count: count), total)
  }

  /// The tensor for a slice's part of a `total` that ``statistics(_:count:)`` created. If the batch
  /// is one slice, the part is the total itself.
  package func part(ofStatistics total: Slot) -> Slot {
    guard sliceCount > 1 else { return total }
    let part = Slot(index: total.index + 1)
    precondition(slots[part.index].element == .double, "a total of statistics has no part")
    return part
  }

  /// `count` sums in double precision for each slice. A joint kernel reads them with
  /// `Binding.allDoubles`.
  package mutating func partialStatistics(_ name: String, count: Int) -> Slot {
    add(SlotDescription(name: name, shape: Shape([count]), extent: .slice, element: .double))
  }

  /// Keeps the tensor's values until they are read after the run.
  package mutating func keep(_ slot: Slot) {
    if !slots[slot.index].isExternal { slots[slot.index].lifetime = .run }
    joinRows(of: slot)
  }

  /// Stores the rows of all slices together.
  private mutating func joinRows(of slot: Slot) {
    if slots[slot.index].extent == .rows { slots[slot.index].extent = .batch }
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

  /// Records a kernel that runs once for the whole batch, after all slices have reached this point.
  ///
  /// - Parameters:
  ///   - tiles: the number of parts of the result that different workers may compute.
  ///   - role: the purpose of the work. Nil for a part of the current pass. A preparation comes
  ///     first, unless the plan changes its operands.
  package mutating func recordJoint(
    _ name: String, reads: [Slot], writes: [Slot], tiles: Int = 1, role: Operation.Role? = nil,
    _ makeKernel: @escaping @Sendable (Binding) throws(KernelError) -> any Kernel
  ) {
    append(name, reads, writes, .joint(tiles: tiles), .kernel(makeKernel), role: role)
  }

  /// y = f(x), element by element. If the previous operation is the primitive that produces x, both
  /// are fused.
  package mutating func nonlinearity(_ function: Nonlinearity, from x: Slot, to y: Slot) {
    // After fusion, y replaces x.
    if slots[x.index].extent == .batch { joinRows(of: y) }
    let width = shape(of: y).example.count
    primitive(function.description, reads: [x], to: y) { examples in
      NonlinearityShape(function, count: examples * width)
    }
  }

  /// ∂x = f′(x)·∂y, element by element, with f′ from y. If the previous operation is the primitive
  /// that produces ∂y, both are fused.
  package mutating func nonlinearityGradient(
    _ function: Nonlinearity, y: Slot, _ dy: Slot, to dx: Slot
  ) {
    // After fusion, ∂x replaces ∂y, and the step that produces it reads y.
    if slots[dy.index].extent == .batch {
      for slot in [y, dx] { joinRows(of: slot) }
    }
    let width = shape(of: dx).example.count
    primitive("\(function.description) gradient", reads: [y, dy], to: dx) { examples in
      NonlinearityGradientShape(function, count: examples * width)
    }
  }

  /// y = Σ parts, element by element. All parts have the layout of y.
  package mutating func elementSum(_ parts: [Slot], to y: Slot) {
    // After fusion, y replaces one part, and the step that produces this part reads the others.
    if parts.contains(where: { slots[$0.index].extent == .batch }) {
      for slot in parts + [y] { joinRows(of: slot) }
    }
    let width = shape(of: y).example.count
    primitive("sum", reads: parts, to: y) { examples in
      SumShape(parts: parts.count, count: examples * width)
    }
  }

  /// Records a primitive that every slice runs on its rows. Its operands are `reads` and `result`,
  /// in this order.
  ///
  /// Following operations are fused into it if the shapes allow that and no other operation reads
  /// the result.
  ///
  /// - Parameter shape: returns the work for a number of examples.
  package mutating func primitive(
    _ name: String, reads: [Slot], to result: Slot,
    shape: @escaping @Sendable (_ examples: Int) -> any PrimitiveShape
  ) {
    primitive(name, reads: reads, writes: [result], operands: reads + [result], shape: shape)
  }

  /// Records a primitive that every slice runs on its rows.
  ///
  /// - Parameters:
  ///   - operands: the operands in the order that the shape documents. Each is in `reads` or
  ///     `writes`.
  ///   - shape: returns the work for a number of examples.
  package mutating func primitive(
    _ name: String, reads: [Slot], writes: [Slot], operands: [Slot],
    shape: @escaping @Sendable (_ examples: Int) -> any PrimitiveShape
  ) {
    let request = PrimitiveRequest(operands: operands) { shape($0.examples.count) }
    append(name, reads, writes, .slice, .primitive(request))
  }

  /// result = x, in the layout of the result's slot.
  package mutating func reorder(_ x: Slot, to result: Slot) {
    // Uses the result's shape, since x may be a view of a tensor with another shape.
    let (shape, from, to) = (shape(of: result), layout(of: x), layout(of: result))
    primitive("reorder", reads: [x], to: result) { examples in
      ReorderShape(axes: [examples] + shape.axes.dropFirst(), from: from, to: to)
    }
  }

  /// result[c] = Σ x[r, c] over all rows of all examples.
  package mutating func columnSum(_ x: Slot, rowsPerExample: Int, columns: Int, to result: Slot) {
    sumOverSlices(result) { builder, part in
      builder.record("column sum", reads: [x], writes: [part]) { binding in
        Kernels.columnSum(
          of: binding.floats(x), rows: binding.examples.count * rowsPerExample, columns: columns,
          to: binding.floats(part))
      }
    }
  }

  /// Adds the slices' parts of a statistic.
  package mutating func sum(_ part: Slot, to total: Slot) {
    guard part != total else { return }
    recordJoint("sum of slices", reads: [part], writes: [total]) { binding in
      statisticSum(of: binding.allDoubles(part), to: binding.doubles(total))
    }
  }

  /// result = Σ parts, in order: the gradient of a tensor with several readers.
  package mutating func sum(_ parts: [Slot], to result: Slot) {
    let work: @Sendable (Binding) -> any Kernel = { binding in
      let result = binding.floats(result)
      return elementwiseSum(of: parts.map(binding.floats), to: result, count: result.count)
    }
    if case .shared = slots[result.index].extent, sliceCount > 1 {
      recordJoint("sum", reads: parts, writes: [result], role: .deferredSum, work)
    } else {
      record("sum", reads: parts, writes: [result], work)
    }
  }

  /// Records the computation of a slice's part of `result`, and the sum of the parts if there are
  /// several slices.
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
    recordJoint("sum of slices", reads: [part], writes: [result], role: .deferredSum) { binding in
      elementwiseSum(
        of: binding.allFloats(part), to: binding.floats(result), count: description.shape.count)
    }
  }

  mutating func append(
    _ name: String, _ reads: [Slot], _ writes: [Slot], _ scope: Operation.Scope,
    _ work: Operation.Work, role: Operation.Role? = nil
  ) {
    let exchanges = exchanges(scope, reads + writes)
    for case .rows(let slot) in exchanges { joinRows(of: slot) }
    operations.append(
      Operation(
        name: name, layers: [layer], reads: reads, writes: writes, scope: scope,
        exchanges: exchanges, work: work, role: role ?? (isBackward ? .backward : .forward)))
  }

  /// The tensors that an operation exchanges with the slices. Empty for an operation that is not a
  /// joint step.
  func exchanges(_ scope: Operation.Scope, _ slots: [Slot]) -> [Operation.Exchange] {
    guard scope != .slice else { return [] }
    return slots.compactMap { slot in
      switch self.slots[slot.index].extent {
      case .slice: .parts(slot)
      case .rows, .batch: .rows(slot)
      case .shared: nil
      }
    }
  }
}
