internal import Fields
internal import Kernels
internal import Tensors

/// The window of a convolution or pooling as a model file states it: one number for all spatial axes, or one each.
package struct WindowGeometry: Sendable {
  /// Nil if the window is the whole image.
  var kernelSize: [Int]?
  /// Nil for the layer's default.
  var stride: [Int]?
  var pad = [0]
  var dilation = [1]

  /// The most that any of the numbers may be.
  static let limit = 1_000_000

  /// How many windows an axis has.
  enum Rounding {
    /// Only windows that lie in the padded image.
    case down
    /// One more where elements are left over, unless it would start in the padding.
    case up
    /// As many as the input of which a convolution would make this one.
    case transposed
  }

  /// The window over an image of `shape`.
  ///
  /// - Parameters:
  ///   - shape: [N, C, spatial…] with 1 to 3 spatial axes.
  ///   - stride: where the file states none; nil: the kernel's size.
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

  /// The window over a shape that was checked.
  func checkedWindow(_ shape: Shape, stride: Int?, _ rounding: Rounding) -> Window {
    guard let window = try? window(shape, stride: stride, rounding) else {
      preconditionFailure("a shape that was not checked")
    }
    return window
  }

  /// Greater extents overflow 32 bits, in which primitives count places.
  static let extentLimit = 1 << 24

  /// One value for each of the spatial axes.
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

  /// Shared by the layers with windows.
  static let kernelConstraint = Constraint<[Int]>.each(.within(1...limit))
  static let strideConstraint = Constraint<[Int]?>.given(kernelConstraint)
  static let padConstraint = Constraint<[Int]>.each(.within(0...limit))
}

extension Window.Axis {
  /// - Throws: ``ShapeFailure`` where there is no window, or too many.
  fileprivate func outputExtent(
    _ rounding: WindowGeometry.Rounding, kernel: String
  ) throws(ShapeFailure) -> Int {
    if rounding == .transposed {
      let extent = stride * (input - 1) + reach - 2 * padding
      guard (1...WindowGeometry.extentLimit).contains(extent) else {
        throw ShapeFailure(
          "\(kernel), stride \(stride), pad \(padding) and dilation \(dilation) make \(extent) of \(input) elements: "
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
    // A window that starts behind the image and its low padding sees nothing of the image.
    return (count - 1) * stride >= input + padding ? count - 1 : count
  }
}
