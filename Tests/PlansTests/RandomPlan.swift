import Kernels
import Oracles
import Plans
import Tensors

/// A random record of operations and its expected results.
///
/// All values are small integers, so that every sum is exact in any order of its terms. Therefore
/// the expected results do not depend on the number of slices.
struct RandomPlan {
  private struct Tensor {
    let slot: Slot
    let width: Int
    /// One row that all examples see.
    let isShared: Bool
    let values: [Float]
  }

  let plan: TestPlan
  private(set) var kept: [(slot: Slot, expected: [Float])] = []
  private(set) var sums: [(view: FloatView, expected: [Float])] = []
  private(set) var statistics: [(slot: Slot, expected: Double)] = []
  private let batchSize: Int
  private var numbers: SeededNumbers
  private var tensors: [Tensor] = []

  /// - Parameter seed: determines everything except the slices. There are at most as many slices as
  ///   examples.
  init(seed: Int, sliceCount: Int) {
    numbers = SeededNumbers(seed: seed)
    batchSize = Int.random(in: 1...9, using: &numbers)
    plan = TestPlan(batchSize: batchSize, sliceCount: min(sliceCount, batchSize))
    for index in 0..<Int.random(in: 1...3, using: &numbers) { recordInput(index) }
    for index in 0..<Int.random(in: 3...25, using: &numbers) {
      plan.builder.layer = "layer\(index)"
      switch Int.random(in: 0..<12, using: &numbers) {
      case 0..<5: recordMix()
      case 5..<8: recordProduct()
      case 8: recordJoint()
      case 9: recordColumnSum()
      case 10: recordGradient()
      default: recordStatistics()
      }
    }
    keep(tensors.count - 1)
  }

  /// The first difference from the expected results after a run. Nil if there is none.
  var mismatch: String? {
    for (slot, expected) in kept where plan.values(of: slot) != expected {
      return "tensor '\(plan.builder.slots[slot.index].name)' is \(plan.values(of: slot))"
        + " and not \(expected)"
    }
    for (view, expected) in sums where view.values != expected {
      return "a sum is \(view.values) and not \(expected)"
    }
    for (slot, expected) in statistics where plan.statistics(of: slot) != [expected] {
      return "a statistic is \(plan.statistics(of: slot)) and not \(expected)"
    }
    return nil
  }

  /// Overwrites the external memory, so that a second run must write it again.
  func reset() {
    for (view, _) in sums { view.fill(with: .nan) }
  }

  // MARK: Recording

