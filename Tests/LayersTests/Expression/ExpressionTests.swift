import Kernels
import Layers
import Oracles
import Plans
import Tensors
import Testing
import Threads
import YAML

@Suite("Expression") struct ExpressionTests {
  /// Returns a layer with a formula of unnamed bottoms.
  private static func layer(_ formula: String) throws -> any Layer {
    try LayerCatalog.all.decoded(
      Node.mapping([("type", .text("Expression")), ("formula", .text(formula))]))
  }

  /// Returns the value and the gradients of a formula of numbers, for a result gradient of 1.
  private static func evaluated(
    _ formula: String, _ inputs: [Float]...
  ) throws -> (values: [Float], gradients: [[Float]]) {
    let run = LayerRun(
      layers: [try layer(formula)], inputs: inputs.map { Tensor([$0.count], $0) },
      parameters: [[]], outputGradients: [inputs[0].map { _ in 1 }],
      needsGradients: inputs.map { _ in true })
    let results = try run.run(on: Workers(count: 1))
    return (results.output.map { Float($0) }, results.inputGradients.map { $0 ?? [] })
  }

  // MARK: Language

  @Test(
    "reads operators by their precedence",
    arguments: [
      ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("2 - 3 - 4", -5), ("16 / 4 / 2", 2),
      ("2 ^ 3 ^ 2", 512), ("2 ** 3", 8), ("-2 ^ 2", -4), ("2 ^ -1", 0.5), ("-2 * -3", 6),
      ("1 < 2", 1), ("2 <= 1", 0), ("3 > 2", 1), ("2 >= 2", 1), ("2 == 3", 0), ("2 != 3", 1),
      ("1 + 1 == 2 and 3 > 1", 1), ("0 and 0 or 1", 1), ("not 1 == 2", 1), ("not 1 or 1", 1),
      ("not not 5", 1), ("+3", 3), (".5 + 1. + 1e1 + 2E-1", 11.7), ("where(0, 1, 2)", 2),
      ("max(1, 3, 2) + min(4, 2)", 5), ("pow(2, 5)", 32), ("abs(-2) + sign(-3)", 1),
      ("floor(1.5) + ceil(1.5) + round(2.5)", 5), ("sum(3) + mean(4)", 7), ("N", 1),
      ("0 * x + square(3)", 9), ("sin(pi) < 1e-6 and log(e) == 1", 1),
    ] as [(String, Float)])
  func precedence(formula: String, value: Float) throws {
    #expect(try ExpressionTests.evaluated("0 * x + (\(formula))", [1]).values == [value])
  }

  // MARK: Derivatives

  @Test(
    "has the documented derivatives at points without a derivative",
    arguments: [
      ("abs(x1)", 0, 0, [0, 0]), ("relu(x1)", 0, 0, [0, 0]), ("sign(x1)", 2, 0, [0, 0]),
      ("floor(x1) + ceil(x1) + round(x1)", 1.5, 0, [0, 0]),
      ("max(x1, x2)", 3, 3, [0.5, 0.5]), ("min(x1, x2)", 3, 3, [0.5, 0.5]),
      ("max(x1, x2)", 3, 2, [1, 0]), ("min(x1, x2)", 3, 2, [0, 1]),
      ("x1 < x2", 1, 2, [0, 0]), ("x1 and x2", 1, 2, [0, 0]), ("not x1", 1, 2, [0, 0]),
      ("where(x1, x2, 5)", 1, 2, [0, 1]), ("where(x1 > 1, x2, 5)", 1, 2, [0, 0]),
      ("sqrt(x1)", 0, 0, [.infinity, 0]), ("x1 ^ 0.3", 0, 0, [.infinity, 0]),
      // A branch that is not taken has no influence, even if its derivative is infinite or NaN.
      ("where(x1 > 0, log(x1), 0)", 0, 0, [0, 0]), ("where(x1 > 0, log(x1), 0)", -1, 0, [0, 0]),
      ("where(x1 > 0, sqrt(x1), 0)", 0, 0, [0, 0]), ("where(x1 > 0, sqrt(x1), x1)", -4, 0, [1, 0]),
      ("where(x1 == 0, 1, sin(x1) / x1)", 0, 0, [0, 0]),
      ("where(x1 > 0, x1 ^ x2, 1)", 0, 0, [0, 0]), ("where(x1 > 0, 1 / x1, x2)", 0, 3, [0, 1]),
      ("max(0, log(max(x1, 0) + 0))", 0, 0, [0, 0]),
      // 0 · ∞ = 0
      ("sqrt(abs(x1))", 0, 0, [0, 0]), ("sqrt(x1 ^ 2)", 0, 0, [0, 0]),
      ("sqrt(x1 * x2)", 0, 0, [0, 0]), ("x1 ^ x2", 0, 0, [0, 0]), ("x1 ^ x2", -2, 3, [12, 0]),
      ("x1 ^ 1", 0, 0, [1, 0]), ("x1 ^ x2", 0, 1, [1, 0]), ("0 * x1 + x2", 1, 1, [0, 1]),
    ] as [(String, Float, Float, [Float])])
  func derivatives(formula: String, x1: Float, x2: Float, expected: [Float]) throws {
    let (values, gradients) = try ExpressionTests.evaluated("\(formula) + 0 * x2", [x1], [x2])
    #expect(values[0].isFinite)
    #expect(gradients == [[expected[0]], [expected[1]]])
  }

