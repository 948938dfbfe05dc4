/// The passes of resizing for samples of 8 bits, over vectors.
///
/// The sums of both passes fit 32 bits: the weights of a mean add up to 2²², and a sample is below 2⁸.
enum ByteResize: ResizePasses {
  private static let half = Int32(1) << (ResizeWeights.precision - 1)

  static func resizeColumns(
    _ source: PixelRows<UnsafePointer<UInt8>>, _ weights: ResizeWeights,
    _ target: PixelRows<UnsafeMutablePointer<UInt8>>
  ) {
    guard unsafe source.channels == 3 else {
      unsafe SampleResize<UInt8>.resizeColumns(source, weights, target)
      return
    }
    for row in stride(from: 0, to: unsafe source.count, by: 2) {
      // A last single row is computed twice.
      let next = unsafe min(row + 1, source.count - 1)
      unsafe resizeColumns(
        source.address + row * source.stride, source.address + next * source.stride, weights,
        target.address + row * target.stride, target.address + next * target.stride)
    }
  }

  /// Resizes the columns of two rows of red, green and blue.
  ///
  /// A vector contains a pixel of each row and one sample behind it, which the next pixel replaces.
  /// Behind the last pixel of a row, that sample can be the first of the other row.
  private static func resizeColumns(
    _ one: UnsafePointer<UInt8>, _ other: UnsafePointer<UInt8>, _ weights: ResizeWeights,
    _ first: UnsafeMutablePointer<UInt8>, _ second: UnsafeMutablePointer<UInt8>
  ) {
    let (one, other) = unsafe (UnsafeRawPointer(one), UnsafeRawPointer(other))
    let (first, second) = (UnsafeMutableRawPointer(first), UnsafeMutableRawPointer(second))
    let (starts, values, taps) = (weights.starts.span, weights.weights.span, weights.taps)
    let start = weights.read.lowerBound
    var (place, head) = (0, UInt8(0))
    for column in 0..<starts.count {
      var sum = SIMD8<Int32>(repeating: half)
      var offset = (starts[column] - start) * 3
      for _ in 0..<taps {
        let pixels = unsafe SIMD8(
          lowHalf: one.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt8>.self),
          highHalf: other.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt8>.self))
        sum &+= SIMD8<Int32>(truncatingIfNeeded: pixels) &* values[place]
        place += 1
        offset += 3
      }
      let result = SIMD8<UInt8>(
        truncatingIfNeeded: pointwiseMin(
          sum &>> Int32(truncatingIfNeeded: ResizeWeights.precision), SIMD8(repeating: 255)))
      unsafe first.storeBytes(of: result.lowHalf, toByteOffset: column * 3, as: SIMD4<UInt8>.self)
      unsafe second.storeBytes(
        of: result.highHalf, toByteOffset: column * 3, as: SIMD4<UInt8>.self)
      if column == 0 { head = result.highHalf[0] }
    }
    unsafe second.storeBytes(of: head, as: UInt8.self)
  }

  /// The last vector of a row exceeds it. The next row replaces what it writes there.
  static func resizeRows(
    _ source: PixelRows<UnsafePointer<UInt8>>, _ weights: ResizeWeights,
    _ target: PixelRows<UnsafeMutablePointer<UInt8>>
  ) {
    let (starts, values, taps) = (weights.starts.span, weights.weights.span, weights.taps)
    for row in 0..<starts.count {
      let place = starts[row] - weights.read.lowerBound
      let input = unsafe UnsafeRawPointer(source.address + place * source.stride)
      let output = unsafe UnsafeMutableRawPointer(target.address + row * target.stride)
      for column in stride(from: 0, to: unsafe target.width, by: 16) {
        var sum = SIMD16<Int32>(repeating: half)
        var offset = column
        for tap in 0..<taps {
          let samples = unsafe input.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
          sum &+= SIMD16<Int32>(truncatingIfNeeded: samples) &* values[row * taps + tap]
          unsafe offset += source.stride
        }
        let result = SIMD16<UInt8>(
          truncatingIfNeeded: pointwiseMin(
            sum &>> Int32(truncatingIfNeeded: ResizeWeights.precision), SIMD16(repeating: 255)))
        unsafe output.storeBytes(of: result, toByteOffset: column, as: SIMD16<UInt8>.self)
      }
    }
  }
}
