import Kernels
import Oracles

/// A fault in minimal filtering. Tests plant it to show that the comparison finds it.
enum FilteringFault: CaseIterable {
  /// Transforms of two axes begin with x, and not with y.
  case axisOrder
  /// The factor of the first tap at the point 0 is the next greater number.
  case constant
  /// Chains of the filters' gradient have 32 patches, and not 64.
  case shortChains
}

/// A convolution of random operands, and its result by plain loops that state every rounding.
struct FilteredConvolution {
  let shape: ConvolutionShape
  /// The operands. Images have their channels last, and filters are row-major [out, in, y, x].
  private let image: [Float]
  private let factors: [Float]
  private let bias: [Float]
  private let addend: [Float]
  private let mask: [Float]
  private let resultCount: Int
  /// The elements of the window, and the results of a patch, along an axis.
  private let kernel: Int
  private let step: Int
  /// The extents of the images, the zeros before them, and the extents of the results.
  private let extents: [Int]
  private let padding: [Int]
  private let targets: [Int]
  /// The patches of an image along each axis.
  private let grid: [Int]
  /// The channels of the images, and those of the results or of their gradient.
  private let depth: Int
  private let columns: Int

  private var isGradient: Bool { shape.direction == .backwardWeights }
  private var isTurned: Bool { shape.direction == .backwardData }
  private var patchCount: Int { grid.reduce(shape.examples, *) }

  init(_ shape: ConvolutionShape, _ kind: NumberKind, _ numbers: inout SeededNumbers) {
    self.shape = shape
    let (direction, window, kernel) = (shape.direction, shape.window, shape.window.axes[0].kernel)
    let (inputs, outputs) = (shape.inputAxes.reduce(1, *), shape.outputAxes.reduce(1, *))
    let filters = shape.weightAxes.reduce(1, *)
    image = numbers.floats(direction == .backwardData ? outputs : inputs, kind)
    factors = numbers.floats(direction == .backwardWeights ? outputs : filters, kind)
    bias = numbers.floats(shape.outputChannels, kind)
    (self.kernel, step) = (kernel, 7 - kernel)
    if direction == .backwardData {
      (resultCount, extents, targets) = (inputs, window.output, window.input)
      (depth, columns) = (shape.outputChannels, shape.inputChannels)
      padding = window.axes.map { kernel - 1 - $0.padding }
    } else {
      resultCount = direction == .forward ? outputs : filters
      (extents, targets) = (window.input, window.output)
      (depth, columns) = (shape.inputChannels, shape.outputChannels)
      padding = window.axes.map(\.padding)
    }
    addend = numbers.floats(resultCount, kind)
    mask = numbers.floats(resultCount, kind)
    grid = targets.map { ($0 + 6 - kernel) / (7 - kernel) }
  }

  /// Returns a random shape whose direct convolution has at most 8,000 multiplications.
  static func randomShape(
    _ direction: ConvolutionShape.Direction, _ numbers: inout SeededNumbers
  ) -> ConvolutionShape {
    while true {
      let kernel = Bool.random(using: &numbers) ? 3 : 5
      let axes = (0..<2).map { _ in
        let padding = Int.random(in: 0..<kernel, using: &numbers)
        let input = max(Int.random(in: 1...14, using: &numbers), kernel - 2 * padding)
        return Window.Axis(
          input: input, output: input + 2 * padding - kernel + 1, kernel: kernel, stride: 1,
          dilation: 1, padding: padding)
      }
      var shape = ConvolutionShape(
        direction, examples: Int.random(in: 1...3, using: &numbers),
        inputChannels: Int.random(in: 1...40, using: &numbers),
        outputChannels: Int.random(in: 1...40, using: &numbers), groups: 1, window: Window(axes))
      shape.fuseRandomSteps(&numbers)
      let factors = [shape.examples] + shape.window.output + shape.weightAxes
      if factors.reduce(1, *) <= 8_000 { return shape }
    }
  }

  func computed(_ tiles: TileTable, shift: Int = 0) throws -> [Float]? {
    let read =
      [image, factors] + (shape.hasBias ? [bias] : []) + (shape.hasAddend ? [addend] : [])
      + (shape.maskSlope == nil ? [] : [mask])
    let implementation: any PrimitiveImplementation =
      if isGradient { WinogradFilterGradient(shape, tiles: tiles) } else {
        WinogradConvolution(shape, tiles: tiles)
      }
    return try implementation.result(of: read, count: resultCount, shift: shift)
  }

