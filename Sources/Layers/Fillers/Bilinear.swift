package import Fields
package import Tensors

/// w = Π (1 − |x/f − c|), f = ⌈k/2⌉, c = (2f − 1 − f mod 2) / 2f
///
/// w is [out, in, spatial…]. The product covers the spatial axes, and k is the extent of the kernel
/// along each of them. Every pair of channels has the same kernel.
///
/// A Deconvolution with this kernel enlarges an image f times by linear interpolation. It needs
/// `kernel_size: 2f − f mod 2`, `stride: f`, `pad: ⌈(f − 1)/2⌉`, one group for each channel, and
/// `lr_mult: 0`. Caffe requires two equal axes; here each axis has its own f.
///
/// Reference: J. Long, E. Shelhamer, T. Darrell, "Fully convolutional networks for semantic
/// segmentation", 2015.
package struct Bilinear: Filler {
  package init() {}

  package static let reference = Reference(
    "bilinear", formula: "w = Π (1 − |x/f − c|), f = ⌈k/2⌉, c = (2f − 1 − f mod 2) / 2f",
    discussion: """
      The kernel of a Deconvolution that enlarges f times by linear interpolation, with one group
      for each channel. Needs spatial axes; k is the extent of the kernel along each.
      """,
    example: "{type: bilinear}")

  package static let fields: [Field<Bilinear>] = []

  /// The filler needs at least one spatial axis.
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

  /// Returns the triangle along one axis.
  private static func factors(_ places: Int) -> [Double] {
    let factor = Double((places + 1) / 2)
    let middle = (2 * factor - 1 - Double((places + 1) / 2 % 2)) / (2 * factor)
    return (0..<places).map { 1 - abs(Double($0) / factor - middle) }
  }
}