  @Test("passes NaN on, except from a branch that is not taken")
  func notANumber() throws {
    for formula in ["max(x, 0)", "min(0, x)", "relu(x)", "sign(x)", "abs(x)", "x ^ 2", "-x"] {
      #expect(try ExpressionTests.evaluated(formula, [.nan]).values[0].isNaN, "\(formula)")
    }
    #expect(try ExpressionTests.evaluated("where(x > 0, x, 3)", [.nan]).values == [3])
    #expect(try ExpressionTests.evaluated("x == x or x < 0", [.nan]).values == [0])
  }

  // MARK: Shapes

  @Test(
    "broadcasts the axes of an example as NumPy does",
    arguments: [
      ("x1 + x2", [[2, 3, 4], [2, 4]], [2, 3, 4]),
      ("x1 + x2", [[2, 3, 1], [2, 1, 5]], [2, 3, 5]),
      ("x1 * x2", [[2], [2, 3]], [2, 3]), ("x1 * 0 + 2", [[4, 3]], [4, 3]), ("2", [[4, 3]], [4]),
      ("sum(x)", [[4, 3, 2]], [4]), ("sum(x, keepdims)", [[4, 3, 2]], [4, 1, 1]),
      ("sum(x, 1)", [[4, 3, 2]], [4, 2]), ("mean(x, -1)", [[4, 3, 2]], [4, 3]),
      ("sum(x, 2, keepdims)", [[4, 3, 2]], [4, 3, 1]),
      ("sum(x, -2, keepdims)", [[4, 3, 2]], [4, 1, 2]),
      ("x1 + sum(x2)", [[4, 3], [4, 0]], [4, 3]),
    ] as [(String, [[Int]], [Int])])
  func shapes(formula: String, inputs: [[Int]], expected: [Int]) throws {
    let layer = try ExpressionTests.layer(formula)
    #expect(try layer.outputShapes(inputs.map { Shape($0) }).map(\.axes) == [expected])
  }

