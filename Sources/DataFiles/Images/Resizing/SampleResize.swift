/// The passes of resizing for samples of any type, one sample at a time.
enum SampleResize<Sample: PixelSample>: ResizePasses {
  static func resizeColumns(
    _ source: PixelRows<UnsafePointer<Sample>>, _ weights: ResizeWeights,
    _ target: PixelRows<UnsafeMutablePointer<Sample>>
  ) {
    let channels = unsafe source.channels
    for row in unsafe 0..<source.count {
      let input = unsafe source.address + row * source.stride
      let output = unsafe target.address + row * target.stride
      for column in weights.starts.indices {
        for channel in 0..<channels {
          let place = weights.starts[column] - weights.read.lowerBound
          let first = unsafe input + place * channels + channel
          unsafe output[column * channels + channel] = unsafe mean(
            first, step: channels, weights, column)
        }
      }
    }
  }

  static func resizeRows(
    _ source: PixelRows<UnsafePointer<Sample>>, _ weights: ResizeWeights,
    _ target: PixelRows<UnsafeMutablePointer<Sample>>
  ) {
    for row in weights.starts.indices {
      let place = weights.starts[row] - weights.read.lowerBound
      let input = unsafe source.address + place * source.stride
      let output = unsafe target.address + row * target.stride
      for column in unsafe 0..<target.width {
        unsafe output[column] = unsafe mean(input + column, step: source.stride, weights, row)
      }
    }
  }

  /// Returns the weighted mean of samples, rounded to the nearest integer.
  ///
  /// - Parameter index: the sample of the resized axis.
  @inline(__always)
  private static func mean(
    _ first: UnsafePointer<Sample>, step: Int, _ weights: ResizeWeights, _ index: Int
  ) -> Sample {
    var sum = 1 << (ResizeWeights.precision - 1)
    let start = index * weights.taps
    for tap in 0..<weights.taps {
      let sample = unsafe Int(truncatingIfNeeded: first[tap * step])
      sum &+= sample &* Int(truncatingIfNeeded: weights.weights[start + tap])
    }
    return Sample(clamping: sum >> ResizeWeights.precision)
  }
}
