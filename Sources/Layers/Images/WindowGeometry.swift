internal import Fields
internal import Kernels
internal import Tensors

/// The window of a convolution or pooling, as a model file states it: one number for all spatial
/// axes, or one for each.
package struct WindowGeometry: Sendable {
  /// The extent of the window. Nil if the window is the whole image.
  var kernelSize: [Int]?
  /// The distance between windows. Nil for the layer's default.
  var stride: [Int]?
  /// The padding at both ends of each axis.
  var pad = [0]
  /// The distance between elements of the window.
  var dilation = [1]

  /// The greatest value of any of the numbers.
  static let limit = 1_000_000

  /// The rule for the number of windows along an axis.
  enum Rounding {
    /// Only windows within the padded image.
    case down
    /// One more window if elements remain, unless it would start beyond the image and its low
    /// padding.
    case up
    /// The input extent of a convolution with this output extent.
    case transposed
  }

  /// Returns the window over an image of `shape`.
  ///
  /// - Parameters:
  ///   - shape: [N, C, spatial…] with 1 to 3 spatial axes.
  ///   - defaultStride: the stride if the file states none. Nil stands for the kernel's size.
  ///   - rounding: the rule for the number of windows.
  /// - Throws: ``ShapeFailure`` with the extents that do not fit.
  func window(_ shape: Shape, stride defaultStride: Int?, _ rounding: Rounding) throws(ShapeFailure)
    -> Window
  {
    guard (3...5).contains(shape.rank), shape[1] >= 1 else {
      throw ShapeFailure("expected [N, C, …] with 1 to 3 spatial axes after the channels")
    }
    let spatial = Array(shape.axes[2...])
    let kernel = try spread(kernelSize ?? [1], over: spatial, "kernel_size")
    let strides =
      if let stride {
        try spread(stride, over: spatial, "stride")
      } else {
        kernel.map { defaultStride ?? $0 }
      }
    let pads = try spread(pad, over: spatial, "pad")
    let dilations = try spread(dilation, over: spatial, "dilation")
    var axes: [Window.Axis] = []
    for index in spatial.indices {
      guard (1...WindowGeometry.extentLimit).contains(spatial[index]) else {
        throw ShapeFailure(
          "expected spatial extents from 1 to \(WindowGeometry.extentLimit)")
      }
      var axis = Window.Axis(
        input: spatial[index], output: 0, kernel: kernel[index], stride: strides[index],
        dilation: dilations[index], padding: pads[index])
      axis.output = try axis.outputExtent(rounding, kernel: "kernel_size \(kernel[index])")
      axes.append(axis)
    }
    return Window(axes)
  }

  /// Returns the window over a shape that `outputShapes` accepted.
  func checkedWindow(_ shape: Shape, stride: Int?, _ rounding: Rounding) -> Window {
    guard let window = try? window(shape, stride: stride, rounding) else {
      preconditionFailure("a shape that was not checked")
    }
    return window
  }

  /// The greatest extent of an axis. Primitives count places in 32 bits.
  static let extentLimit = 1 << 24

  /// Returns one value for each spatial axis.
  private func spread(
    _ values: [Int], over spatial: [Int], _ name: String
  ) throws(ShapeFailure) -> [Int] {
    if values.count == 1 { return spatial.map { _ in values[0] } }
    guard values.count == spatial.count else {
      throw ShapeFailure(
        "\(name): expected 1 or \(spatial.count) numbers, one for each spatial axis, received \(values)"
      )
    }
    return values
  }

  /// The range of kernel_size and dilation, for all layers with windows.
  static let kernelConstraint = Constraint<[Int]>.each(.within(1...limit))
  /// The range of stride, and of a kernel_size that may be missing.
  static let strideConstraint = Constraint<[Int]?>.given(kernelConstraint)
  /// The range of pad.
  static let padConstraint = Constraint<[Int]>.each(.within(0...limit))
}

extension Window.Axis {
  /// Returns the number of windows along the axis.
  ///
  /// - Throws: ``ShapeFailure`` if there is no window, or if there are too many.
  fileprivate func outputExtent(
    _ rounding: WindowGeometry.Rounding, kernel: String
  ) throws(ShapeFailure) -> Int {
    if rounding == .transposed {
      let extent = stride * (input - 1) + reach - 2 * padding
      guard (1...WindowGeometry.extentLimit).contains(extent) else {
        throw ShapeFailure(
          "\(kernel), stride \(stride), pad \(padding) and dilation \(dilation) give an extent of \(extent) for \(input) elements: "
            + "expected 1 to \(WindowGeometry.extentLimit)")
      }
      return extent
    }
    let free = input + 2 * padding - reach
    guard free >= 0 else {
      let reached =
        dilation > 1 ? "\(kernel) with dilation \(dilation) (\(reach) elements)" : kernel
      throw ShapeFailure(
        "\(reached) is larger than the padded input (\(input) + 2·\(padding) elements)")
    }
    guard rounding == .up else { return free / stride + 1 }
    let count = (free + stride - 1) / stride + 1
    // A window that starts beyond the image and its low padding contains no element of the image.
    return (count - 1) * stride >= input + padding ? count - 1 : count
  }
}
