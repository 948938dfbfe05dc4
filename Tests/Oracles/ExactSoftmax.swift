internal import Glibc
package import Kernels

/// The softmax along an axis in double precision.
package struct ExactSoftmax {
  package let extent: AxisExtent
  package let probabilities: [Double]
  /// ln Σ eˣ of every position, in row-major order.
  package let logSums: [Double]

  package init(_ x: [Float], _ extent: AxisExtent) {
    self.extent = extent
    var probabilities = [Double](repeating: .nan, count: extent.count)
    var logSums: [Double] = []
    for (outer, inner) in extent.positions {
      let places = (0..<extent.axis).map { extent.place(outer, $0, inner) }
      let greatest = places.map { Double(x[$0]) }.max() ?? 0
      let sum = places.reduce(0.0) { $0 + exp(Double(x[$1]) - greatest) }
      for place in places { probabilities[place] = exp(Double(x[place]) - greatest) / sum }
      logSums.append(greatest + log(sum))
    }
    (self.probabilities, self.logSums) = (probabilities, logSums)
  }
}
