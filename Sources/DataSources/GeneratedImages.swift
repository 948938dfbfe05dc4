package import Fields
internal import Glibc
internal import Tensors
internal import YAML

/// Noisy images of smooth patterns: x(c, y, x) = t(c, y + a, x + b) + noise·N(0, 1), with a pattern
/// t for each class, of which every image is a shifted copy.
///
/// t(c, y, x) = ½·Σ_uv A_uv·cos(2π·(u·y/H + v·x/W + P_uv)) over u, v = 0 … 2 without (0, 0), with
/// amplitudes A from N(0, 1) and phases P from [0, 1), for each channel its own: eight waves, together
/// of variance 1 on average. a and b are uniform in −shift … shift; the pattern repeats at the edges.
///
/// - Inputs [channels, height, width], K classes of n images.
///
/// - `channels` (3), `height` (32), `width` (32): C, H, W.
/// - `class_count` (10): K.
/// - `images_per_class` (100): n.
/// - `noise` (1): deviation of each value.
/// - `shift` (2): the greatest shift along each axis, in pixels.
///
/// For models of images without files: a network with convolutions learns them, up to the noise.
/// The patterns depend on the seed alone and are those of train and test alike; shifts and noise
/// are each phase's own.
///
///     data:
///       train: {source: generated_images, channels: 3, height: 32, width: 32, class_count: 10}
package struct GeneratedImages: Generator {
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
    formula: "x(c, y, x) = t(c, y + a, x + b) + noise·N(0, 1), t a smooth pattern of the class",
    discussion: """
      n images [channels, height, width] of each class: its pattern of eight waves a channel, \
      shifted by up to shift pixels along each axis, and noise. The patterns depend on the seed \
      alone, so that train and test have the same. Values have mean 0 and deviation about \
      √(1 + noise²).
      """,
    example: """
      {source: generated_images, channels: 3, height: 32, width: 32, class_count: 10, \
      images_per_class: 100, noise: 1, shift: 2}
      """)

  private static let sizeRange = 1...10_000

  package static var fields: [Field<GeneratedImages>] {
    [
      .optional("channels", \.channels, .within(sizeRange), "Channels of an image."),
      .optional("height", \.height, .within(sizeRange), "Rows of an image."),
      .optional("width", \.width, .within(sizeRange), "Columns of an image."),
      .optional("class_count", \.classCount, .within(2...1000), "Patterns, each a class."),
      .optional(
        "images_per_class", \.imagesPerClass, .within(GeneratedClasses.pointRange),
        "Images of each class."),
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
    return try generated.load(context) { label, index, example, random, image in
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

  /// A shift from 0 to below `size`; one backwards goes on from the other edge.
  private func offset(_ random: RandomStream, at index: Int, below size: Int) -> Int {
    let steps = Int(random.uniform(at: index) * Double(2 * shift + 1)) - shift
    return (steps % size + size) % size
  }

  /// The class's pattern, [channels, height, width].
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