  /// Returns the result of the plain loops.
  func expected(_ sumFault: SumFault? = nil, _ fault: FilteringFault? = nil) -> [Float] {
    let transforms = FilteringTransforms(fault: fault)
    let images = patches(of: image, extents, depth, padding, extent: 6)
    let taps = isGradient ? patches(of: factors, targets, columns, [0, 0], extent: step) : windows
    let left = transforms.both(images, transforms.image)
    let right = transforms.both(taps, transforms.taps)
    let chain = !isGradient ? depth : fault == .shortChains ? 32 : 64
    let products: [[Lanes]] = zip(left, right).map {
      zip($0, $1).map { sums($0, $1, chain: chain, sumFault) }
    }
    let count = isGradient ? kernel : step
    let results = transforms.both(products) { transforms.gathered($0, count: count) }
    return isGradient ? filters(results) : finished(results)
  }

  /// Returns patches of images: [y, x], and at each place the channels of all patches. Elements
  /// outside of the image are 0.
  private func patches(
    of images: [Float], _ extents: [Int], _ channels: Int, _ padding: [Int], extent: Int
  ) -> [[Lanes]] {
    func lanes(_ row: Int, _ column: Int) -> Lanes {
      var values = Lanes(repeating: 0, count: patchCount * channels)
      for patch in 0..<patchCount {
        let y = patch / grid[1] % grid[0] * step + row - padding[0]
        let x = patch % grid[1] * step + column - padding[1]
        guard y >= 0, y < extents[0], x >= 0, x < extents[1] else { continue }
        let line = patch / (grid[0] * grid[1]) * extents[0] + y
        let start = (line * extents[1] + x) * channels
        for channel in 0..<channels { values[patch * channels + channel] = images[start + channel] }
      }
      return values
    }
    return (0..<extent).map { row in (0..<extent).map { lanes(row, $0) } }
  }

  /// The windows: [y, x], and at each place [channel of the image, channel of the result]. Those of
  /// the input's gradient are turned by 180°.
  private var windows: [[Lanes]] {
    func lanes(_ place: Int) -> Lanes {
      (0..<depth * columns).map { number in
        let filter = isTurned ? number : number % columns * depth + number / columns
        return factors[filter * kernel * kernel + place]
      }
    }
    let places = (0..<kernel).map { row in (0..<kernel).map { row * kernel + $0 } }
    return places.map { $0.map { lanes(isTurned ? kernel * kernel - 1 - $0 : $0) } }
  }

  /// Returns the sums of products at a point: [patch, column] over the channels of the image. For a
  /// gradient of filters they are [channel of the image, column] over the patches.
  private func sums(_ left: Lanes, _ right: Lanes, chain: Int, _ fault: SumFault?) -> Lanes {
    let (rows, steps) = isGradient ? (depth, patchCount) : (patchCount, depth)
    let all = stride(from: 0, to: steps, by: chain).map { first in
      var chains = Chains(count: rows * columns, fault)
      for row in 0..<rows {
        for step in first..<min(first + chain, steps) {
          let factor = left[isGradient ? step * depth + row : row * depth + step]
          for column in 0..<columns {
            chains.add(factor, right[step * columns + column], to: row * columns + column)
          }
        }
      }
      return chains.values
    }
    return all.dropFirst().reduce(all[0], added)
  }

  /// Puts the results of patches into images. The fused steps follow.
  private func finished(_ patches: [[Lanes]]) -> [Float] {
    (0..<resultCount).map { index in
      let (position, column) = (index / columns, index % columns)
      let (line, x) = (position / targets[1], position % targets[1])
      let (image, y) = (line / targets[0], line % targets[0])
      let patch = (image * grid[0] + y / step) * grid[1] + x / step
      var value = patches[y % step][x % step][patch * columns + column]
      if shape.hasBias { value += bias[column] }
      if shape.hasAddend { value += addend[index] }
      if let slope = shape.maskSlope { value = masked(value, by: mask[index], slope: slope) }
      if case .relu(let slope) = shape.nonlinearity { value = rectified(value, slope: slope) }
      return value
    }
  }

