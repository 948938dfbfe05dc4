package import Kernels
package import Plans
package import Tensors
package import Threads

/// A plan under test, with its external memory.
package final class TestPlan {
  package var builder: PlanBuilder
  private var memory: [FloatStorage] = []
  private var plan: Plan?

  package init(batchSize: Int, sliceCount: Int, hasConstantParameters: Bool = false) {
    builder = PlanBuilder(
      batchSize: batchSize, sliceCount: sliceCount, hasConstantParameters: hasConstantParameters)
  }

  /// An external tensor of the batch. Every slice copies its rows.
  package func input(_ name: String, _ shape: Shape, _ values: [Float]) -> Slot {
    let slot = builder.batchSlot(name, shape)
    fill(slot, with: values)
    return slot
  }

  /// Copies an external tensor of the batch into the plan, slice by slice.
  ///
  /// - Returns: the memory that every run copies.
  @discardableResult package func fill(_ slot: Slot, with values: [Float]) -> FloatView {
    let (source, width) = (view(of: values), builder.shape(of: slot).example.count)
    precondition(values.count == builder.shape(of: slot).count, "values do not fill their shape")
    builder.record("input", reads: [], writes: [slot]) { binding in
      let rows = binding.examples
      let part = source[rows.lowerBound * width..<rows.upperBound * width]
      return copy(part, to: binding.floats(slot), count: part.count)
    }
    return source
  }

  /// External memory, such as that of a parameter.
  package func external(
    _ name: String, _ shape: Shape, _ values: [Float]
  ) -> (slot: Slot, view: FloatView) {
    let view = view(of: values)
    return (builder.externalSlot(name, shape, view), view)
  }

  private func view(of values: [Float]) -> FloatView {
    guard let storage = FloatStorage(count: max(values.count, 1)) else {
      preconditionFailure("no memory for a test's tensor")
    }
    for (index, value) in values.enumerated() { storage[index] = value }
    memory.append(storage)
    return FloatView(storage, 0..<values.count)
  }

  /// Compiles the recorded work.
  ///
  /// - Parameter sharesBytes: false to keep every tensor until the end.
  @discardableResult
  package func compile(sharesBytes: Bool = true) throws(KernelError) -> Plan {
    let plan = try Plan(builder, cache: ImplementationCache(), sharesBytes: sharesBytes)
    self.plan = plan
    return plan
  }

  /// Runs the compiled plan `count` times.
  package func run(on workers: Workers, times: Int = 1) {
    for _ in 0..<times { compiled.run(on: workers) }
  }

  /// The memory of a kept tensor.
  package func floats(_ slot: Slot) -> FloatView { compiled.floats(slot) }

  /// A kept tensor after the run.
  package func values(of slot: Slot) -> [Float] { floats(slot).values }

  /// The batch's statistics after the run.
  package func statistics(of slot: Slot) -> [Double] {
    let view = compiled.doubles(slot)
    return (0..<view.count).map { view[$0] }
  }

  private var compiled: Plan {
    guard let plan else { preconditionFailure("the plan is not compiled yet") }
    return plan
  }
}

extension View where Element == Float {
  /// A copy of the elements.
  package var values: [Float] { (0..<count).map { self[$0] } }
}
