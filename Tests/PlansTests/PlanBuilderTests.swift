import Kernels
import Oracles
import Plans
import Tensors
import Testing
import Threads

@Suite("Plan builders") struct PlanBuilderTests {
  @Test("cut a batch into slices that differ by one example at most", arguments: 1...20)
  func slices(sliceCount: Int) {
    for batchSize in sliceCount...70 {
      let builder = PlanBuilder(batchSize: batchSize, sliceCount: sliceCount)
      let slices = (0..<sliceCount).map(builder.examples(ofSlice:))
      #expect(slices.first?.lowerBound == 0)
      #expect(slices.last?.upperBound == batchSize)
      for (slice, next) in zip(slices, slices.dropFirst()) {
        #expect(slice.upperBound == next.lowerBound)
      }
      let counts = slices.map(\.count)
      #expect(counts.allSatisfy { (batchSize / sliceCount...batchSize / sliceCount + 1) ~= $0 })
    }
  }

  @Test("refuse empty slices")
  func emptySlices() async {
    await #expect(processExitsWith: .failure) { _ = PlanBuilder(batchSize: 2, sliceCount: 3) }
    await #expect(processExitsWith: .failure) { _ = PlanBuilder(batchSize: 2, sliceCount: 0) }
  }

  struct Gradient: CustomTestStringConvertible {
    var batchSize = 5
    var sliceCount = 2
    let rows: Int
    let columns: Int
    /// The tiles of the joint step. Nil if every slice computes its own part.
    let tiles: Int?

    var testDescription: String {
      "\(rows)x\(columns), \(batchSize) examples in \(sliceCount) slices"
    }
  }

  static let gradients = [
    Gradient(sliceCount: 1, rows: 3, columns: 7, tiles: nil),
    Gradient(rows: 3, columns: 7, tiles: nil),
    Gradient(sliceCount: 5, rows: 17, columns: 33, tiles: nil),
    Gradient(rows: 127, columns: 129, tiles: nil),
    Gradient(sliceCount: 1, rows: 128, columns: 128, tiles: nil),
    Gradient(rows: 128, columns: 128, tiles: 1),
    Gradient(rows: 16_384, columns: 1, tiles: 1),
    Gradient(rows: 1, columns: 16_384, tiles: 1),
    Gradient(batchSize: 128, sliceCount: 3, rows: 300, columns: 256, tiles: 1),
    Gradient(batchSize: 128, sliceCount: 2, rows: 512, columns: 512, tiles: 3),
    Gradient(batchSize: 64, sliceCount: 4, rows: 1_000, columns: 700, tiles: 4),
    Gradient(batchSize: 128, sliceCount: 3, rows: 1_000, columns: 800, tiles: 9),
    Gradient(batchSize: 200, sliceCount: 2, rows: 100, columns: 6_000, tiles: 6),
    Gradient(batchSize: 200, sliceCount: 2, rows: 20, columns: 6_000, tiles: 1),
  ]

  @Test(
    "give a weight gradient a joint step where a copy a slice would cost more",
    .tags(.slow), arguments: gradients)
  func gradientProduct(test: Gradient) throws {
    let plan = TestPlan(batchSize: test.batchSize, sliceCount: test.sliceCount)
    var numbers = SeededNumbers(seed: 81)
    let left = numbers.floats(test.batchSize * test.rows)
    let right = numbers.floats(test.batchSize * test.columns)
    let leftSlot = plan.input("left", Shape([test.batchSize, test.rows]), left)
    let rightSlot = plan.input("right", Shape([test.batchSize, test.columns]), right)
    let (result, view) = plan.external(
      "gradient", Shape([test.rows, test.columns]),
      Array(repeating: .nan, count: test.rows * test.columns))
    plan.builder.gradientProduct(
      leftSlot, rightSlot, rows: test.rows, columns: test.columns, to: result)
    let joint = plan.builder.operations.filter { $0.name == "gradient" }.map(\.scope)
    #expect(joint == [test.tiles.map { .joint(tiles: $0) } ?? .slice])
    try plan.compile()
    plan.run(on: Workers(count: 3))
    let values = view.values
    var worst = 0.0
    for row in 0..<test.rows {
      for column in 0..<test.columns {
        var sum = 0.0
        for example in 0..<test.batchSize {
          sum +=
            Double(left[example * test.rows + row]) * Double(right[example * test.columns + column])
        }
        let error = abs(Double(values[row * test.columns + column]) - sum)
        // max would drop a NaN.
        worst = error <= worst ? worst : error
      }
    }
    #expect(worst <= Double(test.batchSize + 2) * 0x1p-24 * Double(test.batchSize))
  }

