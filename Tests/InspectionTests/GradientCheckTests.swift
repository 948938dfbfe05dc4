import Expressions
import Files
import Glibc
import Inspection
import Kernels
import Layers
import Networks
import Oracles
import RunOracles
import Tensors
import Testing

@Suite("A gradient check") struct GradientCheckTests {
  /// Values, and a function of them with a claimed gradient.
  private struct Function {
    let values: FloatStorage
    let gradient: FloatStorage
    /// Returns the claimed gradient of an element, from its index and value.
    let slope: (Int, Float) -> Float
    let value: (FloatView) -> Double

    init(
      _ values: [Float], slope: @escaping (Int, Float) -> Float,
      value: @escaping (FloatView) -> Double
    ) throws {
      self.values = try #require(FloatStorage(count: values.count))
      gradient = try #require(FloatStorage(count: values.count))
      for index in values.indices { self.values[index] = values[index] }
      self.slope = slope
      self.value = value
    }

    func check(_ change: (inout GradientCheck.Options) -> Void = { _ in }) -> GradientCheck.Row {
      var options = GradientCheck.Options()
      change(&options)
      let view = FloatView(values)
      let tensor = CheckedTensor(
        layer: "layer", name: "tensor", values: view, gradient: FloatView(gradient))
      func differentiate() {
        for index in 0..<view.count { gradient[index] = slope(index, view[index]) }
      }
      return tensor.check(options, { value(view) }, differentiate)
    }
  }

  private static func counts(_ row: GradientCheck.Row) -> [Int] {
    [row.agreeing, row.kinks, row.noise, row.wrong]
  }

  /// Σ i·sin(x_i), computed in single precision.
  private static let points: [Float] = [0.3, -1.2, 2, 0.7, -0.1]

  /// - Parameter change: Returns the claimed gradient from an element's index, value and slope.
  private static func sines(_ change: @escaping (Int, Float, Float) -> Float) throws -> Function {
    try Function(
      points, slope: { change($0, $1, Float($0 + 1) * cosf($1)) },
      value: { view in
        (0..<view.count).reduce(0) { $0 + Double(Float($1 + 1) * sinf(view[$1])) }
      })
  }

  @Test("agrees with a correct gradient, and leaves the values unchanged")
  func right() throws {
    let function = try GradientCheckTests.sines { $2 }
    let row = function.check()
    #expect(GradientCheckTests.counts(row) == [5, 0, 0, 0])
    #expect(function.values.array == GradientCheckTests.points)
    let worst = try #require(row.worst)
    #expect(worst.verdict == .agrees && worst.error < 1e-3)
    #expect(worst.gradient == Double(function.gradient[worst.index]))
  }

  @Test(
    "finds a gradient that is wrong at one element or at every element",
    arguments: ["sign", "factor", "zero", "one element", "not a number", "elsewhere"])
  func wrong(flaw: String) throws {
    let function = try GradientCheckTests.sines { index, value, right in
      switch flaw {
      case "sign": -right
      case "factor": 1.05 * right
      case "zero": 0
      case "one element": index == 3 ? right + 0.2 : right
      case "not a number": index == 1 ? .nan : right
      default: Float(index + 1) * cosf(value + 1)
      }
    }
    let row = function.check()
    let one = ["one element": 3, "not a number": 1][flaw]
    #expect(row.wrong == (one == nil ? 5 : 1))
    #expect(row.kinks + row.noise == 0)
    #expect(one == nil || row.worst?.index == one)
    #expect(row.worst?.verdict == .wrong)
  }

  /// |x| at 0, and so close to 0 that every step crosses it.
  @Test(
    "counts a kink separately, unless backward is wrong beside it", arguments: [0, 1e-5, -1e-5])
  func kinks(x: Float) throws {
    func counts(_ slope: @escaping (Float) -> Float) throws -> [Int] {
      let function = try Function(
        [x, 2], slope: { $0 == 0 ? slope($1) : 1 }, value: { Double(abs($0[0]) + $0[1]) })
      return GradientCheckTests.counts(function.check())
    }
    for atZero: Float in [-1, 0.3, 1] {
      #expect(try counts { $0 == 0 ? atZero : $0 > 0 ? 1 : -1 } == [1, 1, 0, 0], "\(atZero)")
    }
    #expect(try counts { _ in 0.5 } == [1, 0, 0, 1])
  }

  /// Differences over steps that are too long do not disprove a correct gradient.
  @Test("does not report an error if the differences have not converged")
  func longSteps() throws {
    let function = try GradientCheckTests.sines { $2 }
    let row = function.check {
      $0.step = 8
      $0.threshold = 1e-4
    }
    #expect(GradientCheckTests.counts(row) == [0, 5, 0, 0])
  }

  @Test("reports noise if rounding hides the gradient")
  func noise() throws {
    // Beside 10⁶, single precision loses the first term's gradient entirely.
    let function = try Function(
      [0.5, 0.5], slope: { index, _ in index == 0 ? 1e-4 : 0 },
      value: { Double(1e6 + $0[0] * 1e-4) })
    let row = function.check()
    #expect(row.wrong == 0 && row.noise == 1)
    #expect(row.worst?.index == 1)
  }

