import Kernels
import Oracles
import Plans
import Tensors
import Testing

@Suite("A timed run") struct PlanTimerTests {
  @Test("computes the same as a run by workers", arguments: 1...4)
  func results(sliceCount: Int) throws {
    for seed in 0..<100 {
      let random = RandomPlan(seed: seed, sliceCount: sliceCount)
      let timer = PlanTimer(try random.plan.compile())
      random.reset()
      var seconds = timer.works.map { _ in 0.0 }
      timer.run(clock: { 0 }, addingTo: &seconds)
      #expect(random.mismatch == nil, "seed \(seed)")
    }
  }

  @Test("gives every operation only the time of its own kernels")
  func times() throws {
    let plan = TestPlan(batchSize: 7, sliceCount: 3)
    plan.builder.layer = "first"
    let x = plan.input("x", Shape([7, 2]), (0..<14).map(Float.init))
    let y = plan.builder.batchSlot("y", Shape([7, 2]))
    plan.builder.layer = "second"
    plan.builder.isBackward = true
    plan.builder.nonlinearity(.tanh, from: x, to: y)
    let (sum, _) = plan.external("sum", Shape([2]), [0, 0])
    plan.builder.layer = "third"
    plan.builder.columnSum(y, rowsPerExample: 1, columns: 2, to: sum)
    let timer = PlanTimer(try plan.compile())
    #expect(timer.works.map(\.layers) == [["first"], ["second"], ["third"], ["third"]])
    #expect(timer.works.map(\.isBackward) == [false, true, true, true])
    var now = 0.0
    var seconds = [1.0, 0, 0, 0]
    timer.run(
      clock: {
        now += 1
        return now
      }, addingTo: &seconds)
    // Each slice has one kernel, and the sum of the slices is one kernel. The first time is added
    // to the initial value.
    #expect(seconds == [4, 3, 3, 1])
  }

  @Test("names both layers of a fused operation")
  func fused() throws {
    let plan = TestPlan(batchSize: 2, sliceCount: 1)
    let x = plan.input("x", Shape([2, 2]), [1, 2, 3, 4])
    let (weight, _) = plan.external("weight", Shape([2, 2]), [1, 0, 0, 1])
    let z = plan.builder.batchSlot("z", Shape([2, 2]))
    let y = plan.builder.batchSlot("y", Shape([2, 2]))
    plan.builder.layer = "ip+1"
    plan.builder.product(x, weight, order: .rowMajor, depth: 2, columns: 2, to: z)
    plan.builder.layer = "tanh1"
    plan.builder.nonlinearity(.tanh, from: z, to: y)
    plan.builder.keep(y)
    let timer = PlanTimer(try plan.compile())
    #expect(timer.works.map(\.layers) == [[""], ["ip+1", "tanh1"]])
  }
}
