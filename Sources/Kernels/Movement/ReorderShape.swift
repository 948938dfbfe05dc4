internal import CTiles

/// Copies x into a result with another layout. Operands: x, result.
package struct ReorderShape: PrimitiveShape {
  package let axes: [Int]
  package let from: TensorLayout
  package let to: TensorLayout

  /// Makes a copy between two layouts.
  ///
  /// - Parameter axes: the extents [examples, C, spatial…].
  package init(axes: [Int], from: TensorLayout, to: TensorLayout) {
    self.axes = axes
    self.from = from
    self.to = to
  }

  package func implementation() throws(KernelError) -> any PrimitiveImplementation {
    // A single channel or position has the same order in both layouts.
    let positions = axes.dropFirst(2).reduce(1, *)
    if from == to || axes[1] == 1 || positions == 1 {
      return PlainCopy(count: axes.reduce(1, *))
    }
    let rows = from == .plain ? axes[1] : positions
    return ImageTransposition(images: axes[0], rows: rows, columns: axes[1] * positions / rows)
  }
}

/// Transposes the matrix of channels and positions of each image.
private struct ImageTransposition: PrimitiveImplementation {
  let images: Int
  let rows: Int
  let columns: Int

  func kernel(_ operands: [FloatView], scratch: FloatView?) -> any Kernel {
    let (images, rows, columns) = (images, rows, columns)
    let count = rows * columns
    let (source, target) = (
      operands[0].checked(images * count), operands[1].checked(images * count)
    )
    return PreparedLoop {
      for image in 0..<images {
        unsafe dl_transpose(
          source.base + image &* count, dl_rows_t(stride: columns, places: nil), rows, columns,
          target.base + image &* count, dl_rows_t(stride: rows, places: nil), rows)
      }
    }
  }
}