  @Test("takes the requested number of elements, spread evenly", arguments: [1, 7, 64, 100])
  func samples(count: Int) {
    for total in [100, 101, 4096, 500_000] {
      let taken = CheckedTensor.samples(count, of: total)
      #expect(taken.count == min(count, total) && Set(taken).count == taken.count)
      #expect(taken.allSatisfy { (0..<total).contains($0) })
      for (one, next) in zip([0] + taken, taken + [total]) {
        #expect(Double(next - one) <= 3 * Double(total) / Double(count) + 1)
      }
    }
    #expect(CheckedTensor.samples(count, of: 1) == [0])
    #expect(CheckedTensor.samples(count, of: 0) == [])
  }

  /// The network has joint statistics, a running mean, shared and frozen parameters, and several
  /// slices.
  @Test("checks every trained parameter of a network and the data", arguments: [1, 3])
  func network(shards: Int) throws {
    let text = spiralModel(
      network: [
        "name: ip1, type: Linear, num_output: 6", "name: bn1, type: BatchNorm",
        "name: tanh1, type: TanH",
        "name: ip2, type: Linear, num_output: 6, param: [{name: shared}, {lr_mult: 0}]",
        "name: ip3, type: Linear, num_output: 6, param: [{name: shared}]",
        "name: relu3, type: ReLU", "name: ip4, type: Linear, num_output: 3",
        "name: loss, type: SoftmaxWithLoss",
        "name: part, type: Sigmoid, bottom: ip3, loss_weight: 0.01",
      ], solver: "base_lr: 0.1, max_iter: 1, shards: \(shards)")
    let step = try firstStep(text, purposes: GradientCheck.purposes)
    let before = step.store.parameters.indices.map { step.store.rowMajor($0) }
    let check = try GradientCheck(step, GradientCheck.Options())
    #expect(
      check.rows.map { "\($0.layer) \($0.tensor) \($0.elementCount)" } == [
        "ip1 ip1.weight 12", "ip1 ip1.bias 6", "bn1 bn1.weight 6", "bn1 bn1.bias 6",
        "ip2 shared 36", "ip3 ip3.bias 6", "ip4 ip4.weight 18", "ip4 ip4.bias 3", "data data 32",
      ])
    #expect(check.wrongCount == 0 && check.failure == nil)
    // The mean of BatchNorm cancels this bias, so that its gradient consists of rounding errors.
    for row in check.rows where row.tensor != "ip1.bias" {
      #expect(row.agreeing * 10 >= row.elementCount * 9, "\(row.tensor)")
    }
    for (index, parameter) in step.store.parameters.enumerated()
    where parameter.declaration.role.isTrained {
      #expect(step.store.rowMajor(index) == before[index])
    }
  }

  @Test("prints one row per tensor, and the mistakes")
  func table() {
    var ip1 = GradientCheck.Row(layer: "ip1", tensor: "ip1.weight", elementCount: 200)
    (ip1.agreeing, ip1.kinks, ip1.noise) = (60, 3, 1)
    ip1.worst = GradientCheck.Element(
      index: 17, gradient: 0.125, difference: 0.1251, error: 0.000799, verdict: .agrees)
    var data = GradientCheck.Row(layer: "data", tensor: "data", elementCount: 2)
    data.wrong = 2
    data.worst = GradientCheck.Element(
      index: 0, gradient: -1, difference: 1, error: 2, verdict: .wrong)
    let empty = GradientCheck.Row(layer: "none", tensor: "none", elementCount: 0)
    let check = GradientCheck(rows: [ip1, data, empty])
    #expect(
      check.text == """
        layer  tensor      elements  agree  kinks  noise  wrong  worst  backward  difference  error
        ip1    ip1.weight       200     60      3      1      0     17  0.125     0.1251      8e-4
        data   data               2      0      0      0      2      0  -1.0      1.0         2e0
        none   none               0      0      0      0      0
        66 elements: 60 agree, 3 kinks, 1 too small to tell, 2 wrong
        """)
    #expect(check.failure == "backward disagrees with differences: 'data' of layer 'data'")
  }

  @Test("requires a finite loss")
  func notFinite() throws {
    let text = spiralModel(network: [
      "name: ip1, type: Linear, num_output: 3, weight_filler: {type: constant, value: 1e30}",
      "name: ip2, type: Linear, num_output: 3, weight_filler: {type: constant, value: 1e30}",
      "name: loss, type: SoftmaxWithLoss",
    ])
    let step = try firstStep(text, purposes: GradientCheck.purposes)
    #expect {
      try GradientCheck(step, GradientCheck.Options())
    } throws: { error in
      (error as? RunFailure)?.rendered == "error: the loss of the first batch is nan"
        && (error as? RunFailure)?.exitCode == 3
    }
  }
}
