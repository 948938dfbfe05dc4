package import DataFiles
package import Fields
internal import Glibc
internal import Tensors

/// Noisy images of smooth patterns: x(c, y, x) = t(c, y + a, x + b) + noise·N(0, 1).
///
/// Each class has a pattern t, and every image of the class is a shifted copy of it.
///
/// t(c, y, x) = ½·Σ_uv A_uv·cos(2π·(u·y/H + v·x/W + P_uv)) over u, v = 0 … 2 without (0, 0). Each
/// channel has its own amplitudes A from N(0, 1) and phases P from [0, 1). The eight waves together
/// have variance 1 on average. The shifts a and b are uniform in −shift … shift, and the pattern
/// repeats at the edges.
///
/// - The inputs are [channels, height, width], in K classes of n images.
///
/// - `channels` (3), `height` (32), `width` (32): C, H, W.
/// - `class_count` (10): K.
/// - `images_per_class` (100): n.
/// - `noise` (1): standard deviation of each value.
/// - `shift` (2): the greatest shift along each axis, in pixels.
///
/// The source tests models of images without files. A convolutional network can learn the classes,
/// except for errors that the noise causes. The patterns depend on the seed alone, so that train
/// and test share them. Each phase has its own shifts and noise.
///
///     data:
///       train: {source: generated_images, channels: 3, height: 32, width: 32, class_count: 10}
package struct GeneratedImages: ClassGenerator {
  package var channels = 3
  package var height = 32
  package var width = 32
  package var classCount = 10
  package var imagesPerClass = 100
  package var noise = 1.0
  package var shift = 2

  package init() {}

  package static let reference = Reference(
    "generated_images",
    formula: "x(c, y, x) = t(c, y + a, x + b) + noise·N(0, 1), t is the pattern of the class",
    discussion: """
      n images [channels, height, width] of each class. An image is the pattern of its class, \
      shifted by up to shift pixels along each axis, plus noise. A pattern has eight waves in each \
      channel and depends on the seed alone, so that train and test share it. Values have mean 0 \
      and standard deviation about √(1 + noise²).
      """,
    example: """
      {source: generated_images, channels: 3, height: 32, width: 32, class_count: 10, \
      images_per_class: 100, noise: 1, shift: 2}
      """)

  private static let sizeRange = 1...10_000

  package static var fields: [Field<GeneratedImages>] {
    [
      .optional("channels", \.channels, .within(sizeRange), "The number of channels of an image."),
      .optional("height", \.height, .within(sizeRange), "The number of rows of an image."),
      .optional("width", \.width, .within(sizeRange), "The number of columns of an image."),
      .optional(
        "class_count", \.classCount, .within(2...1000), "The number of patterns. Each is a class."),
      .optional(
        "images_per_class", \.imagesPerClass, .within(GeneratedClasses.pointRange),
        "The number of images of each class."),
      .optional(
        "noise", \.noise, .within(GeneratedClasses.noiseRange),
        "Standard deviation of each value."),
      .optional(
        "shift", \.shift, .within(0...10_000),
        "The greatest shift of a pattern along each axis, in pixels."),
    ]
  }

  var generated: GeneratedClasses {
    GeneratedClasses(
      classCount: classCount, pointsPerClass: imagesPerClass,
      inputShape: Shape([channels, height, width]))
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    let structure = RandomStream(seed: context.seed, purpose: .generation(phase: "structure"))
    let shifts = RandomStream(
      seed: context.seed, purpose: .generation(phase: "\(context.phase.rawValue) shift"))
    let count = generated.inputShape.count
    var pattern: [Float] = []
    return try generated.load(context, tops(context)) { label, index, example, random, image in
      if index == 0 { pattern = self.pattern(label, structure) }
      let down = offset(shifts, at: 2 * example, below: height)
      let right = offset(shifts, at: 2 * example + 1, below: width)
      var place = 0
      for channel in 0..<channels {
        for row in 0..<height {
          let start = (channel * height + (row + down) % height) * width
          for column in 0..<width {
            let value = Double(pattern[start + (column + right) % width])
            image[place] = Float(value + noise * random.normal(at: example * count + place))
            place += 1
          }
        }
      }
    }
  }

  /// Returns a shift from 0 to below `size`. A negative shift wraps around.
  private func offset(_ random: RandomStream, at index: Int, below size: Int) -> Int {
    let steps = Int(random.uniform(at: index) * Double(2 * shift + 1)) - shift
    return (steps % size + size) % size
  }

  /// Returns the pattern of a class, [channels, height, width].
  private func pattern(_ label: Int, _ random: RandomStream) -> [Float] {
    var values: [Float] = []
    for channel in 0..<channels {
      let waves = (1...8).map { wave in
        let index = (label * channels + channel) * 8 + wave - 1
        return (
          down: Double(wave / 3), right: Double(wave % 3), amplitude: random.normal(at: 2 * index),
          phase: random.uniform(at: 4 * index + 2)
        )
      }
      for row in 0..<height {
        for column in 0..<width {
          let (y, x) = (Double(row) / Double(height), Double(column) / Double(width))
          values.append(
            Float(
              waves.reduce(0) {
                $0 + $1.amplitude / 2 * cos(2 * .pi * ($1.down * y + $1.right * x + $1.phase))
              }))
        }
      }
    }
    return values
  }
}
