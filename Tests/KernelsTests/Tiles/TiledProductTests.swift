import Kernels
import Oracles
import Testing

@Suite("Products in tiles") struct TiledProductTests {
  static let tables = TileTable.all.map(\.name)

  private func check(_ product: ChainedProduct, _ tiles: TileTable, shift: Int = 0) throws {
    let problem = bitMismatch(try product.computed(tiles, shift: shift), product.expected())
    #expect(problem == nil, "\(product.shape)")
  }

  @Test("have the bits of plain loops for random shapes", .tags(.slow), arguments: tables)
  func randomShapes(table: String) throws {
    let tiles = try #require(TileTable(named: table))
    var numbers = SeededNumbers(seed: 141)
    for _ in 0..<2_000 {
      let shape = ChainedProduct.randomShape(&numbers)
      let product = ChainedProduct(shape, .random(&numbers), &numbers)
      try check(product, tiles, shift: Int.random(in: 0..<16, using: &numbers))
    }
  }

  /// A chain has 256 steps, and panels have 8 to 64 columns.
  @Test(
    "have the bits of plain loops at the borders of chains and panels", .tags(.slow),
    arguments: tables, [255, 256, 257, 512, 600])
  func borders(table: String, depth: Int) throws {
    let tiles = try #require(TileTable(named: table))
    var numbers = SeededNumbers(seed: 142)
    let operands: [(ProductShape.Order, Bool)] = [
      (.rowMajor, false), (.columnMajor, false), (.columnMajor, true),
    ]
    for columns in [1, 7, 8, 9, 15, 16, 17, 33, 64, 65, 130] {
      for (right, isConstant) in operands {
        let shape = ProductShape(
          rows: 5, depth: depth, columns: columns, right: right, isRightConstant: isConstant,
          hasBias: true, nonlinearity: .relu(slope: 0.25))
        try check(ChainedProduct(shape, .ordinary, &numbers), tiles)
      }
    }
  }

  /// The left operand is read in blocks of 512 rows.
  @Test(
    "have the bits of plain loops for several blocks of rows", .tags(.slow), arguments: tables,
    [17, 48])
  func rows(table: String, columns: Int) throws {
    let tiles = try #require(TileTable(named: table))
    var numbers = SeededNumbers(seed: 143)
    for right in [ProductShape.Order.rowMajor, .columnMajor] {
      let shape = ProductShape(
        rows: 530, depth: 260, columns: columns, left: right.transposed, right: right,
        hasBias: true)
      try check(ChainedProduct(shape, .ordinary, &numbers), tiles)
    }
  }

  @Test("are compared in every bit: a planted fault is found", arguments: tables, SumFault.allCases)
  func faults(table: String, fault: SumFault) throws {
    let tiles = try #require(TileTable(named: table))
    var numbers = SeededNumbers(seed: 144)
    let shape = ProductShape(rows: 9, depth: 40, columns: 33)
    let product = ChainedProduct(shape, .ordinary, &numbers)
    let computed = try product.computed(tiles)
    #expect(bitMismatch(computed, product.expected()) == nil)
    #expect(bitMismatch(computed, product.expected(fault)) != nil)
  }

  @Test("are compared in every bit: a longer or a shorter chain is found", arguments: tables)
  func chainLength(table: String) throws {
    let tiles = try #require(TileTable(named: table))
    var numbers = SeededNumbers(seed: 145)
    let shape = ProductShape(rows: 3, depth: 600, columns: 33)
    let product = ChainedProduct(shape, .ordinary, &numbers)
    let computed = try product.computed(tiles)
    #expect(TiledProduct.blockDepth == 256)
    #expect(bitMismatch(computed, product.expected()) == nil)
    for length in [128, 255, 257, 600] {
      #expect(bitMismatch(computed, product.expected(chainLength: length)) != nil)
    }
  }

  @Test("share the packed right operand if they read the same matrix", arguments: tables)
  func packing(table: String) throws {
    let tiles = try #require(TileTable(named: table))
    var shape = ProductShape(rows: 5, depth: 20, columns: 70, isRightConstant: true)
    let packing = try #require(TiledProduct(shape, tiles: tiles).packing)
    shape.rows = 600
    shape.hasBias = true
    let same = try #require(TiledProduct(shape, tiles: tiles).packing)
    #expect(packing.isAlike(same))
    shape.rightPitch = 71
    let wider = try #require(TiledProduct(shape, tiles: tiles).packing)
    #expect(!packing.isAlike(wider))
    shape.isRightConstant = false
    #expect(TiledProduct(shape, tiles: tiles).packing == nil)
  }
}

/// A product with random operands, and its result by plain loops that state every rounding.
struct ChainedProduct {
  let shape: ProductShape
  /// The gaps between the rows of a part of a wider matrix are NaN.
  private let left: [Float]
  private let right: [Float]
  private let bias: [Float]
  private let mask: [Float]

