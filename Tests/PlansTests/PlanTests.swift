import Kernels
import Oracles
import Plans
import Tensors
import Testing
import Threads

@Suite("Plans") struct PlanTests {
  @Test(
    "compute what was recorded, however it is sliced, shared and stored", .tags(.slow),
    arguments: 1...4)
  func randomPlans(sliceCount: Int) throws {
    let workers = [1, 2, 3].map { Workers(count: $0) }
    for seed in 0..<250 {
      let random = RandomPlan(seed: seed, sliceCount: sliceCount)
      for sharesBytes in [true, false] {
        try random.plan.compile(sharesBytes: sharesBytes)
        // The second run starts with the memory that the first run left.
        for workers in workers + workers {
          random.reset()
          random.plan.run(on: workers)
          #expect(random.mismatch == nil, "seed \(seed)")
        }
      }
    }
  }

  /// A layer of large products, forward and backward, in joint tiles and slices.
  private static func largeLayer(
    _ sliceCount: Int, hasConstantParameters: Bool = false
  ) throws -> (TestPlan, [Slot], [FloatView]) {
    let (batch, inputs, outputs) = (50, 130, 190)
    let plan = TestPlan(
      batchSize: batch, sliceCount: sliceCount, hasConstantParameters: hasConstantParameters)
    var numbers = SeededNumbers(seed: 91)
    let x = plan.input("x", Shape([batch, inputs]), numbers.floats(batch * inputs))
    let dy = plan.input("dy", Shape([batch, outputs]), numbers.floats(batch * outputs))
    let (weight, _) = plan.external(
      "weight", Shape([inputs, outputs]), numbers.floats(inputs * outputs))
    let (bias, _) = plan.external("bias", Shape([outputs]), numbers.floats(outputs))
    let z = plan.builder.batchSlot("z", Shape([batch, outputs]))
    let y = plan.builder.batchSlot("y", Shape([batch, outputs]))
    let dx = plan.builder.batchSlot("dx", Shape([batch, inputs]))
    plan.builder.product(
      x, weight, order: .rowMajor, depth: inputs, columns: outputs, bias: bias, to: z)
    plan.builder.nonlinearity(.tanh, from: z, to: y)
    plan.builder.product(dy, weight, order: .columnMajor, depth: outputs, columns: inputs, to: dx)
    let (weightGradient, weightView) = plan.external(
      "dw", Shape([inputs, outputs]), Array(repeating: .nan, count: inputs * outputs))
    let (biasGradient, biasView) = plan.external(
      "db", Shape([outputs]), Array(repeating: .nan, count: outputs))
    plan.builder.gradientProduct(x, dy, rows: inputs, columns: outputs, to: weightGradient)
    plan.builder.columnSum(dy, rowsPerExample: 1, columns: outputs, to: biasGradient)
    for slot in [y, dx] { plan.builder.keep(slot) }
    return (plan, [y, dx], [weightView, biasView])
  }

  @Test("have the same bits for any number of workers", arguments: [1, 2, 3, 5])
  func workers(sliceCount: Int) throws {
    let (plan, slots, views) = try PlanTests.largeLayer(sliceCount)
    let compiled = try plan.compile()
    #expect(compiled.implementations.contains("tiles"))
    func bits() -> [[UInt32]] {
      slots.map { plan.values(of: $0).map(\.bitPattern) }
        + views.map { $0.values.map(\.bitPattern) }
    }
    plan.run(on: Workers(count: 1))
    let expected = bits()
    #expect(!expected.joined().contains(Float.nan.bitPattern))
    for count in [2, 3, 4, 7] {
      let workers = Workers(count: count)
      for _ in 0..<5 {
        for view in views { view.fill(with: .nan) }
        plan.run(on: workers)
        #expect(bits() == expected, "\(count) workers")
      }
    }
  }

  @Test("differ only by rounding for any number of slices")
  func slices() throws {
    func values(_ sliceCount: Int) throws -> [Float] {
      let (plan, slots, views) = try PlanTests.largeLayer(sliceCount)
      try plan.compile()
      plan.run(on: Workers(count: 2))
      return slots.flatMap { plan.values(of: $0) } + views.flatMap(\.values)
    }
    let whole = try values(1)
    for sliceCount in [2, 3, 7, 50] {
      let sliced = try values(sliceCount)
      try #require(sliced.count == whole.count)
      let worst = zip(sliced, whole).reduce(Float(0)) { worst, pair in
        let error = abs(pair.0 - pair.1)
        return error <= worst ? worst : error
      }
      #expect(worst < 2e-5)
    }
  }

  @Test("differ only by rounding if parameters are constant", arguments: [1, 3])
  func constantParameters(sliceCount: Int) throws {
    var results: [[Float]] = []
    for isConstant in [false, true] {
      let (plan, slots, _) = try PlanTests.largeLayer(
        sliceCount, hasConstantParameters: isConstant)
      try plan.compile()
      // The second run reads the packed weights again.
      plan.run(on: Workers(count: 2), times: 2)
      results.append(slots.flatMap { plan.values(of: $0) })
    }
    try #require(results[0].count == results[1].count)
    for (plain, packed) in zip(results[0], results[1]) { #expect(abs(plain - packed) < 2e-5) }
  }

  @Test("name the implementation of every operation")
  func implementations() throws {
    let (plan, _, _) = try PlanTests.largeLayer(1)
    let compiled = try plan.compile()
    #expect(compiled.implementations.count == compiled.schedule.operations.count)
    #expect(compiled.schedule.operations.map(\.name).contains("product+tanh"))
    #expect(compiled.implementations.first == "swift")
  }

  @Test("refuse memory that is not available")
  func noMemory() {
    let plan = TestPlan(batchSize: 1, sliceCount: 1)
    let x = plan.builder.batchSlot("x", Shape([1, 1 << 58]))
    plan.builder.record("none", reads: [], writes: [x]) { _ in
      preconditionFailure("a plan without memory")
    }
    let error = #expect(throws: KernelError.self) { try plan.compile() }
    #expect(error?.message == "cannot allocate the memory of the plan")
  }
}