  @Test(
    "refuses shapes that do not fit",
    arguments: [
      (
        "1 + (x1 + x2)", [[2, 3], [2, 4]],
        "in '(x1 + x2)' the examples are 3 and 4: expected equal axes, or 1, from the last on"
      ),
      (
        "where(x1, x2, 0)", [[2, 3, 4], [2, 3]],
        "in 'where(x1, x2, 0)' the examples are 3x4 and 3 and scalar: expected equal axes, or 1, "
          + "from the last on"
      ),
      ("x1 + x2", [[2, 3], [3, 3]], "expected bottoms with the same number of examples"),
      ("sum(x, 2)", [[2, 3]], "in 'sum(x, 2)' there is no axis 2: an example is 3"),
      ("sum(2 * x, -2)", [[2, 3]], "in 'sum(2 * x, -2)' there is no axis -2: an example is 3"),
      ("sum(x, 1)", [[2]], "in 'sum(x, 1)' there is no axis 1: an example is a single value"),
      ("mean(x)", [[2, 0]], "in 'mean(x)' there is no value to take the mean of"),
      ("x1 + x3", [[2], [2]], "the formula names 'x3', which is not a bottom"),
      (
        "x1 + x2", [[2, 4_000_000_000, 1], [2, 1, 4_000_000_000]],
        "in 'x1 + x2' the examples are 4000000000x1 and 1x4000000000: expected fewer values in "
          + "the result"
      ),
    ] as [(String, [[Int]], String)])
  func misfits(formula: String, inputs: [[Int]], message: String) throws {
    let layer = try ExpressionTests.layer(formula)
    let failure = #expect(throws: ShapeFailure.self) {
      try layer.outputShapes(inputs.map { Shape($0) })
    }
    #expect(failure?.message == message)
  }

  @Test("works on any layout if all shapes are equal, and on plain tensors otherwise")
  func layouts() throws {
    let (image, row) = (Shape([2, 16, 3, 3]), Shape([2, 16, 1, 1]))
    let given: [TensorLayout] = [.channelsLast, .plain]
    let alike = try ExpressionTests.layer("x1 * x2 + 1")
    #expect(
      alike.layouts([image, image], given: given, topCount: 1)
        == LayerLayouts(inputs: [.channelsLast, .channelsLast], outputs: [.channelsLast]))
    #expect(
      alike.layouts([image, row], given: given, topCount: 1) == .plain(inputs: 2, outputs: 1))
    #expect(
      try ExpressionTests.layer("sum(x)").layouts([image], given: [.channelsLast], topCount: 1)
        == .plain(inputs: 1, outputs: 1))
  }

  // MARK: Loops

  /// Returns the loops of a formula of x1 and x2, both 4x6, as a plan prints them.
  private static func loops(_ formula: String) throws -> (forward: [String], backward: [String]) {
    let (layer, plan, shape) = (
      try layer(formula), TestPlan(batchSize: 4, sliceCount: 1), Shape([4, 6])
    )
    let values = [Float](repeating: 1, count: shape.count)
    let inputs = ["x1", "x2"].map { plan.input($0, shape, values) }
    let outputShapes = try layer.outputShapes([shape, shape])
    let output = plan.builder.batchSlot("y", outputShapes[0])
    let forward = ForwardPass(
      inputs: inputs, [shape, shape], outputs: [output], outputShapes,
      phase: LayerPhase(objectiveBatchSize: 4, fullBatchSize: 4))
    let recorded = RecordedLayer(layer, forward, &plan.builder)
    let forwardCount = plan.builder.operations.count - 2
    let gradient = plan.builder.batchSlot("∂y", outputShapes[0])
    plan.fill(gradient, with: [Float](repeating: 1, count: outputShapes[0].count))
    var backward = BackwardPass(
      forward, outputGradients: [gradient],
      inputGradients: ["∂x1", "∂x2"].map { plan.builder.batchSlot($0, shape) })
    recorded.backward(&backward, &plan.builder)
    let names = try plan.compile().implementations.filter { $0.hasPrefix("loop of") }
    return (Array(names.prefix(forwardCount)), Array(names.dropFirst(forwardCount)))
  }

  @Test("becomes one loop if it has no sums, and computes equal parts once")
  func fusion() throws {
    let example = try ExpressionTests.loops("sin(x1) + x1 * x2")
    #expect(example.forward == ["loop of 3 instructions"])
    #expect(example.backward == ["loop of 5 instructions"])
    let equal = try ExpressionTests.loops("exp(x1 * x2) + exp(x2 * x1) * (2 + 3)")
    #expect(equal.forward == ["loop of 4 instructions"])
    // The formula contains the mean twice, and the loops compute it once.
    let normal = try ExpressionTests.loops(
      "(x1 - mean(x1, 1, keepdims)) / sqrt(mean((x1 - mean(x1, 1, keepdims))^2, 1, keepdims) + 1) + 0 * x2"
    )
    #expect(
      normal.forward == [
        "loop of 1 instruction", "loop of 1 instruction", "loop of 4 instructions",
        "loop of 3 instructions", "loop of 4 instructions",
      ])
  }

  // MARK: Hostile formulas

  @Test("accepts any text without a crash", arguments: 0..<4)
  func fuzz(seed: Int) throws {
    var numbers = SeededNumbers(seed: 5000 + seed)
    let words = [
      "x1", "x", "(", ")", ",", "+", "-", "*", "/", "^", "**", "<", "==", "!=", "and", "not", "sin",
      "where", "sum", "mean(", "keepdims", "1", "0.5", "1e400", "1e", ".", "N", "pi", " ", "é", "·",
      "\u{301}", "\0", "😀", "=", "max(", "\n", "'", "$",
    ]
    var (read, refused) = (0, 0)
    for _ in 0..<3000 {
      let count = Int.random(in: 1...9, using: &numbers)
      let text = (0..<count).map { _ in words.randomElement(using: &numbers) ?? "" }.joined()
      do {
        let layer = try ExpressionTests.layer(text)
        read += 1
        _ = try? layer.outputShapes([Shape([2, 3])])
      } catch let error as Diagnostics {
        refused += 1
        #expect(error.rendered.contains("formula: "))
      }
    }
    #expect(read > 30 && refused > 1000)
  }

  @Test("refuses formulas that are too deep or too long, and computes all others")
  func limits() throws {
    func message(_ formula: String) -> String? {
      do {
        _ = try ExpressionTests.layer(formula)
        return nil
      } catch let error as Diagnostics {
        return error.all.first?.message
      } catch {
        return "\(error)"
      }
    }
    let open = String(repeating: "(", count: 10_000)
    #expect(message(open) == "formula: nested more than 100 deep")
    #expect(
      message(String(repeating: "-", count: 5000) + "x") == "formula: nested more than 100 deep")
    #expect(
      message(String(repeating: "x^", count: 4000) + "x") == "formula: nested more than 100 deep")
    #expect(
      message(String(repeating: "x", count: 1 << 20))
        == "formula: expected a formula of at most 10000 bytes, received 1048576")
    // The longest formula, with a different value in every term.
    let long = (1...900).map { "x*\($0).5" }.joined(separator: "+")
    let value = try ExpressionTests.evaluated(long, [1])
    let sum: Float = 900 * 901 / 2 + 450
    #expect(abs(value.values[0] - sum) < 1e-3 * sum)
    #expect(abs(value.gradients[0][0] - sum) < 1e-3 * sum)
    // Each step uses the previous one twice.
    let shared = String(repeating: "square(", count: 90) + "x" + String(repeating: ")", count: 90)
    #expect(try ExpressionTests.evaluated(shared, [1]).gradients[0][0] > 1e27)
  }
}
