import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("Row normalization") struct RowNormalizationTests {
  /// Returns the formula's result in double precision.
  private static func naive(
    _ form: NormalizedRows, _ x: [Double], _ weight: [Double], _ bias: [Double]
  ) -> [Double] {
    let width = Double(form.width)
    return (0..<form.rows).flatMap { row in
      let values = Array(x[row * form.width..<(row + 1) * form.width])
      let mean = form.subtractsMean ? values.reduce(0, +) / width : 0
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / width
      var divisor = 1.0
      if form.dividesByDeviation {
        divisor =
          form.addsToDeviation
          ? variance.squareRoot() + form.epsilon : (variance + form.epsilon).squareRoot()
      }
      return values.enumerated().map { index, value in
        let result = (value - mean) / divisor
        guard form.parameters > 0 else { return result }
        let parameter = (row * form.width + index) / form.span % form.parameters
        return result * weight[parameter] + bias[parameter]
      }
    }
  }

  /// Returns rows of any width, with a factor per element, a factor per run, or none.
  private static func random(_ numbers: inout SeededNumbers) -> NormalizedRows {
    let parameters = Int.random(in: 1...6, using: &numbers)
    let (subtracts, divides) = (
      Bool.random(using: &numbers), Int.random(in: 0..<4, using: &numbers) > 0
    )
    let afterRoot = Bool.random(using: &numbers)
    func form(rows: Int, width: Int, parameters: Int, span: Int) -> NormalizedRows {
      NormalizedRows(
        rows: rows, width: width, parameters: parameters, span: span, epsilon: 0.01,
        addsToDeviation: afterRoot, subtractsMean: subtracts || !divides,
        dividesByDeviation: divides)
    }
    let rows = Int.random(in: 1...4, using: &numbers)
    switch Int.random(in: 0..<3, using: &numbers) {
    case 0:
      return form(
        rows: rows, width: Int.random(in: 1...40, using: &numbers), parameters: 0, span: 1)
    case 1:
      let width = Int.random(in: 1...40, using: &numbers)
      return form(rows: rows, width: width, parameters: width, span: 1)
    default:
      // Groups of channels have two rows per example.
      let span = Int.random(in: 1...11, using: &numbers)
      return form(rows: 2 * rows, width: parameters * span, parameters: 2 * parameters, span: span)
    }
  }

  @Test("agrees with the formula, and its gradient with differences, for random shapes")
  func randomForms() {
    var numbers = SeededNumbers(seed: 404)
    for _ in 0..<240 {
      let form = RowNormalizationTests.random(&numbers)
      let count = form.rows * form.width
      let x = numbers.floats(count, in: -2...2)
      let dy = numbers.floats(count)
      let (weight, bias) = (numbers.floats(form.parameters), numbers.floats(form.parameters))
      let memory = [x, dy, weight, bias].map { GuardedMemory($0) }
      let views = memory.map(\.view)
      let hasParameters = form.parameters > 0
      let (y, dx) = (GuardedMemory<Float>(count: count), GuardedMemory<Float>(count: count))
      let saved = GuardedMemory<Float>(count: form.rows * NormalizedRows.savedWidth)
      let (dWeight, dBias) = (
        GuardedMemory<Float>(count: form.parameters), GuardedMemory<Float>(count: form.parameters)
      )
      run(
        rowNormalization(
          form, views[0], weight: hasParameters ? views[2] : nil,
          bias: hasParameters ? views[3] : nil, to: y.view, saved: saved.view))
      run(
        rowNormalizationGradient(
          form, views[0], weight: hasParameters ? views[2] : nil, saved: saved.view, dy: views[1],
          to: dx.view))
      let (exact, weights) = ([x, weight, bias].map { $0.map(Double.init) }, dy.map(Double.init))
      let naive = RowNormalizationTests.naive(form, exact[0], exact[1], exact[2])
      #expect(difference(y.values, naive) == nil, "\(form)")
      let gradient = numericGradient(at: exact[0], weights: weights) {
        RowNormalizationTests.naive(form, $0, exact[1], exact[2])
      }
      #expect(difference(dx.values, gradient, 1e-4) == nil, "\(form)")
      #expect(y.isIntact && dx.isIntact && saved.isIntact)
      guard hasParameters else {
        withExtendedLifetime(memory) {}
        continue
      }
      run(
        normalizationParameterGradient(
          form, views[0], saved: saved.view, dy: views[1], weightGradient: dWeight.view,
          biasGradient: dBias.view))
      let ofWeight = numericGradient(at: exact[1], weights: weights) {
        RowNormalizationTests.naive(form, exact[0], $0, exact[2])
      }
      let ofBias = numericGradient(at: exact[2], weights: weights) {
        RowNormalizationTests.naive(form, exact[0], exact[1], $0)
      }
      #expect(difference(dWeight.values, ofWeight) == nil, "\(form)")
      #expect(difference(dBias.values, ofBias) == nil, "\(form)")
      #expect(dWeight.isIntact && dBias.isIntact)
      withExtendedLifetime(memory) {}
    }
  }

  @Test("keeps its precision at a mean of a million", arguments: [5, 16, 37, 1000])
  func largeMean(width: Int) {
    var numbers = SeededNumbers(seed: 405)
    // At a million, float32 represents multiples of 1/16 exactly.
    let x = (0..<width).map { _ in 1e6 + Float(Int.random(in: -32...32, using: &numbers)) / 16 }
    let form = NormalizedRows(rows: 1, width: width, epsilon: 1e-5)
    let (source, y) = (GuardedMemory(x), GuardedMemory<Float>(count: width))
    let saved = GuardedMemory<Float>(count: NormalizedRows.savedWidth)
    run(
      rowNormalization(form, source.view, weight: nil, bias: nil, to: y.view, saved: saved.view),
      holding: source)
    let expected = RowNormalizationTests.naive(form, x.map(Double.init), [], [])
    #expect(difference(y.values, expected, 1e-6) == nil)
  }
}
