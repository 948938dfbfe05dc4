import Kernels
import Oracles
import Plans
import Tensors
import Testing
import Threads

/// A plan in which y = x + x is a cheap result.
///
/// Both passes read y. The sums between the two readers use the bytes of y if y is discarded.
private struct Recorder {
  let plan: TestPlan
  let x: Slot
  let y: Slot
  let result: Slot

  struct Options: CustomTestStringConvertible {
    var testDescription: String
    var sliceCount = 1
    var keepsY = false
    var readsXAgain = true
    var changesX = false
    var readsYJointly = false
    var isRepeatable = true
  }

  init(_ options: Options) {
    let plan = TestPlan(batchSize: 5, sliceCount: options.sliceCount)
    let shape = Shape([5, 40])
    func slot(_ name: String) -> Slot { plan.builder.batchSlot(name, shape) }
    func copy(_ from: Slot, to result: Slot) {
      plan.builder.record("copy", reads: [from], writes: [result]) { binding in
        let result = binding.floats(result)
        return Kernels.copy(binding.floats(from), to: result, count: result.count)
      }
    }
    func add(_ name: String, _ parts: [Slot], to result: Slot, isRepeatable: Bool = false) {
      plan.builder.primitive(name, reads: parts, to: result) { examples in
        let sum = SumShape(parts: parts.count, count: examples * 40)
        return isRepeatable ? RepeatableSum(sum: sum) : sum
      }
    }
    (x, y, result) = (plan.input("x", shape, (0..<200).map(Float.init)), slot("y"), slot("result"))
    add("double", [x, x], to: y, isRepeatable: options.isRepeatable)
    // Three of these tensors are alive at once.
    var chain = [slot("z0"), slot("z1")]
    copy(y, to: chain[0])
    copy(chain[0], to: chain[1])
    for index in 2..<6 {
      chain.append(slot("z\(index)"))
      add("sum", [chain[index - 2], chain[index - 1]], to: chain[index])
    }
    var last = chain[5]
    if options.changesX { copy(last, to: x) }
    if options.keepsY { plan.builder.keep(y) }
    plan.builder.isBackward = true
    if options.readsYJointly {
      let (part, y) = (slot("part"), y)
      plan.builder.recordJoint("joint copy", reads: [y], writes: [part]) { binding in
        Kernels.copy(binding.floats(y), to: binding.floats(part), count: 200)
      }
      last = part
    }
    let sum = slot("sum")
    add("sum", [last, y], to: sum)
    if options.readsXAgain { add("sum", [sum, x], to: result) } else { copy(sum, to: result) }
    plan.builder.keep(result)
    self.plan = plan
  }

  /// The operations and their results.
  func run(keptLimit: Int) throws -> (names: [String], values: [Float], bytes: Int, lives: Int) {
    plan.builder.keptLimit = keptLimit
    let compiled = try plan.compile()
    plan.run(on: Workers(count: 2), times: 2)
    return (
      compiled.schedule.operations.map(\.name), plan.values(of: result), compiled.arenaBytes,
      compiled.schedule.lives[y.index].count
    )
  }
}

/// A sum that a plan may compute again.
private struct RepeatableSum: PrimitiveShape {
  let sum: SumShape

  func implementation() -> any PrimitiveImplementation { sum.implementation() }
  var isRepeatable: Bool { true }
}

@Suite("Recomputation") struct RecomputationTests {
  @Test(
    "gives the bytes of a cheap result up between the directions, and the same values",
    arguments: [1, 2, 5])
  func givesUp(sliceCount: Int) throws {
    let recorder = Recorder(.init(testDescription: "", sliceCount: sliceCount))
    // x, y and the last sum are kept: 2,400 bytes.
    let kept = try recorder.run(keptLimit: 2_400)
    let again = try recorder.run(keptLimit: 2_399)
    let between = ["copy", "copy", "sum", "sum", "sum", "sum"]
    #expect(kept.names == ["input", "double"] + between + ["sum", "sum"])
    #expect(again.names == ["input", "double"] + between + ["double again", "sum", "sum"])
    #expect(again.values == (0..<200).map { Float($0 * 19) } && again.values == kept.values)
    #expect(kept.lives == 1 && again.lives == 2)
    #expect(again.bytes < kept.bytes)
  }

  fileprivate static let obstacles: [Recorder.Options] = [
    .init(testDescription: "it is read after the run", keepsY: true),
    .init(testDescription: "its operand is no longer available", readsXAgain: false),
    .init(testDescription: "its operand has changed", changesX: true),
    .init(testDescription: "a joint step reads it", sliceCount: 2, readsYJointly: true),
    .init(testDescription: "it is expensive", isRepeatable: false),
  ]

  @Test("does not happen if", arguments: obstacles)
  fileprivate func doesNotHappen(options: Recorder.Options) throws {
    let recorder = Recorder(options)
    let kept = try recorder.run(keptLimit: .max)
    let again = try recorder.run(keptLimit: 0)
    #expect(again.names == kept.names && again.values == kept.values)
    #expect(!kept.names.contains { $0.contains("again") })
  }

  @Test("does not happen if all tensors are kept for inspection")
  func traced() throws {
    let recorder = Recorder(.init(testDescription: ""))
    recorder.plan.builder.keptLimit = 0
    let compiled = try recorder.plan.compile(sharesBytes: false)
    #expect(!compiled.schedule.operations.contains { $0.role == .recomputed })
  }
}