  struct ExampleProduct: CustomTestStringConvertible {
    var sliceCount = 3
    var depth: Int
    var columns: Int
    var order = ProductShape.Order.rowMajor
    /// The tiles of the joint step. Nil if each slice computes its own product.
    var tiles: Int?

    var testDescription: String { "\(sliceCount) slices, \(depth)x\(columns), \(order)" }
  }

  @Test(
    "multiply all examples by large weights in a joint step, with bias and ReLU",
    .tags(.slow),
    arguments: [
      ExampleProduct(sliceCount: 1, depth: 400, columns: 400, tiles: nil),
      ExampleProduct(depth: 300, columns: 301, tiles: nil),
      ExampleProduct(depth: 300, columns: 450, tiles: 3),
      ExampleProduct(depth: 300, columns: 450, order: .columnMajor, tiles: 3),
      ExampleProduct(depth: 701, columns: 260, tiles: 2),
      ExampleProduct(depth: 701, columns: 260, order: .columnMajor, tiles: 2),
      ExampleProduct(depth: 3_001, columns: 50, order: .columnMajor, tiles: 1),
    ], [0.5, nil] as [Float?])
  func exampleProduct(test: ExampleProduct, slope: Float?) throws {
    let (examples, depth, columns) = (11, test.depth, test.columns)
    let plan = TestPlan(batchSize: examples, sliceCount: test.sliceCount)
    var numbers = SeededNumbers(seed: 82)
    let left = numbers.floats(examples * depth)
    let right = numbers.floats(depth * columns).map { $0 / Float(depth).squareRoot() }
    let bias = numbers.floats(columns)
    let x = plan.input("x", Shape([examples, depth]), left)
    let weights = plan.external("weights", Shape([depth * columns]), right).slot
    let biasSlot = plan.external("bias", Shape([columns]), bias).slot
    var result = plan.builder.batchSlot("y", Shape([examples, columns]))
    plan.builder.product(
      x, weights, order: test.order, depth: depth, columns: columns, bias: biasSlot, to: result)
    #expect(plan.builder.operations.last?.scope == test.tiles.map { .joint(tiles: $0) } ?? .slice)
    if let slope {
      let y = plan.builder.batchSlot("relu(y)", Shape([examples, columns]))
      plan.builder.nonlinearity(.relu(slope: slope), from: result, to: y)
      result = y
      #expect(plan.builder.arrangedOperations().count == 2)
    }
    plan.builder.keep(result)
    try plan.compile()
    plan.run(on: Workers(count: 2))
    let values = plan.values(of: result)
    var worst = 0.0
    for example in 0..<examples {
      for column in 0..<columns {
        let sum = (0..<depth).reduce(Double(bias[column])) { sum, place in
          let weight =
            test.order == .rowMajor
            ? right[place * columns + column] : right[column * depth + place]
          return sum + Double(left[example * depth + place]) * Double(weight)
        }
        let expected = sum < 0 ? sum * Double(slope ?? 1) : sum
        let error = abs(Double(values[example * columns + column]) - expected)
        worst = error <= worst ? worst : error
      }
    }
    #expect(worst < 1e-5)
  }

  @Test("let each slice multiply examples of several rows, for any size of weights")
  func severalRows() {
    var builder = PlanBuilder(batchSize: 6, sliceCount: 3)
    let shape = Shape([6, 2, 512])
    let (x, dy, y) = (
      builder.batchSlot("x", shape), builder.batchSlot("dy", shape), builder.batchSlot("y", shape)
    )
    let weight = builder.externalSlot("w", Shape([512, 512]), nil)
    let gradient = builder.externalSlot("∂w", Shape([512, 512]), nil)
    let z = builder.batchSlot("z", shape)
    builder.product(
      x, weight, order: .rowMajor, rowsPerExample: 2, depth: 512, columns: 512, to: y)
    builder.nonlinearity(.tanh, from: y, to: z)
    builder.gradientProduct(x, dy, rowsPerExample: 2, rows: 512, columns: 512, to: gradient)
    let operations = builder.arrangedOperations()
    #expect(operations.map(\.name) == ["product+tanh", "gradient", "sum of slices"])
    #expect(operations.map(\.scope) == [.slice, .slice, .joint(tiles: 1)])
    let extents = operations.prefix(2).map { operation in
      guard case .primitive(let request) = operation.work else { return operation.name }
      return request.shape(Part(examples: 2..<4)).extents
    }
    #expect(extents == ["4x512x512", "512x4x512 leftᵀ"])
  }

