package import Fields
package import Tensors

/// w = Π (1 − |x/f − c|), f = ⌈k/2⌉, c = (2f − 1 − f mod 2) / 2f
///
/// w[…, x₁, x₂, …] = Π (1 − |x/f − c|), f = ⌈k/2⌉, c = (2f − 1 − f mod 2) / 2f for each spatial axis of k places
///
/// The kernel of a Deconvolution that enlarges an image f times by linear interpolation: `kernel_size: 2f − f mod 2`,
/// `stride: f`, `pad: ⌈(f − 1)/2⌉`, a group for each channel, and not trained. Every pair of channels has the same
/// kernel. Caffe's needs two equal axes; here each has its own f.
package struct Bilinear: Filler {
  package init() {}

  package static let reference = Reference(
    "bilinear", formula: "w = Π (1 − |x/f − c|), f = ⌈k/2⌉, c = (2f − 1 − f mod 2) / 2f",
    discussion: """
      The kernel of a Deconvolution that enlarges f times by linear interpolation, one group a channel. Needs spatial
      axes, of k places each.
      """,
    example: "{type: bilinear}")

  package static let fields: [Field<Bilinear>] = []

  package func mistake(for shape: Shape) -> String? {
    shape.rank >= 3 ? nil : "expected the kernel of an image, received \(shape.description)"
  }

  package func values(of shape: Shape, _ random: RandomStream) -> [Float] {
    let kernel = shape.axes.dropFirst(2).reduce([1.0]) { kernel, places in
      let factors = Bilinear.factors(places)
      return kernel.flatMap { value in factors.map { value * $0 } }
    }
    guard !kernel.isEmpty else { return [] }
    return (0..<shape.count).map { Float(kernel[$0 % kernel.count]) }
  }

  /// The triangle along one axis.
  private static func factors(_ places: Int) -> [Double] {
    let factor = Double((places + 1) / 2)
    let middle = (2 * factor - 1 - Double((places + 1) / 2 % 2)) / (2 * factor)
    return (0..<places).map { 1 - abs(Double($0) / factor - middle) }
  }
}