  init(_ shape: ProductShape, _ kind: NumberKind, _ numbers: inout SeededNumbers) {
    self.shape = shape
    left = numbers.matrix(
      kind, span: shape.leftSpan, rows: (shape.rows, shape.leftStrides.row),
      columns: (shape.depth, shape.leftStrides.depth))
    right = numbers.matrix(
      kind, span: shape.rightSpan, rows: (shape.depth, shape.rightStrides.depth),
      columns: (shape.columns, shape.rightStrides.column))
    bias = numbers.floats(shape.columns, kind)
    mask = numbers.floats(shape.resultSpan, kind)
  }

  static func randomShape(_ numbers: inout SeededNumbers) -> ProductShape {
    let functions: [Nonlinearity?] = [
      nil, nil, .relu(slope: 0), .relu(slope: 0.25), .sigmoid, .tanh,
    ]
    var shape = ProductShape(
      rows: Int.random(in: 1...20, using: &numbers),
      depth: Int.random(in: 1...70, using: &numbers),
      columns: Int.random(in: 1...70, using: &numbers),
      left: Bool.random(using: &numbers) ? .rowMajor : .columnMajor,
      right: Bool.random(using: &numbers) ? .rowMajor : .columnMajor,
      isRightConstant: Bool.random(using: &numbers), hasBias: Bool.random(using: &numbers),
      nonlinearity: functions[Int.random(in: 0..<functions.count, using: &numbers)])
    if shape.nonlinearity == nil {
      let slopes: [Float?] = [nil, 0, 0.25]
      shape.maskSlope = slopes[Int.random(in: 0..<slopes.count, using: &numbers)]
    }
    let gaps = (0..<3).map { _ -> Int? in
      Bool.random(using: &numbers) ? Int.random(in: 1...9, using: &numbers) : nil
    }
    let leftRow = shape.left == .rowMajor ? shape.depth : shape.rows
    let rightRow = shape.right == .rowMajor ? shape.columns : shape.depth
    shape.leftPitch = gaps[0].map { leftRow + $0 }
    shape.rightPitch = gaps[1].map { rightRow + $0 }
    shape.resultPitch = gaps[2].map { shape.columns + $0 }
    return shape
  }

  /// Returns the result of plain loops. The gaps between its rows are NaN.
  ///
  /// - Parameter chainLength: the steps of a chain. Others than 256 are a planted fault.
  func expected(_ fault: SumFault? = nil, chainLength: Int = 256) -> [Float] {
    var sums: [Float] = []
    for start in stride(from: 0, to: shape.depth, by: chainLength) {
      let block = chains(start..<min(start + chainLength, shape.depth), fault)
      sums = start == 0 ? block : zip(sums, block).map { $0 + $1 }
    }
    var result = [Float](repeating: .nan, count: shape.resultSpan)
    for row in 0..<shape.rows {
      for column in 0..<shape.columns {
        var value = sums[row * shape.columns + column]
        if shape.hasBias { value += bias[column] }
        if let slope = shape.maskSlope {
          value = masked(value, by: mask[row * shape.resultStride + column], slope: slope)
        }
        if case .relu(let slope) = shape.nonlinearity { value = rectified(value, slope: slope) }
        result[row * shape.resultStride + column] = value
      }
    }
    guard let function = shape.nonlinearity else { return result }
    if case .relu = function { return result }
    let memory = GuardedMemory(result)
    run(
      nonlinearity(function, from: memory.view, to: memory.view, count: result.count),
      holding: memory)
    return memory.values
  }

  private func chains(_ steps: Range<Int>, _ fault: SumFault?) -> [Float] {
    let (leftRow, leftDepth) = shape.leftStrides
    let (rightDepth, rightColumn) = shape.rightStrides
    var sums = Chains(count: shape.rows * shape.columns, fault)
    for row in 0..<shape.rows {
      for step in steps {
        let factor = left[row * leftRow + step * leftDepth]
        for column in 0..<shape.columns {
          sums.add(
            factor, right[step * rightDepth + column * rightColumn],
            to: row * shape.columns + column)
        }
      }
    }
    return sums.values
  }

  func computed(_ tiles: TileTable, shift: Int = 0) throws -> [Float]? {
    try TiledProduct(shape, tiles: tiles).result(
      of: [left, right] + (shape.hasBias ? [bias] : []) + (shape.maskSlope == nil ? [] : [mask]),
      count: shape.resultSpan, shift: shift)
  }
}

/// The numbers of random operands.
enum NumberKind {
  /// From −1 to 1.
  case ordinary
  /// So small that nearly all products are subnormal.
  case tiny
  /// From −1 to 1, with some infinities, NaN, subnormal and huge numbers, and zeros of both signs.
  case special

  fileprivate static let specials: [Float] = [
    .infinity, -.infinity, .nan, 0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 0x1p-130,
    .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
  ]

  /// Returns `ordinary` in most cases.
  static func random(_ numbers: inout SeededNumbers) -> NumberKind {
    switch Int.random(in: 0..<8, using: &numbers) {
    case 0: .tiny
    case 1: .special
    default: .ordinary
    }
  }
}