  /// Puts windows into the order of filters.
  private func filters(_ windows: [[Lanes]]) -> [Float] {
    (0..<resultCount).map { index in
      let (filter, place) = (index / (kernel * kernel), index % (kernel * kernel))
      return windows[place / kernel][place % kernel][filter % depth * columns + filter / depth]
    }
  }
}

/// The transforms of squares, first along y and then along x.
private struct FilteringTransforms {
  let fault: FilteringFault?
  private let a = 0.625
  private let b = 1.5

  /// Transforms both axes of a square.
  func both(_ square: [[Lanes]], _ transform: ([Lanes]) -> [Lanes]) -> [[Lanes]] {
    if fault == .axisOrder { return transposed(transposed(square.map(transform)).map(transform)) }
    return transposed(transposed(square).map(transform)).map(transform)
  }

  private func transposed(_ square: [[Lanes]]) -> [[Lanes]] {
    square[0].indices.map { column in square.map { $0[column] } }
  }

  /// Transforms the elements of images.
  func image(_ d: [Lanes]) -> [Lanes] {
    let (a2, b2) = (a * a, b * b)
    func end(_ i: Int) -> Lanes { fused(a2 * b2, d[i], fused(-(a2 + b2), d[i + 2], d[i + 4])) }
    func pair(_ point: Double, _ factor: Double) -> [Lanes] {
      let (even, odd) = (fused(factor, d[2], d[4]), fused(factor, d[1], d[3]))
      return [fused(point, odd, even), fused(-point, odd, even)]
    }
    return [end(0)] + pair(a, -b2) + pair(b, -a2) + [end(1)]
  }

  /// Transforms the taps of windows, or the gradients of results.
  func taps(_ g: [Lanes]) -> [Lanes] {
    let (a2, b2) = (a * a, b * b)
    let factor = Float(1 / (a2 * b2))
    let first = scaled(Double(fault == .constant ? factor.nextUp : factor), g[0])
    let middle = pair(g, at: a, 2 * a2 * (a2 - b2)) + pair(g, at: b, 2 * b2 * (b2 - a2))
    return [first] + middle + [g[g.count - 1]]
  }

  /// Returns the values of the polynomial of `taps` at a point and at its negative.
  private func pair(_ taps: [Lanes], at point: Double, _ norm: Double) -> [Lanes] {
    var sums = [scaled(1 / norm, taps[0]), scaled(point / norm, taps[1])]
    var power = point
    for (i, tap) in taps.enumerated().dropFirst(2) {
      power *= point
      sums[i % 2] = fused(power / norm, tap, sums[i % 2])
    }
    return [added(sums[0], sums[1]), subtracted(sums[0], sums[1])]
  }

  /// Transforms products into `count` results.
  func gathered(_ v: [Lanes], count: Int) -> [Lanes] {
    let x = [added(v[1], v[2]), subtracted(v[1], v[2])]
    let y = [added(v[3], v[4]), subtracted(v[3], v[4])]
    var results = [added(v[0], added(x[0], y[0]))]
    var (aPower, bPower) = (1.0, 1.0)
    for i in 1..<count {
      (aPower, bPower) = (aPower * a, bPower * b)
      let sum = i == count - 1 ? fused(aPower, x[i % 2], v[5]) : scaled(aPower, x[i % 2])
      results.append(fused(bPower, y[i % 2], sum))
    }
    return results
  }
}

/// The numbers at one place of a square, for all patches or filters and their channels.
private typealias Lanes = [Float]

private func added(_ a: Lanes, _ b: Lanes) -> Lanes { zip(a, b).map { $0 + $1 } }
private func subtracted(_ a: Lanes, _ b: Lanes) -> Lanes { zip(a, b).map { $0 - $1 } }
private func scaled(_ factor: Double, _ a: Lanes) -> Lanes { a.map { Float(factor) * $0 } }

/// Returns factor · a + b, rounded once.
private func fused(_ factor: Double, _ a: Lanes, _ b: Lanes) -> Lanes {
  zip(a, b).map { $1.addingProduct(Float(factor), $0) }
}