  private mutating func integers(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float(Int.random(in: -3...3, using: &numbers)) }
  }

  /// A tensor of the batch that an earlier operation produced.
  private mutating func anyTensor() -> Tensor {
    let candidates = tensors.filter { !$0.isShared }
    return candidates[Int.random(in: 0..<candidates.count, using: &numbers)]
  }

  private mutating func add(_ slot: Slot, _ width: Int, _ values: [Float], isShared: Bool = false) {
    tensors.append(Tensor(slot: slot, width: width, isShared: isShared, values: values))
    if !isShared, Int.random(in: 0..<8, using: &numbers) == 0 { keep(tensors.count - 1) }
  }

  private mutating func keep(_ index: Int) {
    let tensor = tensors[index]
    if tensor.isShared { return }
    plan.builder.keep(tensor.slot)
    kept.append((tensor.slot, tensor.values))
  }

  private mutating func recordInput(_ index: Int) {
    let width = Int.random(in: 1...40, using: &numbers)
    let values = integers(batchSize * width)
    let slot = plan.input("input\(index)", Shape([batchSize, width]), values)
    add(slot, width, values)
  }

  /// A kernel of every slice that reads one to three tensors.
  private mutating func recordMix() {
    let count = Int.random(in: 1...3, using: &numbers)
    let parts = (0..<count).map { _ in
      tensors[Int.random(in: 0..<tensors.count, using: &numbers)]
    }
    let width = Int.random(in: 1...40, using: &numbers)
    let slot = plan.builder.batchSlot("mix\(tensors.count)", Shape([batchSize, width]))
    plan.builder.record("mix", reads: parts.map(\.slot), writes: [slot]) { binding in
      Mix(
        parts: parts.map { (binding.floats($0.slot), $0.width, $0.isShared) },
        result: binding.floats(slot), rows: binding.examples.count, width: width)
    }
    let values = (0..<batchSize * width).map { index in
      Mix.value(row: index / width, column: index % width, parts: parts.count) { part, element in
        parts[part].values[element]
      } place: {
        (parts[$0].width, parts[$0].isShared)
      }
    }
    add(slot, width, values)
  }

  /// A product. Usually a ReLU follows that can be fused.
  private mutating func recordProduct() {
    let (input, width) = (anyTensor(), Int.random(in: 1...20, using: &numbers))
    let weights = integers(input.width * width)
    let weight = plan.external("weight", Shape([input.width, width]), weights).slot
    let x = plan.builder.batchSlot("product\(tensors.count)", Shape([batchSize, width]))
    plan.builder.product(
      input.slot, weight, order: .rowMajor, depth: input.width, columns: width, to: x)
    let sums = (0..<batchSize * width).map { index in
      (0..<input.width).reduce(Float(0)) { sum, depth in
        sum + input.values[index / width * input.width + depth]
          * weights[depth * width + index % width]
      }
    }
    guard Int.random(in: 0..<4, using: &numbers) > 0 else {
      recordRemainder(x, width, sums)
      return
    }
    let y = plan.builder.batchSlot("relu\(tensors.count)", Shape([batchSize, width]))
    plan.builder.nonlinearity(.relu(slope: 0), from: x, to: y)
    recordRemainder(y, width, sums.map { max($0, 0) })
    if Int.random(in: 0..<4, using: &numbers) == 0 { recordRemainder(x, width, sums) }
  }

  /// Keeps the numbers small.
  private mutating func recordRemainder(_ x: Slot, _ width: Int, _ values: [Float]) {
    let slot = plan.builder.batchSlot("remainder\(tensors.count)", Shape([batchSize, width]))
    plan.builder.record("remainder", reads: [x], writes: [slot]) { binding in
      Mix(
        parts: [(binding.floats(x), width, false)], result: binding.floats(slot),
        rows: binding.examples.count, width: width)
    }
    add(slot, width, values.map { $0.truncatingRemainder(dividingBy: 17) })
  }

  /// A step at which all slices wait for each other: the sum over the batch, which later kernels
  /// read.
  private mutating func recordJoint() {
    let (input, batchSize) = (anyTensor(), batchSize)
    let slot = plan.builder.sharedSlot("shared\(tensors.count)", Shape([1, input.width]))
    plan.builder.recordJoint("joint", reads: [input.slot], writes: [slot]) { binding in
      columnSum(
        of: binding.floats(input.slot), rows: batchSize, columns: input.width,
        to: binding.floats(slot))
    }
    add(slot, input.width, columnSums(input), isShared: true)
  }

  private func columnSums(_ tensor: Tensor) -> [Float] {
    (0..<tensor.width).map { column in
      (0..<batchSize).reduce(Float(0)) { $0 + tensor.values[$1 * tensor.width + column] }
    }
  }

  private mutating func recordColumnSum() {
    let input = anyTensor()
    let (slot, view) = plan.external(
      "sum", Shape([input.width]), Array(repeating: .nan, count: input.width))
    plan.builder.columnSum(input.slot, rowsPerExample: 1, columns: input.width, to: slot)
    sums.append((view, columnSums(input)))
  }

  private mutating func recordGradient() {
    let (left, right) = (anyTensor(), anyTensor())
    let count = left.width * right.width
    let (slot, view) = plan.external(
      "gradient", Shape([left.width, right.width]), Array(repeating: .nan, count: count))
    plan.builder.gradientProduct(
      left.slot, right.slot, rows: left.width, columns: right.width, to: slot)
    let expected = (0..<count).map { index in
      (0..<batchSize).reduce(Float(0)) { sum, example in
        sum + left.values[example * left.width + index / right.width]
          * right.values[example * right.width + index % right.width]
      }
    }
    sums.append((view, expected))
  }

  private mutating func recordStatistics() {
    let input = anyTensor()
    let (part, total) = plan.builder.statistics("squares", count: 1)
    plan.builder.record("squares", reads: [input.slot], writes: [part]) { binding in
      squareSum(of: binding.floats(input.slot), to: binding.doubles(part))
    }
    plan.builder.sum(part, to: total)
    statistics.append((total, input.values.reduce(0.0) { $0 + Double($1) * Double($1) }))
  }
}

/// result = Σ (number of the part) · part, by row and column, modulo 17.
private struct Mix: Kernel {
  typealias Part = (view: FloatView, width: Int, isShared: Bool)

  let parts: [Part]
  let result: FloatView
  let rows: Int
  let width: Int

  static func value(
    row: Int, column: Int, parts: Int, _ element: (Int, Int) -> Float,
    place: (Int) -> (width: Int, isShared: Bool)
  ) -> Float {
    var sum: Float = 0
    for part in 0..<parts {
      let (width, isShared) = place(part)
      sum += Float(part + 1) * element(part, (isShared ? 0 : row * width) + column % width)
    }
    return sum.truncatingRemainder(dividingBy: 17)
  }

  func run() {
    for row in 0..<rows {
      for column in 0..<width {
        result[row * width + column] = Mix.value(row: row, column: column, parts: parts.count) {
          parts[$0].view[$1]
        } place: {
          (parts[$0].width, parts[$0].isShared)
        }
      }
    }
  }
}