extension SeededNumbers {
  mutating func floats(_ count: Int, _ kind: NumberKind) -> [Float] {
    if kind == .tiny { return floats(count, in: -1e-19...1e-19) }
    var result = floats(count)
    guard kind == .special else { return result }
    for _ in 0...count / 50 {
      let place = Int.random(in: 0..<count, using: &self)
      let special = Int.random(in: 0..<NumberKind.specials.count, using: &self)
      result[place] = NumberKind.specials[special]
    }
    return result
  }

  /// Returns the elements of a matrix in memory. All elements between them are NaN.
  mutating func matrix(
    _ kind: NumberKind, span: Int, rows: (count: Int, stride: Int),
    columns: (count: Int, stride: Int)
  ) -> [Float] {
    let values = floats(rows.count * columns.count, kind)
    var result = [Float](repeating: .nan, count: span)
    for row in 0..<rows.count {
      for column in 0..<columns.count {
        result[row * rows.stride + column * columns.stride] = values[row * columns.count + column]
      }
    }
    return result
  }
}

/// A fault in a plain loop. Tests plant it to show that the comparison finds it.
enum SumFault: CaseIterable {
  /// The even and the odd steps have a sum each. The two sums are added at the end.
  case twoSums
  /// Products are rounded before they are added.
  case roundedProducts
  /// The last sum is the next greater number.
  case lastPlace
}

/// Chains of fused multiply-adds. Each begins with 0 and has its steps in the order of the calls.
struct Chains {
  private let fault: SumFault?
  private var sums: [Float]
  /// The sums of the odd steps, and the steps of each chain. Empty without ``SumFault/twoSums``.
  private var oddSums: [Float]
  private var steps: [Int]

  init(count: Int, _ fault: SumFault?) {
    self.fault = fault
    sums = Array(repeating: 0, count: count)
    oddSums = fault == .twoSums ? sums : []
    steps = fault == .twoSums ? Array(repeating: 0, count: count) : []
  }

  mutating func add(_ left: Float, _ right: Float, to place: Int) {
    switch fault {
    case .roundedProducts:
      sums[place] += left * right
    case .twoSums:
      if steps[place] % 2 == 0 {
        sums[place].addProduct(left, right)
      } else {
        oddSums[place].addProduct(left, right)
      }
      steps[place] += 1
    case .lastPlace, nil:
      sums[place].addProduct(left, right)
    }
  }

  var values: [Float] {
    switch fault {
    case .twoSums: zip(sums, oddSums).map { $0 + $1 }
    case .lastPlace: sums.indices.map { $0 == sums.count - 1 ? sums[$0].nextUp : sums[$0] }
    case .roundedProducts, nil: sums
    }
  }
}

/// Returns ReLU as tiles compute it. NaN remains NaN.
func rectified(_ value: Float, slope: Float) -> Float {
  guard value <= 0 else { return value }
  return slope == 0 ? 0 : slope * value
}

extension PrimitiveImplementation {
  /// Runs the implementation on guarded memory. Nil if it has changed an operand or a guard.
  ///
  /// - Parameters:
  ///   - operands: all operands but the result. A parameter is not packed yet.
  ///   - count: the elements of the result.
  ///   - shift: the number of elements from the beginning of a cache line to the first operand. The
  ///     other operands have other distances.
  func result(of operands: [[Float]], count: Int, shift: Int) throws -> [Float]? {
    let given = operands.enumerated().map { number, values in
      GuardedMemory(values, shift: shift + 3 * number)
    }
    let result = GuardedMemory<Float>(count: count, shift: shift + 1)
    let scratch = GuardedMemory<Float>(count: scratchCount, shift: shift + 5)
    var read = given
    if let packing {
      let packed = GuardedMemory<Float>(count: packing.count, shift: shift + 7)
      try packing.kernel(from: given[packing.operand].view, to: packed.view).run()
      read[packing.operand] = packed
    }
    let prepared = try kernel(
      read.map(\.view) + [result.view], scratch: scratchCount > 0 ? scratch.view : nil)
    let memories = given + read + [result, scratch]
    withExtendedLifetime(memories) { prepared.run() }
    let areSame = zip(given, operands).allSatisfy { haveSameBits($0.values, $1) }
    return areSame && memories.allSatisfy(\.isIntact) ? result.values : nil
  }
}

/// Describes the first element with other bits than expected. Nil if all bits are equal. NaN may
/// have any bits.
func bitMismatch(_ computed: [Float]?, _ expected: [Float]) -> String? {
  guard let computed else { return "an operand or a guard was overwritten" }
  guard computed.count == expected.count else { return "\(computed.count) elements" }
  for (index, (value, other)) in zip(computed, expected).enumerated() {
    if value.bitPattern == other.bitPattern || value.isNaN && other.isNaN { continue }
    return "element \(index) is \(value) and not \(other)"
  }
  return nil
}
