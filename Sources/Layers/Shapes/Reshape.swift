package import Fields
package import Plans
package import Tensors

/// [N, a·b] → [N, a, b]
///
/// `shape` replaces `num_axes` axes from `axis` on. An extent of 0 keeps the extent at its place,
/// and a single −1 stands for the remaining elements. For example, [N, 12] becomes [N, 3, 4].
///
/// y holds the elements of x in the same order, in the same memory. Therefore neither direction
/// runs a kernel. The axis of the examples keeps its extent.
package struct Reshape: Layer {
  /// The new extents. 0 keeps an extent, and −1 stands for the remaining elements.
  var extents: [Int] = []
  /// The first replaced axis. −1 is the place after the last axis.
  var axis = 0
  /// The number of replaced axes. −1 stands for all axes from `axis` on.
  var axisCount = -1

  package init() {}

  package static let reference = Reference(
    "Reshape",
    formula: "[N, a·b] → [N, a, b]",
    discussion: """
      The extents of `shape` replace `num_axes` axes from `axis` on (−1: all). An extent of 0 keeps
      the extent at its place; −1, at most once, stands for the remaining elements. The first axis
      counts the examples and keeps its extent: begin the shape with 0, or set `axis: 1`. The layer
      costs nothing: the output is the input's memory.
      """,
    example: "{name: column, type: Reshape, shape: [0, -1, 1]}")

  package static let fields: [Field<Reshape>] = [
    .required(
      "shape", \.extents,
      .list(
        "a list of 1 to 8 extents: 0 keeps an extent, at most one -1 takes all remaining elements",
        of: .within(-1...2_147_483_647), allows: { (1...8).contains($0.count) },
        misfit: { extents in
          extents.indices.filter { extents[$0] == -1 }.dropFirst().first
        }), "The new extents."),
    .optional(
      "axis", \.axis, "The first replaced axis; -1 is the place after the last axis."),
    .optional(
      "num_axes", \.axisCount, .within(-1...8), "The number of replaced axes; -1: all from axis on."
    ),
  ]

  package var isView: Bool { true }

  /// - Throws: ``ShapeFailure`` if the axes do not exist, if the elements do not fill the shape, or
  ///   if the shape changes the number of examples.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let input = inputs[0]
    // As in Caffe, −1 is the place after the last axis.
    let first = axis < 0 ? axis + input.rank + 1 : axis
    guard (0...input.rank).contains(first) else {
      throw ShapeFailure("axis \(axis) is not a place among \(input.rank) axes")
    }
    let end = axisCount < 0 ? input.rank : first + axisCount
    guard end <= input.rank else {
      throw ShapeFailure(
        "num_axes \(axisCount) from axis \(axis) on: expected at most the \(input.rank) axes")
    }
    var axes = Array(input.axes[..<first])
    for (place, extent) in extents.enumerated() {
      guard extent == 0 else {
        axes.append(extent)
        continue
      }
      guard first + place < input.rank else {
        throw ShapeFailure("shape: 0 keeps axis \(first + place), which does not exist")
      }
      axes.append(input[first + place])
    }
    axes += input.axes[end...]
    return [try completed(axes, input, isFixed: first == 0 && !extents.isEmpty && extents[0] > 0)]
  }

  /// Returns the shape, with the remaining elements in the place of −1.
  ///
  /// - Parameter isFixed: true if the file states the number of examples.
  private func completed(
    _ axes: [Int], _ input: Shape, isFixed: Bool
  ) throws(ShapeFailure) -> Shape {
    let text = axes.map { $0 < 0 ? "?" : String($0) }.joined(separator: "x")
    guard let known = Shape(checking: axes.filter { $0 >= 0 }) else {
      throw ShapeFailure("\(text) are too many values to count")
    }
    var axes = axes
    if let place = axes.firstIndex(of: -1) {
      guard known.count > 0, input.count.isMultiple(of: known.count) else {
        throw ShapeFailure("\(input.count) values cannot be divided into \(text)")
      }
      axes[place] = input.count / known.count
    }
    guard let output = Shape(checking: axes), output.count == input.count else {
      throw ShapeFailure("\(input.count) values do not fill \(text)")
    }
    guard !isFixed, axes.first == input[0] else {
      throw ShapeFailure(
        "the first axis counts the examples and stays: expected a shape that begins with 0, or "
          + "axis: 1")
    }
    return output
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {}
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {}
}
