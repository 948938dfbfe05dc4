internal import DataFiles
internal import Functions
internal import Tensors

/// Paints the images of one input of ``GeneratedImages``.
struct PatternPainter {
  private let source: GeneratedImages
  private let structure: RandomStream
  private let shifts: RandomStream
  private let noises: RandomStream
  /// The patterns that were needed, by class.
  private var patterns: [Int: [Float]] = [:]
  /// Whether the classes come in any order. Otherwise only the last pattern is kept.
  private let keepsPatterns: Bool

  /// - Parameter input: the number of the input. The first one has the random numbers of a single input.
  init(_ source: GeneratedImages, _ context: DataContext, input: Int) {
    self.source = source
    let phase = context.phase.rawValue
    let suffix = input == 0 ? "" : " \(input)"
    keepsPatterns = source.pairs && input > 0
    structure = RandomStream(
      seed: context.seed,
      purpose: .generation(phase: "structure" + (source.pairs ? "" : suffix)))
    shifts = RandomStream(
      seed: context.seed, purpose: .generation(phase: "\(phase) shift\(suffix)"))
    noises = RandomStream(seed: context.seed, purpose: .generation(phase: phase + suffix))
  }

  /// Paints an image of a class.
  mutating func paint(_ label: Int, _ example: Int, _ image: inout MutableSpan<Float>) {
    let pattern = pattern(label)
    let (channels, height, width) = (source.channels, source.height, source.width)
    let down = offset(at: 2 * example, below: height)
    let right = offset(at: 2 * example + 1, below: width)
    let count = channels * height * width
    var place = 0
    for channel in 0..<channels {
      for row in 0..<height {
        let start = (channel * height + (row + down) % height) * width
        for column in 0..<width {
          let value = Double(pattern[start + (column + right) % width])
          image[place] = Float(
            value + source.noise * noises.normal(at: example * count + place))
          place += 1
        }
      }
    }
  }

  /// Returns a shift from 0 to below `size`. A negative shift wraps around.
  private func offset(at index: Int, below size: Int) -> Int {
    let steps = Int(shifts.uniform(at: index) * Double(2 * source.shift + 1)) - source.shift
    return (steps % size + size) % size
  }

  /// Returns the pattern of a class, [channels, height, width].
  private mutating func pattern(_ label: Int) -> [Float] {
    if let known = patterns[label] { return known }
    let (height, width) = (source.height, source.width)
    var values: [Float] = []
    for channel in 0..<source.channels {
      let waves = (1...8).map { wave in
        let index = (label * source.channels + channel) * 8 + wave - 1
        return (
          down: Double(wave / 3), right: Double(wave % 3),
          amplitude: structure.normal(at: 2 * index),
          phase: structure.uniform(at: 4 * index + 2)
        )
      }
      for row in 0..<height {
        for column in 0..<width {
          let (y, x) = (Double(row) / Double(height), Double(column) / Double(width))
          values.append(
            Float(
              waves.reduce(0) {
                $0 + $1.amplitude / 2 * cosine(ofTurns: $1.down * y + $1.right * x + $1.phase)
              }))
        }
      }
    }
    if !keepsPatterns { patterns.removeAll() }
    patterns[label] = values
    return values
  }
}
