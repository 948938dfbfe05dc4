package import DataFiles
package import Fields
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
/// - `tops` (data): the names of the inputs. Each example has an image for every name, with a shift and
///   noise of its own. The images of another name have other patterns, like two views of one object.
/// - `pairs` (false): with two tops, both images have the same patterns, and half of the pairs have two
///   classes. The label is then 1 (`same`) for images of one class, and 0 (`different`) for others.
///
/// The source tests models of images without files. A convolutional network can learn the classes,
/// except for errors that the noise causes. The patterns depend on the seed alone, so that train
/// and test share them. Each phase has its own shifts and noise.
///
///     data:
///       train: {source: generated_images, channels: 3, height: 32, width: 32, class_count: 10}
///
///     data:
///       train: {source: generated_images, tops: [left, right], pairs: true}
package struct GeneratedImages: ClassGenerator {
  package var channels = 3
  package var height = 32
  package var width = 32
  package var patternCount = 10
  package var imagesPerClass = 100
  package var noise = 1.0
  package var shift = 2
  package var tops = [DataTop.data]
  package var pairs = false

  package init() {}

  package static let reference = Reference(
    "generated_images",
    formula: "x(c, y, x) = t(c, y + a, x + b) + noise·N(0, 1), t is the pattern of the class",
    discussion: """
      n images [channels, height, width] of each class. An image is the pattern of its class, \
      shifted by up to shift pixels along each axis, plus noise. A pattern has eight waves in each \
      channel and depends on the seed alone, so that train and test share it. Values have mean 0 \
      and standard deviation about √(1 + noise²). tops: [left, right] gives two images of the class, and \
      pairs: true gives images of one class (label 1) or of two (label 0).
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
        "class_count", \.patternCount, .within(2...1000), "The number of patterns. Each is a class."
      ),
      .optional(
        "images_per_class", \.imagesPerClass, .within(GeneratedClasses.pointRange),
        "The number of images of each class."),
      .optional(
        "noise", \.noise, .within(GeneratedClasses.noiseRange),
        "Standard deviation of each value."),
      .optional(
        "shift", \.shift, .within(0...10_000),
        "The greatest shift of a pattern along each axis, in pixels."),
      .optional(
        "tops", \.tops,
        .list("a list of different names", of: .name) { !$0.isEmpty && $0.firstRepetition == nil },
        "The names of the inputs. Each has patterns of its own for the classes."),
      .optional(
        "pairs", \.pairs,
        "Whether the two inputs have images of one class (label 1) or of two (label 0), from the same "
          + "patterns."),
    ]
  }

  var generated: GeneratedClasses {
    GeneratedClasses(
      classCount: patternCount, pointsPerClass: imagesPerClass,
      inputShape: Shape([channels, height, width]))
  }

  var classCount: Int { pairs ? 2 : patternCount }

  package var topNames: TopNames { TopNames(inputs: tops) }

  func tops(_ context: DataContext) throws(DataFailure) -> [DataTop] {
    let standard = pairs ? ["different", "same"] : generated.names
    return tops.map { DataTop($0, shape: generated.inputShape) }
      + [DataTop(classes: .names(try names(context, standard: standard)))]
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    let found = try tops(context)
    let (phase, count, width) = (context.phase.rawValue, exampleCount, found[0].width)
    guard let target = found.last else { preconditionFailure("a generator has a target") }
    try Dataset.check(count: count, inputs: width * tops.count, targets: 1, of: "\(phase) data")
    var painter = PatternPainter(self, context, input: 0)
    let first = try generated.load(context, [found[0], target]) { label, _, example, _, image in
      painter.paint(label, example, &image)
    }
    var tensors = [first.tensors[0]]
    var labels = first.tensors[1]
    let partners = pairs ? partners(context) : nil
    for (input, top) in found.enumerated().dropFirst().dropLast() {
      let bytes = count * width * MemoryLayout<Float>.size
      guard DataLimits.fitsMemory(bytes), let storage = FloatStorage(count: count * width) else {
        throw Dataset.noMemory(bytes, for: "\(phase) data")
      }
      var painter = PatternPainter(self, context, input: input)
      for example in 0..<count {
        let part = FloatStorage(example * width..<(example + 1) * width, of: storage)
        let buffer = unsafe part.buffer
        var image = unsafe buffer.mutableSpan
        painter.paint(partners?[example] ?? example / imagesPerClass, example, &image)
      }
      tensors.append(ExampleTensor(top, .floats(storage)))
    }
    if let partners {
      guard let storage = FloatStorage(count: count) else {
        throw Dataset.noMemory(count * MemoryLayout<Float>.size, for: "\(phase) data")
      }
      for example in 0..<count {
        storage[example] = partners[example] == example / imagesPerClass ? 1 : 0
      }
      labels = ExampleTensor(target, .floats(storage))
    }
    return Dataset(count: count, tensors + [labels])
  }

  /// Returns the class of the second image of each pair: that of the first one, or another, with equal
  /// probabilities.
  private func partners(_ context: DataContext) -> [Int] {
    let random = RandomStream(
      seed: context.seed, purpose: .generation(phase: "\(context.phase.rawValue) pairs"))
    return (0..<exampleCount).map { example in
      let label = example / imagesPerClass
      guard random.uniform(at: 2 * example) < 0.5 else { return label }
      let step = 1 + Int(random.uniform(at: 2 * example + 1) * Double(patternCount - 1))
      return (label + step) % patternCount
    }
  }
}
