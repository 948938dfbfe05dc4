extension ExampleValues {
  /// Resizes all channels bilinearly with antialiasing, with the weights of ``ImageResizer``.
  ///
  /// Columns come first. Each pass sums in double precision and rounds to float32.
  package mutating func resize(to size: PixelSize) {
    resizeColumns(to: size.width)
    resizeRows(to: size.height)
  }

  private mutating func resizeColumns(to target: Int) {
    guard target != width, width > 0 else { return }
    var weights = ResizeWeights()
    weights.prepare(from: width, to: target, 0..<target, isReversed: false)
    let (lines, width) = (channels * height, width)
    replace(channels: channels, height: height, width: target) { old, new in
      for line in 0..<lines {
        for column in 0..<target {
          let start = line * width + weights.starts[column]
          new[line * target + column] = weights.mean(of: old, from: start, step: 1, column)
        }
      }
    }
  }

  private mutating func resizeRows(to target: Int) {
    guard target != height, height > 0 else { return }
    var weights = ResizeWeights()
    weights.prepare(from: height, to: target, 0..<target, isReversed: false)
    let (channels, height, width) = (channels, height, width)
    replace(channels: channels, height: target, width: width) { old, new in
      for channel in 0..<channels {
        for row in 0..<target {
          let start = (channel * height + weights.starts[row]) * width
          for column in 0..<width {
            new[(channel * target + row) * width + column] = weights.mean(
              of: old, from: start + column, step: width, row)
          }
        }
      }
    }
  }

  /// Resizes all channels. Each pixel takes the value of the nearest one.
  package mutating func resizeToNearest(_ size: PixelSize) {
    let (channels, height, width) = (channels, height, width)
    replace(channels: channels, height: size.height, width: size.width) { old, new in
      for channel in 0..<channels {
        for row in 0..<size.height {
          // The middle of the pixel, in the rows of the image.
          let source = (2 * row + 1) * height / (2 * size.height)
          for column in 0..<size.width {
            new[(channel * size.height + row) * size.width + column] =
              old[(channel * height + source) * width + (2 * column + 1) * width / (2 * size.width)]
          }
        }
      }
    }
  }
}

extension ResizeWeights {
  /// Returns the weighted mean of values.
  ///
  /// - Parameters:
  ///   - start: the first value that the weights read.
  ///   - index: the sample of the resized axis.
  fileprivate func mean(of values: Span<Float>, from start: Int, step: Int, _ index: Int) -> Float {
    var (sum, total) = (0.0, 0.0)
    for tap in 0..<taps {
      let weight = Double(weights[index * taps + tap])
      sum += weight * Double(values[start + tap * step])
      total += weight
    }
    return Float(sum / total)
  }
}
