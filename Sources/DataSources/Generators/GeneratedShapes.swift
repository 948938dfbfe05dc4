package import DataFiles
package import Fields
internal import Tensors

/// Images of discs, squares and triangles with a class for every pixel.
///
/// x(c, y, x) = b_k(c) + noise·N(0, 1), with the brightness b of the object k that covers the pixel.
/// The background has brightness 0. Every object has its own brightness in every channel, uniform in
/// [0.5, 1.5). Therefore only the form of an object tells its class.
///
/// - The input `data` is [channels, height, width].
/// - The target `label` is [height, width], with the classes `background`, `disc`, `square` and
///   `triangle`.
///
/// - `image_count` (100): the number of images.
/// - `channels` (1), `height` (32), `width` (32): the size of an image.
/// - `objects` (3): the number of objects in an image. Later objects cover earlier ones.
/// - `noise` (0.1): standard deviation of each value.
///
/// An object has its centre anywhere in the image. Its radius is uniform between an eighth and a
/// quarter of the shorter side: the radius of a disc, half of the side of a square, and half of the
/// base and of the height of a triangle. The source tests models of segmentation without files.
/// Each phase has its own images.
///
///     data:
///       train: {source: generated_shapes, height: 32, width: 32, image_count: 400}
package struct GeneratedShapes: Generator {
  package var imageCount = 100
  package var channels = 1
  package var height = 32
  package var width = 32
  package var objects = 3
  package var noise = 0.1

  package init() {}

  package static let reference = Reference(
    "generated_shapes",
    formula: "x(c, y, x) = b_k(c) + noise·N(0, 1), object k covers the pixel, background 0",
    discussion: """
      Images [channels, height, width] of discs, squares and triangles. The label [height, width] \
      has a class for every pixel: background, disc, square or triangle. An object's brightness is \
      random in [0.5, 1.5), so that only its form tells its class. Later objects cover earlier \
      ones. Each phase has its own images.
      """,
    example: """
      {source: generated_shapes, image_count: 400, channels: 1, height: 32, width: 32, objects: 3, \
      noise: 0.1}
      """)

  package static var fields: [Field<GeneratedShapes>] {
    [
      .optional(
        "image_count", \.imageCount, .within(2...1_000_000), "The number of images."),
      .optional("channels", \.channels, .within(1...1000), "The number of channels of an image."),
      .optional("height", \.height, .within(8...10_000), "The number of rows of an image."),
      .optional("width", \.width, .within(8...10_000), "The number of columns of an image."),
      .optional(
        "objects", \.objects, .within(1...1000),
        "The number of objects in an image. Later objects cover earlier ones."),
      .optional(
        "noise", \.noise, .within(GeneratedClasses.noiseRange),
        "Standard deviation of each value."),
    ]
  }

  /// The names of the classes by index.
  private static let forms = ["background", "disc", "square", "triangle"]

  var exampleCount: Int { imageCount }

  var classCount: Int { GeneratedShapes.forms.count }

  func tops(_ context: DataContext) throws(DataFailure) -> [DataTop] {
    let names = try names(context, standard: GeneratedShapes.forms)
    return [
      DataTop(DataTop.data, shape: Shape([channels, height, width])),
      DataTop(classes: .names(names), shape: Shape([height, width])),
    ]
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    let tops = try tops(context)
    let size = height * width
    let images = try Dataset.allocate(
      count: imageCount, inputs: tops[0].width, targets: size, of: "\(context.phase.rawValue) data"
    ).inputs
    guard let labels = Storage<UInt8>(count: imageCount * size),
      let classes = ByteValues(width: size, { byte, _ in Float(byte) })
    else { throw Dataset.noMemory(imageCount * size, for: "\(context.phase.rawValue) data") }
    let phase = context.phase.rawValue
    let noises = RandomStream(seed: context.seed, purpose: .generation(phase: phase))
    let forms = RandomStream(seed: context.seed, purpose: .generation(phase: "\(phase) objects"))
    let (imageBuffer, labelBuffer) = unsafe (images.buffer, labels.buffer)
    var pixels = unsafe imageBuffer.mutableSpan
    var masks = unsafe labelBuffer.mutableSpan
    for image in 0..<imageCount {
      for object in 0..<objects {
        draw(forms, image: image, object: object, &pixels, &masks)
      }
    }
    for index in 0..<pixels.count {
      pixels[index] = Float(Double(pixels[index]) + noise * noises.normal(at: index))
    }
    return Dataset(
      count: imageCount,
      [ExampleTensor(tops[0], .floats(images)), ExampleTensor(tops[1], .bytes(labels, classes))])
  }

  /// Draws one object: its pixels, and their classes.
  private func draw(
    _ random: RandomStream, image: Int, object: Int, _ pixels: inout MutableSpan<Float>,
    _ masks: inout MutableSpan<UInt8>
  ) {
    // An object uses four numbers, and one for each channel.
    let first = (image * objects + object) * (4 + channels)
    let form = 1 + UInt8(random.uniform(at: first) * 3)
    let (row, column) = (
      random.uniform(at: first + 1) * Double(height), random.uniform(at: first + 2) * Double(width)
    )
    let radius = Double(min(height, width)) * (1 + random.uniform(at: first + 3)) / 8
    let size = height * width
    let rows = max(0, Int(row - radius))..<min(height, Int(row + radius) + 1)
    let columns = max(0, Int(column - radius))..<min(width, Int(column + radius) + 1)
    for y in rows {
      for x in columns {
        // The place of the pixel's centre, where the object reaches from −1 to 1.
        let down = (Double(y) + 0.5 - row) / radius
        let right = (Double(x) + 0.5 - column) / radius
        guard GeneratedShapes.covers(form, down, right) else { continue }
        masks[image * size + y * width + x] = form
        for channel in 0..<channels {
          pixels[(image * channels + channel) * size + y * width + x] = Float(
            0.5 + random.uniform(at: first + 4 + channel))
        }
      }
    }
  }

  /// Whether an object of a class covers a place.
  private static func covers(_ form: UInt8, _ down: Double, _ right: Double) -> Bool {
    switch form {
    case 1: down * down + right * right <= 1
    case 2: abs(down) <= 1 && abs(right) <= 1
    default: abs(down) <= 1 && abs(right) <= (1 + down) / 2
    }
  }
}