  /// (¼ + 10⁸) + (−10⁸ + 1) is 0. From left to right the sum is 1, and from right to left ¼.
  @Test("add the parts of a sum in a binary tree of slices", arguments: [1, 2, 3, 7])
  func sliceOrder(workerCount: Int) throws {
    let plan = TestPlan(batchSize: 4, sliceCount: 4)
    let x = plan.input("x", Shape([4, 1]), [0.25, 1e8, -1e8, 1])
    let (sum, view) = plan.external("sum", Shape([1]), [.nan])
    plan.builder.columnSum(x, rowsPerExample: 1, columns: 1, to: sum)
    let (product, productView) = plan.external("product", Shape([1, 1]), [.nan])
    let ones = plan.input("ones", Shape([4, 1]), [1, 1, 1, 1])
    plan.builder.gradientProduct(x, ones, rows: 1, columns: 1, to: product)
    try plan.compile()
    let workers = Workers(count: workerCount)
    for _ in 0..<20 {
      view[0] = .nan
      plan.run(on: workers)
      #expect(view.values == [0])
      #expect(productView.values == [0])
    }
  }

  @Test("sum over the rows of all examples for any number of slices", arguments: [1, 2, 3, 6])
  func columnSum(sliceCount: Int) throws {
    let plan = TestPlan(batchSize: 6, sliceCount: sliceCount)
    let x = (0..<6 * 2 * 5).map { Float($0 % 13) }
    let slot = plan.input("x", Shape([6, 2, 5]), x)
    let (sum, view) = plan.external("sum", Shape([5]), Array(repeating: .nan, count: 5))
    plan.builder.columnSum(slot, rowsPerExample: 2, columns: 5, to: sum)
    try plan.compile()
    plan.run(on: Workers(count: 2))
    let expected = (0..<5).map { column in
      (0..<12).reduce(Float(0)) { $0 + x[$1 * 5 + column] }
    }
    #expect(view.values == expected)
  }

  @Test("add a tensor's gradients in order", arguments: [1, 2, 3])
  func sumOfParts(sliceCount: Int) throws {
    let plan = TestPlan(batchSize: 3, sliceCount: sliceCount)
    let large = [Float](repeating: 1e8, count: 6)
    let parts = [large, [1, 2, 3, 4, 5, 6], large.map { -$0 }]
    let slots = parts.enumerated().map { plan.input("part \($0)", Shape([3, 2]), $1) }
    let sum = plan.builder.batchSlot("sum", Shape([3, 2]))
    plan.builder.sum(slots, to: sum)
    plan.builder.keep(sum)
    try plan.compile()
    plan.run(on: Workers(count: 2))
    let expected = (0..<6).map { index in large[index] + parts[1][index] - large[index] }
    #expect(plan.values(of: sum) == expected)
  }

