import Layers
import Oracles
import Tensors
import Testing
import Threads
import YAML

/// Compares random formulas with an interpreter that evaluates their trees in double precision.
@Suite("Random formulas") struct RandomFormulaTests {
  private static let examples = 2

  /// A formula, its inputs, and the layer that computes it.
  private struct Subject {
    let formula: RandomFormula
    let run: LayerRun

    init(seed: Int) throws {
      var numbers = SeededNumbers(seed: 4000 + seed)
      let extents = [1, 2, 3, 5, 7, 300]
      let rank = Int.random(in: 0...3, using: &numbers)
      // Only one axis is long.
      var axes = (0..<rank).map { _ in extents[Int.random(in: 0..<5, using: &numbers)] }
      if rank > 0, Int.random(in: 0..<6, using: &numbers) == 0 { axes = [extents[5]] }
      let inputs = (0..<3).map { _ -> [Int] in
        let dropped = axes.isEmpty ? 0 : Int.random(in: 0...min(1, axes.count), using: &numbers)
        return axes.dropFirst(dropped).map {
          Int.random(in: 0..<3, using: &numbers) == 0 ? 1 : $0
        }
      }
      var generator = FormulaGenerator(numbers: numbers, inputs: inputs)
      formula = generator.formula(depth: 4)
      numbers = generator.numbers
      let tensors = inputs.map { shape in
        let shape = Shape([RandomFormulaTests.examples] + shape)
        return Tensor(shape.axes, numbers.floats(shape.count, in: -2...2))
      }
      let count = RandomFormulaTests.examples * formula.shape.reduce(1, *)
      run = LayerRun(
        layers: [
          try LayerCatalog.all.decoded(
            Node.mapping([("type", .text("Expression")), ("formula", .text(formula.text))]))
        ],
        inputs: tensors, parameters: [[]], outputGradients: [numbers.floats(count, in: 0.5...2)],
        needsGradients: [true, true, true],
        sliceCount: Int.random(in: 1...RandomFormulaTests.examples, using: &numbers))
    }

    /// Returns the inputs of an example, in double precision.
    func inputs(of example: Int) -> [NaiveTensor] {
      run.inputs.map { tensor in
        let shape = tensor.shape.example
        let values = tensor.values[example * shape.count..<(example + 1) * shape.count]
        return NaiveTensor(shape: shape.axes, values: values.map(Double.init))
      }
    }

    /// Returns Σ c·y of an example.
    func objective(_ inputs: [NaiveTensor], example: Int) -> Double {
      let y = formula.value(inputs)
      let weights = run.outputGradients[0] ?? []
      return y.values.indices.reduce(0) {
        $0 + y.values[$1] * Double(weights[example * y.values.count + $1])
      }
    }

    /// Returns a derivative of the objective by central differences. Nil if two step sizes
    /// disagree.
    func difference(_ inputs: [NaiveTensor], example: Int, input: Int, element: Int) -> Double? {
      let estimates = [1e-5, 1e-6].map { step in
        let ends = [step, -step].map { change in
          var inputs = inputs
          var values = inputs[input].values
          values[element] += change
          inputs[input] = NaiveTensor(shape: inputs[input].shape, values: values)
          return objective(inputs, example: example)
        }
        return (ends[0] - ends[1]) / (2 * step)
      }
      let isSmooth = abs(estimates[0] - estimates[1]) <= 1e-4 * max(1, abs(estimates[0]))
      return isSmooth ? estimates[0] : nil
    }
  }

  @Test("have the value and the derivatives of the tree", .tags(.slow), arguments: 0..<16)
  func agreement(block: Int) throws {
    let workers = Workers(count: 1)
    var (checked, skipped) = (0, 0)
    for seed in block * 16..<(block + 1) * 16 {
      let subject = try Subject(seed: seed)
      let results = try subject.run.run(on: workers)
      try #require(
        results.outputShapes[0].axes == [RandomFormulaTests.examples] + subject.formula.shape)
      for example in 0..<RandomFormulaTests.examples {
        let inputs = subject.inputs(of: example)
        let expected = subject.formula.value(inputs).values
        for (index, value) in expected.enumerated() {
          let found = results.output[example * expected.count + index]
          guard abs(found - value) <= 1e-4 * max(1, abs(value)) else {
            Issue.record("\(subject.formula.text): \(found) instead of \(value)")
            return
          }
        }
        for input in inputs.indices {
          let count = inputs[input].values.count
          // Checks only some of many elements.
          for element in stride(from: 0, to: count, by: max(1, count / 8)) {
            guard
              let slope = subject.difference(
                inputs, example: example, input: input, element: element)
            else {
              skipped += 1
              continue
            }
            checked += 1
            let found = Double(
              try #require(results.inputGradients[input])[example * count + element])
            guard abs(found - slope) <= 2e-3 * max(1, abs(slope)) else {
              Issue.record("∂x\(input + 1) of \(subject.formula.text): \(found) and not \(slope)")
              return
            }
          }
        }
      }
    }
    #expect(checked > 100 && skipped * 20 < checked)
  }
}
