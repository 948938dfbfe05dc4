internal import Functions
internal import Kernels

/// Runs a stage of a formula, block by block.
///
/// A block holds whole examples or a part of one example. The parts of a sum therefore do not
/// depend on the slices of the batch. Each instruction is one tight loop over the block. The kernel
/// dispatches once per instruction and block.
struct FormulaKernel: Kernel {
  /// A view from which each instruction takes its block.
  private struct Source {
    let view: FloatView
    /// True for a register, which holds one block. An operand holds all blocks.
    let isRegister: Bool

    @inline(__always)
    func block(_ start: Int, _ count: Int) -> FloatView {
      let first = isRegister ? 0 : start
      return view[first..<first &+ count]
    }
  }

  private enum Step {
    case spread(FloatView, width: Int, walk: Int, to: FloatView)
    case compute(FormulaOperation, Source, Source, Source, to: Source)
    case sum(Source, walk: Int, into: FloatView, width: Int)
  }

  private var steps: ContiguousArray<Step> = []
  private var walks: ContiguousArray<StridedWalk> = []
  private let constants: ContiguousArray<(value: Float, register: FloatView)>
  /// The operands that receive sums.
  private var sums: ContiguousArray<FloatView> = []
  private let examples: Int
  /// The elements of an example.
  private let width: Int

  init(_ stage: FormulaStage, examples: Int, operands: [FloatView], registers: FloatView) {
    self.examples = examples
    width = stage.axes.reduce(1, *)
    let length = FormulaStage.blockLength
    let registers = (0..<stage.registerCount).map { registers[$0 * length..<($0 + 1) * length] }
    let operands = zip(operands, stage.operandCounts).map { view, count in
      view.checked(count * examples)
    }
    precondition(operands.count == stage.operandCounts.count, "a formula lacks operands")
    constants = ContiguousArray(zip(stage.constants, registers).map { ($0, $1) })
    let elements = width * examples
    func source(_ place: FormulaStage.Place) -> Source {
      switch place {
      case .register(let number): Source(view: registers[number], isRegister: true)
      case .operand(let number):
        Source(view: operands[number].checked(elements), isRegister: false)
      }
    }
    for instruction in stage.instructions {
      switch instruction {
      case .spread(let operand, let strides, let register):
        steps.append(
          .spread(
            operands[operand], width: stage.operandCounts[operand], walk: walks.count,
            to: registers[register]))
        walks.append(StridedWalk(axes: stage.axes, strides: strides))
      case .compute(let operation, let places, let result):
        precondition(places.count == operation.operandCount, "an operation lacks an operand")
        let sources = places.map(source)
        steps.append(
          .compute(
            operation, sources[0], sources[min(1, sources.count - 1)],
            sources[sources.count - 1], to: source(result)))
      case .sum(let place, let strides, let operand):
        steps.append(
          .sum(
            source(place), walk: walks.count, into: operands[operand],
            width: stage.operandCounts[operand]))
        walks.append(StridedWalk(axes: stage.axes, strides: strides))
        sums.append(operands[operand][0..<stage.operandCounts[operand] * examples])
      }
    }
  }

  func run() {
    for index in sums.indices { sums[index].fill(with: 0) }
    guard width > 0, examples > 0 else { return }
    let length = FormulaStage.blockLength
    let filled = min(length, width * examples)
    for index in constants.indices {
      constants[index].register[0..<filled].fill(with: constants[index].value)
    }
    if width <= length {
      let together = length / width
      var example = 0
      while example < examples {
        let count = min(together, examples &- example)
        runBlock(example: example, from: 0, count: count &* width)
        example &+= count
      }
      return
    }
    for example in 0..<examples {
      var start = 0
      while start < width {
        let count = min(length, width &- start)
        runBlock(example: example, from: start, count: count)
        start &+= count
      }
    }
  }

  /// Runs all instructions on `count` elements from element `start` of `example` on.
  private func runBlock(example: Int, from start: Int, count: Int) {
    let first = example &* width &+ start
    for index in steps.indices {
      switch steps[index] {
      case .spread(let operand, let operandWidth, let walk, let register):
        forEachExample(example, from: start, count: count) { example, offset, from, count in
          spread(
            operand, at: example &* operandWidth, walks[walk], from: from, count: count,
            to: register, offset)
        }
      case .compute(let operation, let a, let b, let c, let result):
        operation.run(
          a.block(first, count), b.block(first, count), c.block(first, count),
          to: result.block(first, count), count: count)
      case .sum(let source, let walk, let total, let totalWidth):
        let block = source.block(first, count)
        forEachExample(example, from: start, count: count) { example, offset, from, count in
          sum(
            block, offset, walks[walk], from: from, count: count, into: total,
            at: example &* totalWidth)
        }
      }
    }
  }

  /// Calls `visit` for each example of a block.
  ///
  /// `visit` receives the example, its place in the block, its first element and the count of
  /// elements.
  @inline(__always)
  private func forEachExample(
    _ example: Int, from start: Int, count: Int, _ visit: (Int, Int, Int, Int) -> Void
  ) {
    var (example, start, offset) = (example, start, 0)
    while offset < count {
      let piece = min(width &- start, count &- offset)
      visit(example, offset, start, piece)
      offset &+= piece
      example &+= 1
      start = 0
    }
  }

  private func spread(
    _ operand: FloatView, at base: Int, _ walk: StridedWalk, from start: Int, count: Int,
    to register: FloatView, _ offset: Int
  ) {
    walk.forEachRun(from: start, count: count) { run in
      let (source, target) = (base &+ run.place, offset &+ run.start)
      if walk.isRepeated {
        register[target..<target &+ run.count].fill(with: operand[source])
      } else {
        register.copy(run.count, of: operand, from: source, to: target)
      }
    }
  }

  private func sum(
    _ block: FloatView, _ offset: Int, _ walk: StridedWalk, from start: Int, count: Int,
    into total: FloatView, at base: Int
  ) {
    walk.forEachRun(from: start, count: count) { run in
      let (first, target) = (offset &+ run.start, base &+ run.place)
      if walk.isRepeated {
        total[target] += FormulaKernel.sum(block, from: first, count: run.count)
      } else {
        for index in 0..<run.count { total[target &+ index] += block[first &+ index] }
      }
    }
  }

  /// Sums eight lanes in parallel, adds the lanes, and then adds the remaining elements.
  private static func sum(_ block: FloatView, from first: Int, count: Int) -> Float {
    var sums = SIMD8<Float>(repeating: 0)
    var index = first
    let end = first &+ count
    while index &+ 8 <= end {
      sums += block.load8(index)
      index &+= 8
    }
    var total = sums.pairwiseSum
    while index < end {
      total += block[index]
      index &+= 1
    }
    return total
  }
}