  @Test("state what joint steps exchange with the slices", arguments: [1, 3])
  func exchanges(sliceCount: Int) throws {
    var builder = PlanBuilder(batchSize: 6, sliceCount: sliceCount)
    let (x, dy) = (
      builder.batchSlot("x", Shape([6, 512])), builder.batchSlot("dy", Shape([6, 256]))
    )
    let weight = builder.externalSlot("w", Shape([512, 256]), nil)
    let (y, z) = (
      builder.batchSlot("y", Shape([6, 256])), builder.batchSlot("z", Shape([6, 256]))
    )
    builder.product(x, weight, order: .rowMajor, depth: 512, columns: 256, to: y)
    builder.nonlinearity(.tanh, from: y, to: z)
    builder.gradientProduct(x, dy, rows: 512, columns: 256, to: weight)
    let bias = builder.externalSlot("∂b", Shape([256]), nil)
    builder.columnSum(dy, rowsPerExample: 1, columns: 256, to: bias)
    let part = try #require(builder.operations.last { $0.name == "column sum" }).writes[0]
    #expect(
      builder.arrangedOperations().map(\.exchanges)
        == (sliceCount == 1
          ? [[], [], []] : [[.rows(x), .rows(z)], [], [.rows(x), .rows(dy)], [.parts(part)]]))
    let extents = [x, z, dy].map { builder.slots[$0.index].extent }
    #expect(extents.allSatisfy { $0 == (sliceCount == 1 ? .rows : .batch) })
  }

  @Test("refuse a joint step that reads parts without an exchange")
  func silentParts() async {
    await #expect(processExitsWith: .failure) {
      var builder = PlanBuilder(batchSize: 4, sliceCount: 2)
      let part = builder.partialStatistics("part", count: 1)
      builder.record("part", reads: [], writes: [part]) { Fill(doubles: $0.doubles(part)) }
      builder.recordJoint("sum", reads: [], writes: []) { binding in
        Fill(doubles: binding.allDoubles(part)[0])
      }
      _ = try Plan(builder, cache: ImplementationCache())
    }
  }

  @Test("add statistics in double precision, in the order of the slices", arguments: [1, 2, 5])
  func statistics(sliceCount: Int) throws {
    let plan = TestPlan(batchSize: 5, sliceCount: sliceCount)
    let values: [Float] = [1e8, 3, -1e8, 0.125, 7]
    let x = plan.input("x", Shape([5, 1]), values)
    let (part, total) = plan.builder.statistics("sums", count: 1)
    #expect((part == total) == (sliceCount == 1))
    plan.builder.record("squares", reads: [x], writes: [part]) { binding in
      squareSum(of: binding.floats(x), to: binding.doubles(part))
    }
    plan.builder.sum(part, to: total)
    try plan.compile()
    plan.run(on: Workers(count: 3))
    let expected = values.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(plan.statistics(of: total) == [expected])
  }

  struct MatrixCase: CustomTestStringConvertible {
    let rows: Int
    let depth: Int
    let columns: Int
    var left = ProductShape.Order.rowMajor
    var right = ProductShape.Order.rowMajor
    let tiles: Int

    var testDescription: String { "\(rows)x\(depth)x\(columns), \(left) by \(right)" }
  }

  /// Tests small and large products, for either storage order of the operands.
  @Test(
    "multiply matrices in which no axis counts examples",
    .tags(.slow),
    arguments: [
      MatrixCase(rows: 3, depth: 5, columns: 7, tiles: 1),
      MatrixCase(rows: 5, depth: 1, columns: 1, right: .columnMajor, tiles: 1),
      MatrixCase(rows: 17, depth: 33, columns: 5, left: .columnMajor, tiles: 1),
      MatrixCase(rows: 201, depth: 303, columns: 299, tiles: 2),
      MatrixCase(rows: 201, depth: 303, columns: 299, left: .columnMajor, tiles: 2),
      MatrixCase(rows: 201, depth: 303, columns: 299, right: .columnMajor, tiles: 2),
      MatrixCase(rows: 20, depth: 1003, columns: 999, right: .columnMajor, tiles: 1),
    ])
  func matrixProducts(test: MatrixCase) throws {
    var numbers = SeededNumbers(seed: 91)
    let (rows, depth, columns) = (test.rows, test.depth, test.columns)
    let (left, right) = (numbers.floats(rows * depth), numbers.floats(depth * columns))
    let plan = TestPlan(batchSize: 0, sliceCount: 1)
    let a = plan.external("a", Shape([rows * depth]), left).slot
    let b = plan.external("b", Shape([depth * columns]), right).slot
    let c = plan.external("c", Shape([rows * columns]), numbers.floats(rows * columns))
    plan.builder.matrixProduct(
      a, b,
      ProductShape(
        rows: rows, depth: depth, columns: columns, left: test.left, right: test.right), to: c.slot)
    #expect(plan.builder.operations.last?.scope == .joint(tiles: test.tiles))
    try plan.compile()
    plan.run(on: Workers(count: 2))
    var worst = 0.0
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = 0.0
        for middle in 0..<depth {
          let l = left[test.left == .rowMajor ? row * depth + middle : middle * rows + row]
          let r =
            right[test.right == .rowMajor ? middle * columns + column : column * depth + middle]
          sum += Double(l) * Double(r)
        }
        worst = max(worst, abs(sum - Double(c.view[row * columns + column])))
      }
    }
    #expect(worst <= 1e-4)
  }
}

/// Writes zeros.
private struct Fill: Kernel {
  let doubles: DoubleView

  func run() { doubles.fill(with: 0) }
}
